import type { OutputMap } from '../equivariance/measure/measurement';
import { topClass } from './class-map';

/**
 * What a classifier's numbers are: probabilities that sum to 1; shares of 0 to 1 that each stand for themselves, as sigmoids give them; or
 * scores of any size, whose softmax is shown.
 */
export type ScoreMeaning = 'probability' | 'share' | 'softmax';

/** How sure the model is, at every shift of one image. */
export interface ClassScores {
  readonly meaning: ScoreMeaning;
  /** Of the class that the shift gets, row-major like the map that it was made of. */
  readonly top: Float32Array;
  /** Of the class that the unshifted image gets. */
  readonly unshifted: Float32Array;
}

/** Float32 sums of thousands of probabilities are off by less. */
const sumTolerance = 1e-3;

/** The scores of a map of outputs. */
export function classScores({ tile, values }: OutputMap): ClassScores {
  const outputs = Array.from({ length: tile.length / values }, (_, index) => tile.subarray(index * values, (index + 1) * values));
  const meaning = meaningOf(outputs);
  const first = topClass(outputs[0] ?? tile);
  const [top, unshifted] = [new Float32Array(outputs.length), new Float32Array(outputs.length)];
  for (const [index, output] of outputs.entries()) {
    const scoreOf = meaning === 'softmax' ? softmaxOf(output) : (label: number): number => output[label] ?? 0;
    top[index] = scoreOf(topClass(output));
    unshifted[index] = scoreOf(first);
  }
  return { meaning, top, unshifted };
}

function meaningOf(outputs: readonly Float32Array[]): ScoreMeaning {
  if (!outputs.every((output) => output.every((value) => value >= 0 && value <= 1 + sumTolerance))) return 'softmax';
  return outputs.every((output) => Math.abs(sumOf(output) - 1) < sumTolerance) ? 'probability' : 'share';
}

/** Taken relative to the largest score, so that no exponential leaves the numbers that there are. */
function softmaxOf(output: Float32Array): (label: number) => number {
  const largest = output[topClass(output)] ?? 0;
  const sum = output.reduce((total, value) => total + Math.exp(value - largest), 0);
  return (label) => Math.exp((output[label] ?? 0) - largest) / sum;
}

function sumOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
