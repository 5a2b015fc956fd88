import { addToSequence, applyLayer, runTensorMethod } from './layers';
import { mapItems, recordOf } from './builtins';
import { call, callConstructorOfBase, callUnknown, inputOf, invoke } from './calls';
import { initialiseBase } from './classes';
import { extentOf, iterate, keyOf } from './collections';
import { bufferOf } from './kernels';
import { consume, mapsIn } from '../sites/feature-maps';
import { paid, type CallPlace, type Run } from '../run';
import {
  alternatives,
  join,
  listValue,
  none,
  tensorValue,
  unknown,
  type Arguments,
  type ListValue,
  type RecordValue,
  type Value,
} from '../values/value';

/** `receiver.name(…)` where the receiver is no object of a class of the file. */
export function callMethod(run: Run, receiver: Value, name: string, given: Arguments, place: CallPlace): Value {
  switch (receiver.kind) {
    case 'list':
      return callListMethod(run, receiver, name, given, place);
    case 'record':
      return callRecordMethod(run, receiver, name, given, place);
    case 'layer':
      if (name === 'apply' || name === 'call' || name === 'forward' || name === 'predict')
        return applyLayer(run, receiver, inputOf(given), place);
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
    case 'kernel':
      return receiver;
    case 'class':
      return callUnknown(run, given, place);
    case 'function':
      return name === 'apply' || name === 'call' ? unknown : callUnknown(run, given, place);
    case 'tensor':
    case 'unknown':
      if (name === 'size') {
        consume(receiver);
        return extentOf(receiver);
      }
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

function callInstanceMethod(
  run: Run,
  instance: Extract<Value, { kind: 'instance' }>,
  name: string,
  given: Arguments,
  place: CallPlace,
): Value {
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
    case 'register_buffer': {
      const key = keyOf(first ?? unknown);
      if (key !== null) instance.attributes.set(key, bufferOf(second ?? given.named.get('tensor') ?? unknown));
      return none;
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
      paid(run, list);
      return none;
    case 'extend': {
      const { items, open } = iterate(first ?? unknown);
      list.items.push(...items);
      list.open ||= open;
      paid(run, list);
      return none;
    }
    case 'insert':
      list.items.splice(first?.kind === 'number' ? first.value : list.items.length, 0, second ?? unknown);
      paid(run, list);
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
      return entry ?? (record.open || record.isFromOutside === true ? join(second ?? none, unknown) : (second ?? none));
    }
    case 'values':
      return listValue([...record.entries.values()], record.open);
    case 'items':
      return listValue(
        [...record.entries].map(([key, value]) => listValue([{ kind: 'string', value: key }, value])),
        record.open,
      );
    case 'keys':
      return listValue(
        [...record.entries.keys()].map((value) => ({ kind: 'string', value })),
        record.open,
      );
    case 'update':
      for (const value of [...given.positional, recordOf(undefined, given)]) {
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
