import { call } from './calls';
import { iterate, joinedText, keyOf } from './collections';
import { spend, type CallPlace, type Run } from '../run';
import {
  listValue,
  noArguments,
  none,
  numberValue,
  outsideOf,
  unknown,
  type Arguments,
  type NumberValue,
  type RecordValue,
  type Value,
} from '../values/value';

type Builtin = (given: readonly Value[], run: Run, place: CallPlace, all: Arguments) => Value;

/** A range that is longer is cut: what its loop does is seen by then. */
const longestRange = 48;

/** A number, or Python's 0 and 1 of a truth. */
function asNumber(value: Value): NumberValue | null {
  if (value.kind === 'boolean') return { kind: 'number', value: Number(value.value), at: -1 };
  return value.kind === 'number' ? value : null;
}

const numeric =
  (compute: (...values: number[]) => number): Builtin =>
  (given) => {
    const [only] = given;
    // Rounding leaves an extent what it is.
    if (given.length === 1 && only?.kind === 'extent') return only;
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
    return listValue(
      items.map((item, index) => listValue([open && items.length === 1 ? unknown : numberValue(index), item])),
      open,
    );
  },
  'builtins.zip': (given) => {
    const lists = given.map(iterate);
    const length = Math.min(...lists.map(({ items }) => items.length));
    const items = Number.isFinite(length)
      ? Array.from({ length }, (_, index) => listValue(lists.map((list) => list.items[index] ?? unknown)))
      : [];
    return listValue(
      items,
      lists.some(({ open }) => open),
    );
  },
  'builtins.setattr': ([object, name, value]) => {
    const key = keyOf(name ?? unknown);
    if (object?.kind === 'instance' && key !== null) object.attributes.set(key, value ?? unknown);
    return none;
  },
  'builtins.getattr': ([object, name]) => {
    const key = keyOf(name ?? unknown);
    if (object?.kind === 'symbol' && key !== null) return { ...object, path: `${object.path}.${key}` };
    return object?.kind === 'instance' && key !== null ? (object.attributes.get(key) ?? unknown) : unknown;
  },
  'builtins.super': (given, _run, { frame }) => {
    const instance = frame.receiver ?? (given[1]?.kind === 'instance' ? given[1] : null);
    if (instance === null || frame.owner === null) return unknown;
    return { kind: 'super', instance, owner: frame.owner };
  },
  'copy.copy': ([value], run) => clone(run, value ?? unknown),
  'copy.deepcopy': ([value], run) => clone(run, value ?? unknown),
  'builtins.structuredClone': ([value], run) => clone(run, value ?? unknown),
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
  'builtins.Object.keys': ([value]) =>
    value?.kind === 'record'
      ? listValue(
          [...value.entries.keys()].map((key) => ({ kind: 'string', value: key })),
          value.open,
        )
      : unknown,
  'builtins.Object.assign': (given) => mergeRecords(given),
  'builtins.Object.entries': ([value]) =>
    value?.kind === 'record'
      ? listValue(
          [...value.entries].map(([key, entry]) => listValue([{ kind: 'string', value: key }, entry])),
          value.open,
        )
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
function clone(run: Run, value: Value): Value {
  spend(run, 1);
  const copied = (one: Value): Value => clone(run, one);
  if (value.kind === 'list') return listValue(value.items.map(copied), value.open);
  if (value.kind === 'record')
    return { kind: 'record', entries: new Map([...value.entries].map(([key, entry]) => [key, copied(entry)])), open: value.open };
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
export function recordOf(value: Value | undefined, given: Arguments): RecordValue {
  const { named, open } = given;
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
  return { kind: 'record', entries, open: unseen, ...(value?.kind === 'record' ? outsideOf(value, given) : outsideOf(given)) };
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

export function mapItems(run: Run, items: readonly Value[], each: Value, place: CallPlace): Value[] {
  return items
    .slice(0, longestRange)
    .map((item, index) => call(run, each, { positional: [item, numberValue(index)], named: new Map(), open: false }, place));
}
