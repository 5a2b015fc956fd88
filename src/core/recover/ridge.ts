import { factor, solveFactored } from './cholesky';
import type { AddProducts } from './matrix-products';
import type { NormalEquations } from './normal-equations';

/** Shares of the mean of A's diagonal that draw a solution towards the old weights; the held-out images choose among them. */
export const ridges: readonly number[] = [1e-4, 1e-3, 1e-2];

/** A share of |y|^2 so small is the rounding of float32: old weights that miss no more are right, and stay to the last bit. */
const roundingError = 1e-12;

/** What solving one linear map came to. */
export interface RidgeSolution {
  /** W, `[outputs, unknowns]`: the new weights, or the old ones where those are no worse. */
  readonly weights: Float64Array;
  /** Share of |y|^2 that the old and these weights leave on held-out images. */
  readonly errorBefore: number;
  readonly errorAfter: number;
  /** Undefined where the old weights were kept. */
  readonly ridge: number | undefined;
}

/**
 * Ridge regression towards the old weights: W = (B + l m W0) (A + l m I)^-1 with m the mean of A's diagonal and l the ridge that does
 * best on held-out samples. Never worse there than the old weights.
 *
 * @param fitted what the samples to learn from say @param heldOut what the others say
 * @param old W0, `[outputs, unknowns]`
 */
export async function solveRidge(
  fitted: NormalEquations,
  heldOut: NormalEquations,
  old: Float64Array,
  addProducts: AddProducts,
): Promise<RidgeSolution> {
  const errorBefore = await heldOut.error(old);
  let best: RidgeSolution = { weights: old, errorBefore, errorAfter: errorBefore, ridge: undefined };
  for (const ridge of errorBefore > roundingError ? ridges : []) {
    const weights = await solveFor(fitted, old, ridge, addProducts);
    if (weights === undefined) continue;
    const errorAfter = await heldOut.error(weights);
    if (errorAfter < best.errorAfter) best = { weights, errorBefore, errorAfter, ridge };
  }
  return best;
}

/** The solution for one ridge; undefined where A cannot be factored, or the samples say nothing. */
async function solveFor(
  { gram, cross, unknowns, outputs }: NormalEquations,
  old: Float64Array,
  ridge: number,
  addProducts: AddProducts,
): Promise<Float64Array | undefined> {
  const pull = ridge * gram.meanOfDiagonal();
  if (!(pull > 0) || !Number.isFinite(pull)) return undefined;
  const factored = gram.copy();
  factored.addToDiagonal(pull);
  if (!(await factor(factored, addProducts))) return undefined;
  const weights = cross.map((value, place) => value + pull * (old[place] ?? 0));
  await solveFactored(factored, { data: weights, offset: 0, stride: unknowns, count: outputs }, addProducts);
  return weights.every(Number.isFinite) ? weights : undefined;
}
