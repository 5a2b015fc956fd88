import type { Expression } from '../../program/program';
import { evaluate } from './expressions';
import { consume } from '../sites/feature-maps';
import type { Run } from '../run';
import { Scope } from '../values/scope';
import { assign } from './targets';
import {
  alternatives,
  join,
  listValue,
  outsideOf,
  tensorValue,
  truth,
  unknown,
  type ExtentValue,
  type ListValue,
  type RecordValue,
  type SliceValue,
  type Value,
  type Frame,
} from '../values/value';

/** Items of one list that a loop or comprehension visits; later ones rarely tell anything new. */
const mostIterations = 48;

/** The items of a list, tuple or array literal. */
export function sequence(run: Run, frame: Frame, items: Extract<Expression, { kind: 'sequence' }>['items']): ListValue {
  const list = listValue([]);
  for (const { spread, value: expression } of items) {
    const value = evaluate(run, frame, expression);
    if (!spread) list.items.push(value);
    else if (value.kind === 'list') {
      list.items.push(...value.items);
      list.open ||= value.open;
    } else list.open = true;
  }
  return list;
}

/** The entries of a dict or object literal. */
export function record(run: Run, frame: Frame, entries: Extract<Expression, { kind: 'record' }>['entries']): RecordValue {
  const result: RecordValue = { kind: 'record', entries: new Map(), open: false };
  let outside: ReturnType<typeof outsideOf> = {};
  for (const { key, value: expression } of entries) {
    const value = evaluate(run, frame, expression);
    const name = key === null ? null : keyOf(evaluate(run, frame, key));
    if (name !== null) result.entries.set(name, value);
    else if (key === null && value.kind === 'record') {
      for (const [inner, entry] of value.entries) result.entries.set(inner, entry);
      result.open ||= value.open;
      outside = outsideOf(outside, value);
    } else result.open = true;
  }
  return { ...result, ...outside };
}

/** How a value names an entry of a record; null where it is not known. */
export function keyOf(value: Value): string | null {
  return value.kind === 'string' || value.kind === 'number' ? String(value.value) : null;
}

/** The extent of a feature map. */
export function extentOf(map: Value): ExtentValue {
  return { kind: 'extent', of: map.kind === 'tensor' ? map : null, divisor: 1 };
}

/** One of the extents of a map, `x.shape`, or of some of them; undefined for any other value. */
export function extentIn(value: Value): ExtentValue | undefined {
  if (value.kind === 'method' && value.name === 'shape') return extentOf(value.receiver);
  return value.kind === 'extent' ? value : undefined;
}

/** An item of a list or an entry of a record. An unknown index may mean any of them. */
export function item(object: Value, index: Value): Value {
  if (object.kind === 'union') return object.values.map((value) => item(value, index)).reduce(join);
  if (object.kind === 'layer' && object.items !== null) return item(object.items, index);
  if (object.kind === 'tensor') {
    consume(object);
    return tensorValue();
  }
  if (object.kind === 'kernel') return object;
  const extent = extentIn(object);
  if (extent !== undefined) return extent;
  if (object.kind === 'record') {
    const key = keyOf(index);
    if (key !== null) return object.entries.get(key) ?? unknown;
    return [...object.entries.values()].reduce(join, unknown);
  }
  if (object.kind !== 'list') return unknown;
  if (index.kind === 'number') return object.items.at(index.value) ?? unknown;
  if (index.kind === 'slice') return part(object, index);
  return index.kind === 'unknown' ? object.items.reduce(join, unknown) : unknown;
}

/** `items[1:]`, `items[::-1]`: all items, in no known order, where the bounds are not known. */
function part({ items, open }: ListValue, slice: SliceValue): Value {
  const [from, to, by] = [slice.from, slice.to, slice.step].map((value) =>
    value.kind === 'none' ? null : value.kind === 'number' ? value.value : undefined,
  );
  if (from === undefined || to === undefined || by === undefined || open) return listValue(items, true);
  if (by === -1 && from === null && to === null) return listValue([...items].reverse());
  if (by !== null && by < 1) return listValue(items, true);
  return listValue(items.slice(from ?? 0, to ?? undefined).filter((_, index) => index % (by ?? 1) === 0));
}

/** A list or record made item by item. */
export function comprehension(run: Run, frame: Frame, { key, element, clauses }: Extract<Expression, { kind: 'comprehension' }>): Value {
  const inner: Frame = { ...frame, scope: new Scope(frame.scope) };
  const list = listValue([]);
  const entries = new Map<string, Value>();
  const visit = (depth: number): void => {
    const clause = clauses[depth];
    if (clause === undefined) {
      const name = key === null ? null : keyOf(evaluate(run, inner, key));
      const value = evaluate(run, inner, element);
      list.items.push(value);
      if (name !== null) entries.set(name, value);
      else list.open ||= key !== null;
      return;
    }
    const values = iterate(evaluate(run, inner, clause.iterable));
    list.open ||= values.open;
    for (const value of values.items) {
      assign(run, inner, clause.target, value);
      const tests = clause.conditions.map((condition) => truth(evaluate(run, inner, condition)));
      if (!tests.includes(false)) visit(depth + 1);
    }
  };
  visit(0);
  return key === null ? list : { kind: 'record', entries, open: list.open };
}

/** Text made of known strings and numbers. */
export function joinedText(parts: readonly Value[]): Value {
  const texts = parts.map(keyOf);
  return texts.every((text) => text !== null) ? { kind: 'string', value: texts.join('') } : unknown;
}

/** What a loop over a value visits: known items, or one that stands for all. */
export function iterate(iterable: Value): { readonly items: readonly Value[]; readonly open: boolean } {
  const lists = alternatives(iterable).filter((value) => value.kind === 'list');
  const list = lists.length === 1 && iterable.kind !== 'union' ? lists[0] : undefined;
  if (list !== undefined) {
    const items = list.items.slice(0, mostIterations);
    return items.length === 0 && list.open ? { items: [unknown], open: true } : { items, open: list.open };
  }
  if (lists.length > 0) return { items: lists.flatMap(({ items }) => items).slice(0, mostIterations), open: true };
  if (iterable.kind === 'record')
    return { items: [...iterable.entries.keys()].map((value) => ({ kind: 'string', value })), open: iterable.open };
  if (iterable.kind === 'layer' && iterable.items !== null) return iterate(iterable.items);
  return { items: [unknown], open: true };
}
