import { applyLayer, addToSequence } from './layers';
import { call, callConstructorOfBase, callUnknown, inputOf, invoke, mergeArguments } from './calls';
import { consume, mapsIn } from './feature-maps';
import { iterate, joinedText, keyOf } from './expressions';
import { initialiseBase } from './classes';
import { runTensorMethod } from './layers';
import type { CallPlace, Run } from './run';
import { alternatives, join, listValue, noArguments, none, numberValue, tensorValue, unknown, type Arguments, type ListValue, type NumberValue, type RecordValue, type Value } from './value';

type Builtin = (given: readonly Value[], run: Run, place: CallPlace, all: Arguments) => Value;

/** A range that is longer is cut: what its loop does is seen by then. */
const longestRange = 48;

/** A number, or Python's 0 and 1 of a truth. */
function asNumber(value: Value): NumberValue | null {
  if (value.kind === 'boolean') return { kind: 'number', value: Number(value.value), at: -1 };
  return value.kind === 'number' ? value : null;
}

const numeric = (compute: (...values: number[]) => number): Builtin => (given) => {
  const numbers = (given.length === 1 && given[0]?.kind === 'list' ? given[0].items : given).map(asNumber);
  const values = numbers.flatMap((value) => (value === null ? [] : [value.value]));
  if (values.length === 0 || values.length < numbers.length) return unknown;
  const result = compute(...values);
  return Number.isFinite(result) ? numberValue(result, numbers.find((value) => value !== null && value.at >= 0)?.at) : unknown;
};

/** A copy as a list: `list(x)`, `tuple(x)`. */
const copy: Builtin = ([value]) => {
  if (value === undefined) return listValue([]);
  const { items, open } = iterate(value);
  return listValue(items, open);
};

/** Functions that are always there, and those of standard modules that models are built with. */
const builtins: Readonly<Record<string, Builtin>> = {
  'builtins.range': range,
  'builtins.len': ([value]) => {
    if (value?.kind === 'string') return numberValue(value.value.length);
    return value?.kind === 'list' && !value.open ? numberValue(value.items.length) : unknown;
  },
  'builtins.int': numeric(Math.trunc),
  'builtins.float': numeric((value) => value),
  'builtins.abs': numeric(Math.abs),
  'builtins.round': numeric(Math.round),
  'builtins.max': numeric(Math.max),
  'builtins.min': numeric(Math.min),
  'builtins.str': ([value]) => joinedText(value === undefined ? [] : [value]),
  'builtins.String': ([value]) => joinedText(value === undefined ? [] : [value]),
  'builtins.list': copy,
  'builtins.tuple': copy,
  'builtins.iter': copy,
  'builtins.sorted': copy,
  'builtins.reversed': (given, ...rest) => {
    const list = copy(given, ...rest);
    return list.kind === 'list' ? listValue([...list.items].reverse(), list.open) : unknown;
  },
  'builtins.dict': (given, _run, _place, all) => recordOf(given[0], all),
  'collections.OrderedDict': (given, _run, _place, all) => recordOf(given[0], all),
  'builtins.enumerate': ([value]) => {
    const { items, open } = iterate(value ?? unknown);
    // Of an unknown list, the one item stands for all.
    return listValue(items.map((item, index) => listValue([open && items.length === 1 ? unknown : numberValue(index), item])), open);
  },
  'builtins.zip': (given) => {
    const lists = given.map(iterate);
    const length = Math.min(...lists.map(({ items }) => items.length));
    const items = Number.isFinite(length) ? Array.from({ length }, (_, index) => listValue(lists.map((list) => list.items[index] ?? unknown))) : [];
    return listValue(items, lists.some(({ open }) => open));
  },
  'builtins.setattr': ([object, name, value]) => {
    const key = keyOf(name ?? unknown);
    if (object?.kind === 'instance' && key !== null) object.attributes.set(key, value ?? unknown);
    return none;
  },
  'builtins.getattr': ([object, name]) => {
    const key = keyOf(name ?? unknown);
    if (object?.kind === 'symbol' && key !== null) return { kind: 'symbol', path: `${object.path}.${key}` };
    return object?.kind === 'instance' && key !== null ? (object.attributes.get(key) ?? unknown) : unknown;
  },
  'builtins.super': (given, _run, { frame }) => {
    const instance = frame.receiver ?? (given[1]?.kind === 'instance' ? given[1] : null);
    if (instance === null || frame.owner === null) return unknown;
    return { kind: 'super', instance, owner: frame.owner };
  },
  'copy.copy': ([value]) => clone(value ?? unknown),
  'copy.deepcopy': ([value]) => clone(value ?? unknown),
  'builtins.structuredClone': ([value]) => clone(value ?? unknown),
  'functools.partial': (given, _run, _place, { named, open }) => {
    const [callee, ...positional] = given;
    return callee === undefined ? unknown : { kind: 'partial', callee, given: { positional, named, open } };
  },
  'builtins.Math.floor': numeric(Math.floor),
  'builtins.Math.ceil': numeric(Math.ceil),
  'builtins.Math.round': numeric(Math.round),
  'builtins.Math.trunc': numeric(Math.trunc),
  'builtins.Math.max': numeric(Math.max),
  'builtins.Math.min': numeric(Math.min),
  'builtins.Math.pow': numeric((base, exponent) => base ** exponent),
  'builtins.Math.log2': numeric(Math.log2),
  'math.floor': numeric(Math.floor),
  'math.ceil': numeric(Math.ceil),
  'math.log2': numeric(Math.log2),
  'builtins.Array.from': arrayFrom,
  'builtins.Object.freeze': ([value]) => value ?? unknown,
  'builtins.Object.seal': ([value]) => value ?? unknown,
  'builtins.Object.fromEntries': ([value]) => recordOf(value, noArguments),
  'builtins.Object.keys': ([value]) => (value?.kind === 'record' ? listValue([...value.entries.keys()].map((key) => ({ kind: 'string', value: key })), value.open) : unknown),
  'builtins.Object.assign': (given) => mergeRecords(given),
  'builtins.Object.entries': ([value]) =>
    value?.kind === 'record'
      ? listValue([...value.entries].map(([key, entry]) => listValue([{ kind: 'string', value: key }, entry])), value.open)
      : unknown,
  'builtins.Object.values': ([value]) => (value?.kind === 'record' ? listValue([...value.entries.values()], value.open) : unknown),
};

/** Names that a program may use without binding them. */
export const builtinNames: ReadonlySet<string> = new Set(
  Object.keys(builtins).flatMap((path) => (path.startsWith('builtins.') ? [path.split('.')[1] ?? ''] : [])),
);

/** Calls a function of the language or its standard library; undefined for any other. */
export function callBuiltin(run: Run, path: string, given: Arguments, place: CallPlace): Value | undefined {
  return builtins[path]?.(given.positional, run, place, given);
}

/** Lists and records are copied all the way down; what else can change is shared. */
function clone(value: Value): Value {
  if (value.kind === 'list') return listValue(value.items.map(clone), value.open);
  if (value.kind === 'record') return { kind: 'record', entries: new Map([...value.entries].map(([key, entry]) => [key, clone(entry)])), open: value.open };
  return value;
}

function range(given: readonly Value[]): Value {
  const numbers = given.map((value) => (value.kind === 'number' ? value.value : undefined));
  const [start, stop, step] = numbers.length === 1 ? [0, numbers[0], 1] : [numbers[0], numbers[1], numbers.length > 2 ? numbers[2] : 1];
  if (start === undefined || stop === undefined || step === undefined || step === 0) return unknown;
  const length = Math.max(0, Math.ceil((stop - start) / step));
  return listValue(Array.from({ length: Math.min(length, longestRange) }, (_, index) => numberValue(start + index * step)));
}

/** `dict(stride=2)`, `OrderedDict([('conv', layer)])`. */
function recordOf(value: Value | undefined, { named, open }: Arguments): RecordValue {
  const entries = new Map<string, Value>();
  let unseen = open;
  if (value?.kind === 'record') for (const [key, entry] of value.entries) entries.set(key, entry);
  else if (value?.kind === 'list') {
    for (const item of value.items) {
      const [key, entry] = item.kind === 'list' ? item.items : [];
      entries.set(keyOf(key ?? unknown) ?? `#${entries.size}`, entry ?? unknown);
    }
  }
  unseen ||= value !== undefined && (value.kind === 'record' || value.kind === 'list' ? value.open : true);
  for (const [key, entry] of named) entries.set(key, entry);
  return { kind: 'record', entries, open: unseen };
}

function mergeRecords(values: readonly Value[]): Value {
  const merged: RecordValue = { kind: 'record', entries: new Map(), open: false };
  for (const value of values) {
    if (value.kind !== 'record') merged.open = true;
    else for (const [key, entry] of value.entries) merged.entries.set(key, entry);
  }
  return merged;
}

/** `Array.from({length: 3}, (_, index) => …)`. */
function arrayFrom([source, each]: readonly Value[], run: Run, place: CallPlace): Value {
  const length = source?.kind === 'record' ? source.entries.get('length') : undefined;
  const items =
    length?.kind === 'number'
      ? Array.from({ length: Math.min(length.value, longestRange) }, () => none)
      : source === undefined
        ? []
        : [...iterate(source).items];
  return each === undefined ? listValue(items) : listValue(mapItems(run, items, each, place));
}

function mapItems(run: Run, items: readonly Value[], each: Value, place: CallPlace): Value[] {
  return items.slice(0, longestRange).map((item, index) => call(run, each, { positional: [item, numberValue(index)], named: new Map(), open: false }, place));
}

/** `receiver.name(…)` where the receiver is no object of a class of the file. */
export function callMethod(run: Run, receiver: Value, name: string, given: Arguments, place: CallPlace): Value {
  switch (receiver.kind) {
    case 'list':
      return callListMethod(run, receiver, name, given, place);
    case 'record':
      return callRecordMethod(run, receiver, name, given, place);
    case 'layer':
      if (name === 'apply' || name === 'call' || name === 'forward' || name === 'predict') return applyLayer(run, receiver, inputOf(given), place);
      if (name === 'add' || name === 'append') return addToSequence(run, receiver, given.positional[0] ?? unknown, place);
      if (name === 'add_module') return addToSequence(run, receiver, given.positional[1] ?? unknown, place);
      return callUnknown(run, given, place);
    case 'instance':
      return callInstanceMethod(run, receiver, name, given, place);
    case 'super':
      if (name === '__init__') {
        callConstructorOfBase(run, receiver, given, place);
        return none;
      }
      return callUnknown(run, given, place);
    case 'class':
      return callUnknown(run, given, place);
    case 'function':
      return name === 'apply' || name === 'call' ? unknown : callUnknown(run, given, place);
    case 'tensor':
    case 'unknown':
      return runTensorMethod(run, receiver, name, given, place) ?? readTensor(run, receiver, given, place);
    default:
      return callUnknown(run, given, place);
  }
}

/** Any other method of a map reads it: `x.view(…)`, `x.mean()`. */
function readTensor(run: Run, receiver: Value, given: Arguments, place: CallPlace): Value {
  const result = callUnknown(run, given, place);
  if (mapsIn(receiver).length === 0) return result;
  consume(receiver);
  return tensorValue();
}

function callInstanceMethod(run: Run, instance: Extract<Value, { kind: 'instance' }>, name: string, given: Arguments, place: CallPlace): Value {
  const [first, second] = given.positional;
  switch (name) {
    case '__init__':
      initialiseBase(run, instance, instance.class, given, place);
      return none;
    case 'add_module':
    case 'register_module': {
      const key = keyOf(first ?? unknown);
      if (key !== null) instance.attributes.set(key, second ?? unknown);
      return instance.layer === null ? none : addToSequence(run, instance.layer, second ?? unknown, place);
    }
    case 'add':
    case 'append':
      return instance.layer === null ? callUnknown(run, given, place) : addToSequence(run, instance.layer, first ?? unknown, place);
    case 'apply':
    case '__call__':
      return call(run, instance, given, place);
    default:
      return callUnknown(run, given, place);
  }
}

function callListMethod(run: Run, list: ListValue, name: string, given: Arguments, place: CallPlace): Value {
  const [first, second] = given.positional;
  switch (name) {
    case 'append':
    case 'push':
    case 'add':
      list.items.push(...given.positional);
      return none;
    case 'extend': {
      const { items, open } = iterate(first ?? unknown);
      list.items.push(...items);
      list.open ||= open;
      return none;
    }
    case 'insert':
      list.items.splice(first?.kind === 'number' ? first.value : list.items.length, 0, second ?? unknown);
      return none;
    case 'concat':
      return listValue([...list.items, ...given.positional.flatMap((value) => iterate(value).items)], list.open);
    case 'slice':
    case 'filter':
      return listValue(list.items, true);
    case 'map':
    case 'flatMap':
      return listValue(mapItems(run, list.items, first ?? unknown, place), list.open);
    case 'forEach':
      mapItems(run, list.items, first ?? unknown, place);
      return none;
    case 'reduce':
      return list.items.reduce(
        (accumulated, item) => call(run, first ?? unknown, { positional: [accumulated, item], named: new Map(), open: false }, place),
        second ?? unknown,
      );
    case 'pop':
      return list.items.at(-1) ?? unknown;
    case 'copy':
      return listValue(list.items, list.open);
    default:
      return callUnknown(run, given, place);
  }
}

function callRecordMethod(run: Run, record: RecordValue, name: string, given: Arguments, place: CallPlace): Value {
  const [first, second] = given.positional;
  switch (name) {
    case 'get':
    case 'pop':
    case 'setdefault': {
      const key = keyOf(first ?? unknown);
      const entry = key === null ? undefined : record.entries.get(key);
      return entry ?? (record.open ? join(second ?? none, unknown) : (second ?? none));
    }
    case 'values':
      return listValue([...record.entries.values()], record.open);
    case 'items':
      return listValue([...record.entries].map(([key, value]) => listValue([{ kind: 'string', value: key }, value])), record.open);
    case 'keys':
      return listValue([...record.entries.keys()].map((value) => ({ kind: 'string', value })), record.open);
    case 'update':
      for (const value of [...given.positional, recordOf(undefined, mergeArguments({ positional: [], named: new Map(), open: false }, given))]) {
        for (const one of alternatives(value)) {
          if (one.kind === 'record') for (const [key, entry] of one.entries) record.entries.set(key, entry);
          else record.open = true;
        }
      }
      return none;
    default: {
      const entry = record.entries.get(name);
      return entry?.kind === 'function' ? invoke(run, entry, given, place) : callUnknown(run, given, place);
    }
  }
}
