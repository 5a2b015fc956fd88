import type { AxisPair } from '../../graph/model-graph';
import { wrapIndex } from '../../graph/circle';
import type { TokenAxis } from './token-axes';

/** How a tensor moves whose axes are no map's. */
export interface TokenMovement {
  /** Q of the map whose positions it has. */
  readonly stride: AxisPair;
  /** Height and width of that map. */
  readonly size: AxisPair;
  readonly axes: readonly TokenAxis[];
}

/**
 * One sample with all of its rows, columns and positions moved down and right by `amount` samples.
 * @param dims of the sample, batch 1
 */
export function rollTokens(
  sample: Float32Array,
  dims: readonly number[],
  { axes, size: [height, width] }: TokenMovement,
  [down, right]: AxisPair,
): Float32Array {
  let rolled = sample;
  let inner = sample.length;
  for (const [axis, label] of axes.entries()) {
    const length = dims[axis] ?? 1;
    inner /= length;
    if (label === 'rows') rolled = rollAxis(rolled, length, inner, down);
    if (label === 'columns') rolled = rollAxis(rolled, length, inner, right);
    if (label === 'positions') rolled = rollAxis(rollAxis(rolled, height, width * inner, down), width, inner, right);
  }
  return rolled;
}

/** @param inner numbers per place of the axis */
function rollAxis(data: Float32Array, length: number, inner: number, amount: number): Float32Array {
  const lead = wrapIndex(amount, length) * inner;
  if (lead === 0) return data;
  const rolled = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += length * inner) {
    const seam = start + length * inner - lead;
    rolled.set(data.subarray(start, seam), start + lead);
    rolled.set(data.subarray(seam, start + length * inner), start);
  }
  return rolled;
}
