import type { AxisPair } from '../../graph/model-graph';
import { rowView, type FeatureGeometry } from '../measure/feature-geometry';
import { wrapIndex } from '../../graph/circle';

/**
 * Writes one feature map, rolled down by `amount[0]` rows and right by `amount[1]` columns, to `target[offset...]`:
 * `target[y, x] = source[(y - amount[0]) mod h, (x - amount[1]) mod w]`.
 */
export function rollInto(target: Float32Array, offset: number, source: Float32Array, geometry: FeatureGeometry, amount: AxisPair): void {
  const { planes, rows, rowLength, step } = rowView(geometry);
  const down = wrapIndex(amount[0], geometry.size[0]);
  const right = wrapIndex(amount[1], geometry.size[1]) * step;
  // Without a move to the right a plane is two runs, the rows above the seam and those below it; else every row is two.
  const [pieces, pieceLength, lead] = right === 0 ? [planes, rows * rowLength, down * rowLength] : [planes * rows, rowLength, right];
  for (let piece = 0; piece < pieces; piece++) {
    const from = right === 0 ? piece * pieceLength : rowBefore(piece, down, rows) * rowLength;
    const to = offset + piece * pieceLength;
    copyRun(target, to + lead, source, from, from + pieceLength - lead);
    copyRun(target, to, source, from + pieceLength - lead, from + pieceLength);
  }
}

/** The row that comes to lie in `row`, counted through all planes. */
function rowBefore(row: number, down: number, rows: number): number {
  return row % rows >= down ? row - down : row - down + rows;
}

/** Up to this length a plain loop is faster than the two views that a block copy needs. */
const shortRun = 64;

function copyRun(target: Float32Array, to: number, source: Float32Array, start: number, end: number): void {
  if (end - start > shortRun) target.set(source.subarray(start, end), to);
  else for (let index = start; index < end; index++) target[to + index - start] = source[index] ?? 0;
}
