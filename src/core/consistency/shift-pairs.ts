import type { AxisPair } from '../graph/model-graph';
import { seededRandom } from './random';

/** Two shifts of one image, in pixels. */
export type ShiftPair = readonly [AxisPair, AxisPair];

/** The largest shift that is drawn along each axis: a quarter of the side (docs/equivariance.md, section 1). */
export function largestShift(size: AxisPair): AxisPair {
  return [Math.floor(size[0] / 4), Math.floor(size[1] / 4)];
}

/** Draws pairs of shifts, uniform over all whole pixels of at most a quarter of the side in either direction. */
export function drawShiftPairs(size: AxisPair, count: number, seed: number, image: string): readonly ShiftPair[] {
  const random = seededRandom(seed, image);
  const [down, right] = largestShift(size);
  const within = (largest: number): number => Math.floor(random() * (2 * largest + 1)) - largest;
  const shift = (): AxisPair => [within(down), within(right)];
  return Array.from({ length: count }, () => [shift(), shift()] as const);
}
