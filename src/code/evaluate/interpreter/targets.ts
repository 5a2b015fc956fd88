import type { Target } from '../../program/program';
import { extentIn, keyOf } from './collections';
import { evaluate } from './expressions';
import type { Run } from '../run';
import { listValue, unknown, type Value, type Frame } from '../values/value';

/** Binds a value to what stands left of `=`. */
export function assign(run: Run, frame: Frame, target: Target, value: Value): void {
  switch (target.kind) {
    case 'name':
      frame.scope.set(target.name, value);
      return;
    case 'attribute': {
      const object = evaluate(run, frame, target.object);
      if (object.kind === 'instance') object.attributes.set(target.name, value);
      else if (object.kind === 'class') object.members.set(target.name, value);
      else if (object.kind === 'record') object.entries.set(target.name, value);
      return;
    }
    case 'subscript':
      assignItem(evaluate(run, frame, target.object), evaluate(run, frame, target.index), value);
      return;
    case 'items':
      assignItems(run, frame, target, value);
      return;
    case 'entries':
      for (const { key, target: inner, fallback } of target.entries) {
        const entry = entryOf(value, key);
        const missing = entry === undefined || entry.kind === 'none';
        assign(run, frame, inner, missing && fallback !== null ? evaluate(run, frame, fallback) : (entry ?? unknown));
      }
      if (target.rest !== null)
        assign(
          run,
          frame,
          target.rest,
          restOf(
            value,
            target.entries.map(({ key }) => key),
          ),
        );
      return;
  }
}

function assignItem(object: Value, index: Value, value: Value): void {
  const key = keyOf(index);
  if (object.kind === 'record') {
    if (key === null) object.open = true;
    else object.entries.set(key, value);
  } else if (object.kind === 'list' && index.kind === 'number' && index.value >= 0 && index.value < object.items.length) {
    object.items[index.value] = value;
  }
}

function assignItems(run: Run, frame: Frame, { targets, rest }: Extract<Target, { kind: 'items' }>, value: Value): void {
  const items = value.kind === 'list' ? value.items : [];
  const after = rest < 0 ? 0 : targets.length - rest - 1;
  for (const [index, place] of targets.entries()) {
    if (place === null) continue;
    const { target, fallback } = place;
    if (index === rest) {
      assign(run, frame, target, value.kind === 'list' ? listValue(items.slice(index, items.length - after), value.open) : unknown);
      continue;
    }
    const item = items.at(rest >= 0 && index > rest ? index - targets.length : index);
    const isMissing = item === undefined && value.kind === 'list' && !value.open;
    const other = extentIn(value) ?? unknown;
    assign(run, frame, target, isMissing && fallback !== null ? evaluate(run, frame, fallback) : (item ?? other));
  }
}

/** `{layers} = tf` and `{stride} = options`. */
function entryOf(value: Value, key: string): Value | undefined {
  switch (value.kind) {
    case 'symbol':
      return { ...value, path: `${value.path}.${key}` };
    case 'record':
      return value.entries.get(key) ?? (value.open ? unknown : undefined);
    case 'instance':
      return value.attributes.get(key);
    case 'none':
      return undefined;
    default:
      return unknown;
  }
}

function restOf(value: Value, taken: readonly string[]): Value {
  if (value.kind !== 'record') return unknown;
  return { kind: 'record', entries: new Map([...value.entries].filter(([key]) => !taken.includes(key))), open: value.open };
}
