import type { LayerEquations } from './layer-equations';
import type { LinearLayer, LinearWeights } from './linear-layer';
import type { AddProducts } from './matrix-products';
import { solveRidge, type RidgeSystem } from './ridge';

/** What became of one layer. */
export interface RecoveredLayer {
  readonly layer: string;
  /** Share of the squares of its answers that it misses on held-out images, with the old weights and with the new. */
  readonly errorBefore: number;
  readonly errorAfter: number;
  /** True where the old weights were no worse and stay. */
  readonly kept: boolean;
  /** True where only one scale and bias an output were solved for, since the sums would not fit the memory. */
  readonly onlyScale: boolean;
}

/** New weights and how good they are; old weights where nothing is gained. */
export interface SolvedLayer {
  readonly outcome: RecoveredLayer;
  /** Undefined where the old weights stay. */
  readonly weights: LinearWeights | undefined;
}

/** How the samples of one layer were summed. */
export interface LayerSamples {
  readonly fitted: LayerEquations;
  readonly heldOut: LayerEquations;
  readonly withBias: boolean;
  readonly onlyScale: boolean;
}

/** Solves one layer from its sums: each group is a system of its own, and one ridge serves all. */
export async function solveLayer(
  linear: LinearLayer,
  old: LinearWeights,
  samples: LayerSamples,
  addProducts: AddProducts,
): Promise<SolvedLayer> {
  const { fitted, heldOut, withBias, onlyScale } = samples;
  await fitted.complete();
  await heldOut.complete();
  const systems = fitted.systems.map((system, index): RidgeSystem => {
    const weights = onlyScale ? Float64Array.from(withBias ? [1, old.bias?.[index] ?? 0] : [1]) : oldRows(linear, old, index, withBias);
    return { fitted: system, heldOut: heldOut.systems[index] ?? system, old: weights };
  });
  const { weights, errorBefore, errorAfter, ridge } = await solveRidge(systems, addProducts);
  const kept = ridge === undefined;
  const outcome = { layer: linear.layer, errorBefore, errorAfter, kept, onlyScale };
  if (kept) return { outcome, weights: undefined };
  return { outcome, weights: onlyScale ? scaled(linear, old, weights, withBias) : joined(linear, weights, withBias) };
}

/** W0 of one group with its bias as last column, `[outputs of the group, unknowns (+ 1)]`. */
function oldRows(
  { groups, outputs, unknowns }: LinearLayer,
  { weights, bias }: LinearWeights,
  group: number,
  withBias: boolean,
): Float64Array {
  const perGroup = outputs / groups;
  const width = unknowns + (withBias ? 1 : 0);
  const rows = new Float64Array(perGroup * width);
  for (let row = 0; row < perGroup; row++) {
    const output = group * perGroup + row;
    rows.set(weights.subarray(output * unknowns, (output + 1) * unknowns), row * width);
    if (withBias) rows[row * width + unknowns] = bias?.[output] ?? 0;
  }
  return rows;
}

function joined({ groups, outputs, unknowns }: LinearLayer, solutions: readonly Float64Array[], withBias: boolean): LinearWeights {
  const perGroup = outputs / groups;
  const width = unknowns + (withBias ? 1 : 0);
  const weights = new Float32Array(outputs * unknowns);
  const bias = new Float32Array(outputs);
  for (const [group, rows] of solutions.entries()) {
    for (let row = 0; row < perGroup; row++) {
      const output = group * perGroup + row;
      weights.set(rows.subarray(row * width, row * width + unknowns), output * unknowns);
      if (withBias) bias[output] = rows[row * width + unknowns] ?? 0;
    }
  }
  return { weights, bias: withBias ? bias : undefined };
}

function scaled({ unknowns }: LinearLayer, old: LinearWeights, solutions: readonly Float64Array[], withBias: boolean): LinearWeights {
  const weights = old.weights.map((weight, place) => weight * (solutions[Math.floor(place / unknowns)]?.[0] ?? 1));
  return { weights, bias: withBias ? Float32Array.from(solutions, ([, bias = 0]) => bias) : undefined };
}
