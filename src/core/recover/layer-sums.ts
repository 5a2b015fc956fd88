import { LayerEquations, type EquationOptions } from './layer-equations';
import type { LinearLayer, LinearWeights } from './linear-layer';
import { LowerMatrix } from './lower-matrix';
import type { AddProducts } from './matrix-products';
import { NormalEquations } from './normal-equations';
import type { LayerSamples } from './solve-layer';
import type { RecoveryStep } from './steps';

/** Sums of one layer, and the weights they start from. */
export interface LayerSums {
  readonly step: RecoveryStep;
  readonly old: LinearWeights;
  readonly samples: LayerSamples;
}

/** @param budgetBytes what the sums may take; beyond, one scale and bias an output are solved for */
export async function startSums(step: RecoveryStep, budgetBytes: number, addProducts: AddProducts): Promise<LayerSums> {
  const { linear } = step;
  const old = await linear.read();
  const equations: EquationOptions = {
    withBias: linear.biasPlace !== 'none',
    onlyScale: bytesOfSums(linear) > budgetBytes,
    addProducts,
  };
  const samples = { fitted: new LayerEquations(step, old, equations), heldOut: new LayerEquations(step, old, equations), ...equations };
  return { step, old, samples };
}

/** What solving a layer takes: the sums of both kinds of samples, and the factor of one. */
function bytesOfSums({ groups, unknowns, outputs }: LinearLayer): number {
  return 2 * groups * NormalEquations.bytes(unknowns + 1, outputs / groups) + LowerMatrix.bytes(unknowns + 1);
}

/** What the sums of layers that are solved from one run take. */
export function bytesOfStage(steps: readonly RecoveryStep[], budgetBytes: number): number {
  return steps.reduce((sum, { linear }) => {
    const bytes = bytesOfSums(linear);
    return sum + (bytes > budgetBytes ? 0 : bytes);
  }, 0);
}

/** Takes stages apart whose sums do not fit the memory together. */
export function fittingStages(stages: readonly (readonly RecoveryStep[])[], budgetBytes: number): readonly (readonly RecoveryStep[])[] {
  return stages.flatMap((steps) => {
    const parts: RecoveryStep[][] = [];
    for (const step of steps) {
      const last = parts.at(-1);
      if (last !== undefined && bytesOfStage([...last, step], budgetBytes) <= budgetBytes) last.push(step);
      else parts.push([step]);
    }
    return parts;
  });
}
