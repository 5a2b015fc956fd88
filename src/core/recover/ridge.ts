import { factor, solveFactored } from './cholesky';
import type { AddProducts } from './matrix-products';
import type { NormalEquations } from './normal-equations';

/** Shares of the mean of A's diagonal that draw a solution towards the old weights; the held-out images choose among them. */
export const ridges: readonly number[] = [1e-4, 1e-3, 1e-2, 1e-1, 1];

/** A share of |y|^2 so small is the rounding of float32: old weights that miss no more are right, and stay to the last bit. */
const roundingError = 1e-12;

/** One linear map to solve for: that of a layer, or of one group of a convolution. */
export interface RidgeSystem {
  /** What the samples to learn from say. */
  readonly fitted: NormalEquations;
  /** What the others say. */
  readonly heldOut: NormalEquations;
  /** W0, `[outputs, unknowns]`. */
  readonly old: Float64Array;
}

/** What solving the systems of one layer came to. */
export interface RidgeSolution {
  /** W of each system, `[outputs, unknowns]`: the new weights, or the old ones where those are no worse. */
  readonly weights: readonly Float64Array[];
  /** Share of |y|^2 over all systems that the old and these weights leave on held-out images. */
  readonly errorBefore: number;
  readonly errorAfter: number;
  /** Undefined where all old weights were kept. */
  readonly ridge: number | undefined;
}

/** A system and how much of its own |y|^2 the old weights leave on held-out images. */
interface JudgedSystem extends RidgeSystem {
  readonly errorBefore: number;
}

/** Weights of every system and the squares that they miss on held-out images, over all systems. */
interface Candidate {
  readonly weights: readonly Float64Array[];
  readonly missed: number;
  readonly ridge: number | undefined;
}

/**
 * Ridge regression towards the old weights: W = (B + l m W0) (A + l m I)^-1 with m the mean of A's diagonal and l the ridge that does
 * best on held-out samples. One l serves all systems of a layer: a group of a depthwise convolution has too few held-out samples to
 * choose by itself. No system gets worse there than with its old weights.
 */
export async function solveRidge(systems: readonly RidgeSystem[], addProducts: AddProducts): Promise<RidgeSolution> {
  const judged = await Promise.all(
    systems.map(async (system): Promise<JudgedSystem> => ({ ...system, errorBefore: await system.heldOut.error(system.old) })),
  );
  const squares = judged.reduce((sum, { heldOut }) => sum + heldOut.squares, 0);
  const old: Candidate = {
    weights: judged.map((system) => system.old),
    missed: judged.reduce((sum, { heldOut, errorBefore }) => sum + errorBefore * heldOut.squares, 0),
    ridge: undefined,
  };
  const solvable = judged.some(({ errorBefore }) => errorBefore > roundingError);
  const best = solvable ? await descend(old, (ridge) => solveAll(judged, ridge, addProducts)) : old;
  const share = (missed: number): number => (squares === 0 ? 0 : missed / squares);
  return { weights: best.weights, errorBefore: share(old.missed), errorAfter: share(best.missed), ridge: best.ridge };
}

/**
 * The best of the ridges and the old weights. The error over l has one valley, so the search starts in the middle and follows the
 * slope: most layers are solved for three ridges instead of five.
 */
async function descend(old: Candidate, solve: (ridge: number) => Promise<Candidate>): Promise<Candidate> {
  const middle = Math.floor(ridges.length / 2);
  let best = await solve(ridges[middle] ?? 0);
  for (const side of [ridges.slice(middle + 1), ridges.slice(0, middle).reverse()]) {
    const before = best;
    for (const ridge of side) {
      const next = await solve(ridge);
      if (next.missed >= best.missed) break;
      best = next;
    }
    if (best !== before) break;
  }
  return best.missed < old.missed ? best : old;
}

/** The solutions for one ridge; a system whose solution is no better than its old weights keeps those. */
async function solveAll(systems: readonly JudgedSystem[], ridge: number, addProducts: AddProducts): Promise<Candidate> {
  const weights: Float64Array[] = [];
  let missed = 0;
  for (const system of systems) {
    const { heldOut, old, errorBefore } = system;
    const solution = errorBefore > roundingError ? await solveFor(system, ridge, addProducts) : undefined;
    const error = solution === undefined ? errorBefore : await heldOut.error(solution);
    const better = solution !== undefined && error < errorBefore;
    weights.push(better ? solution : old);
    missed += (better ? error : errorBefore) * heldOut.squares;
  }
  return { weights, missed, ridge };
}

/** The solution for one ridge; undefined where A cannot be factored, or the samples say nothing. */
async function solveFor({ fitted, old }: RidgeSystem, ridge: number, addProducts: AddProducts): Promise<Float64Array | undefined> {
  const { gram, cross, unknowns, outputs } = fitted;
  const pull = ridge * gram.meanOfDiagonal();
  if (!(pull > 0) || !Number.isFinite(pull)) return undefined;
  const factored = gram.copy();
  factored.addToDiagonal(pull);
  if (!(await factor(factored, addProducts))) return undefined;
  const weights = cross.map((value, place) => value + pull * (old[place] ?? 0));
  await solveFactored(factored, { data: weights, offset: 0, stride: unknowns, count: outputs }, addProducts);
  return weights.every(Number.isFinite) ? weights : undefined;
}
