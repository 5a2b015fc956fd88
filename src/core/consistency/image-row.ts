import type { AxisPair } from '../graph/model-graph';
import type { ShiftPair } from './shift-pairs';

/** What the classifications of one image come to. */
export interface ImageRow {
  /** Path relative to the folder, with slashes; what is drawn for the image depends on it. */
  readonly image: string;
  /** Class of the image as it is. */
  readonly top: number;
  readonly pairs: number;
  /** Pairs whose two shifts get the same class. */
  readonly agreeing: number;
  /** Mean over all drawn shifts of the cosine between the output and that of the image as it is. */
  readonly invariance: number;
  /** Index of the true class, where it is known. */
  readonly label: number | null;
  /** Share of the drawn shifts that get the true class. */
  readonly correctShifts: number | null;
}

/** An image that could not be classified. */
export interface FailedImage {
  readonly image: string;
  readonly reason: string;
}

/** The model's answers for one image. */
export interface ImageAnswers {
  readonly image: string;
  readonly label: number | null;
  readonly pairs: readonly ShiftPair[];
  /** Output for a shift. */
  readonly scores: (shift: AxisPair) => Float32Array;
  /** Its class. */
  readonly top: (shift: AxisPair) => number;
}

/** Sums the answers for one image up. */
export function imageRow({ image, label, pairs, scores, top }: ImageAnswers): ImageRow {
  const original = scores([0, 0]);
  const shifts = pairs.flat();
  const mean = (value: (shift: AxisPair) => number): number =>
    shifts.reduce((sum, shift) => sum + value(shift), 0) / Math.max(1, shifts.length);
  return {
    image,
    top: top([0, 0]),
    pairs: pairs.length,
    agreeing: pairs.filter(([a, b]) => top(a) === top(b)).length,
    invariance: mean((shift) => cosine(original, scores(shift))),
    label,
    correctShifts: label === null ? null : mean((shift) => (top(shift) === label ? 1 : 0)),
  };
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, squareA, squareB] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const [x, y] = [a[index] ?? 0, b[index] ?? 0];
    product += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  if (squareA === 0 || squareB === 0) return squareA === squareB ? 1 : 0;
  return Math.min(1, Math.max(-1, product / Math.sqrt(squareA * squareB)));
}
