import type { ModelGraph } from '../graph/model-graph';
import type { RecoveryStep } from './steps';

/**
 * Groups steps that can be solved from one run: none lies behind another. Stages come in the model's order, so that when one is
 * solved, everything in front of it has been.
 */
export function stagesOf(fixed: ModelGraph, steps: readonly RecoveryStep[]): readonly (readonly RecoveryStep[])[] {
  const solved = new Map(steps.map((step) => [step.fixed.name, step]));
  const depths = new Map<string, number>();
  const stages: RecoveryStep[][] = [];
  for (const layer of fixed.layers) {
    const depth = Math.max(0, ...layer.inputs.map((tensor) => depths.get(tensor) ?? 0));
    const step = solved.get(layer.name);
    if (step !== undefined) (stages[depth] ??= []).push(step);
    for (const tensor of layer.outputs) depths.set(tensor, step === undefined ? depth : depth + 1);
  }
  return stages;
}
