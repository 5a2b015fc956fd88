import type { AxisPair } from '../graph/model-graph';
import { rowView, wrapIndex, type FeatureGeometry } from './feature-geometry';

/**
 * Writes one feature map, rolled down by `amount[0]` rows and right by `amount[1]` columns, to `target[offset...]`:
 * `target[y, x] = source[(y - amount[0]) mod h, (x - amount[1]) mod w]`.
 */
export function rollInto(
  target: Float32Array,
  offset: number,
  source: Float32Array,
  geometry: FeatureGeometry,
  amount: AxisPair,
): void {
  const { planes, rows, rowLength, step } = rowView(geometry);
  const down = wrapIndex(amount[0], geometry.size[0]);
  const right = wrapIndex(amount[1], geometry.size[1]) * step;
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < rows; row++) {
      const from = (plane * rows + wrapIndex(row - down, rows)) * rowLength;
      const to = offset + (plane * rows + row) * rowLength;
      target.set(source.subarray(from, from + rowLength - right), to + right);
      if (right > 0) target.set(source.subarray(from + rowLength - right, from + rowLength), to);
    }
  }
}
