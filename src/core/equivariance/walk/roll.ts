import type { AxisPair } from '../../graph/model-graph';
import { rowView, type FeatureGeometry, type RowView } from '../measure/feature-geometry';
import { wrapIndex } from '../../graph/circle';

/**
 * Writes one feature map, rolled down by `amount[0]` rows and right by `amount[1]` columns, to `target[offset...]`:
 * `target[y, x] = source[(y - amount[0]) mod h, (x - amount[1]) mod w]`.
 */
export function rollInto(target: Float32Array, offset: number, source: Float32Array, geometry: FeatureGeometry, amount: AxisPair): void {
  const view = rowView(geometry);
  const { planes, rows, rowLength, step } = view;
  const down = wrapIndex(amount[0], geometry.size[0]);
  const lead = wrapIndex(amount[1], geometry.size[1]) * step;
  // In memory a roll is one move of the whole map, but for what wraps around: few numbers where it goes by little.
  const moved = down * rowLength + lead;
  target.set(moved === 0 ? source : source.subarray(0, planes * rows * rowLength - moved), offset + moved);
  if (down > 0) wrapRows(target, offset, source, view, down, lead);
  if (lead > 0) wrapColumns(target, offset, source, view, down, lead);
}

/** The first `down` rows of every plane, as far as they do not wrap along the row too: they were its last ones. */
function wrapRows(target: Float32Array, offset: number, source: Float32Array, view: RowView, down: number, lead: number): void {
  const { planes, rows, rowLength } = view;
  const plane = rows * rowLength;
  const length = down * rowLength - lead;
  for (let start = 0; start < planes * plane; start += plane) {
    const from = start + (rows - down) * rowLength;
    copyRun(target, offset + start + lead, source, from, from + length);
  }
}

/** The first `lead` numbers of every row: they were the last ones of the row that came here. */
function wrapColumns(target: Float32Array, offset: number, source: Float32Array, view: RowView, down: number, lead: number): void {
  const { planes, rows, rowLength } = view;
  let to = offset;
  for (let plane = 0; plane < planes; plane++) {
    const first = plane * rows * rowLength;
    for (let row = 0; row < rows; row++, to += rowLength) {
      const from = first + ((row >= down ? row - down : row - down + rows) + 1) * rowLength - lead;
      copyRun(target, to, source, from, from + lead);
    }
  }
}

/** Up to this length a plain loop is faster than the two views that a block copy needs. */
const shortRun = 64;

/** Copies a run of numbers, `[start, end)` of the source. */
export function copyRun(target: Float32Array, to: number, source: Float32Array, start: number, end: number): void {
  if (end - start > shortRun) target.set(source.subarray(start, end), to);
  else for (let index = start; index < end; index++) target[to + index - start] = source[index] ?? 0;
}
