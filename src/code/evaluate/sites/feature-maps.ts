import type { SourceRange } from '../../finding';
import { rangeKey } from '../values/frame';
import type { Run } from '../run';
import { alternatives, tensorValue, type TensorValue, type Value } from '../values/value';

/** Notes that something other than an activation reads a map: what the blur would follow is not the only reader. */
export function consume(value: Value): void {
  for (const one of alternatives(value)) {
    if (one.kind !== 'tensor') continue;
    if (one.pending !== null) one.pending.escapes = true;
    one.consumed = true;
  }
}

/** Per-sample work on a map: what waits for its activation goes on waiting. */
export function passThrough(value: Value): Value {
  const maps = mapsIn(value);
  for (const map of maps) readOnce(map);
  const [map] = maps;
  return tensorValue(map === undefined ? {} : { pending: map.pending, blurred: map.blurred, averaged: map.averaged, early: map.early });
}

/** An activation of a map: the place where a blur belongs. */
export function activate(run: Run, value: Value, kind: 'applied' | 'element', range: SourceRange): Value {
  const readers = run.activationReaders.get(rangeKey(range)) ?? new Set();
  run.activationReaders.set(rangeKey(range), readers);
  const maps = mapsIn(value);
  if (maps.length === 0) readers.add(null);
  for (const map of maps) {
    readOnce(map);
    readers.add(map.pending);
    if (map.early !== null) map.early.precedesActivation = true;
    if (map.pending !== null) map.pending.activated++;
    const known = map.pending?.activations.some(
      (place) => place.kind === kind && place.range.start === range.start && place.range.end === range.end,
    );
    if (known === false) map.pending?.activations.push({ kind, range });
  }
  return tensorValue();
}

/** A second reader of a map that waits for its activation would see more samples than before. */
function readOnce(map: TensorValue): void {
  if (map.consumed && map.pending !== null) map.pending.escapes = true;
  map.consumed = true;
}

/** The feature maps that a value may be. */
export function mapsIn(value: Value): readonly TensorValue[] {
  return alternatives(value).filter((one) => one.kind === 'tensor');
}
