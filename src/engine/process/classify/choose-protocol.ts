import { t } from '@vscode/l10n';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import { classScores, deployedPlan, outputOnly } from '../../../core/equivariance/plan/output-plan';
import { openSize, planMeasurement } from '../../../core/equivariance/plan/plan';
import { planWork } from '../../../core/equivariance/plan/plan-work';
import type { ModelGraph } from '../../../core/graph/model-graph';
import type { ChosenPreprocessing } from '../../../core/input/preprocessing';
import { ModelError } from '../../../core/model-error';
import type { ClassifyOptions, ClassifySettings, Protocol } from '../../protocol/classifying';
import { requireFit } from '../model/require-fit';
import type { FolderInput } from './classify-folder';

/** How a model is classified with. */
export interface ChosenProtocol {
  readonly plan: MeasurePlan;
  readonly protocol: Protocol;
  /** Why this protocol, as a clause; empty where it was asked for. */
  readonly protocolReason: string;
}

/** @throws ModelError `unsupported` where the wanted protocol cannot give class scores, `too-large` where memory does not suffice */
export function chooseProtocol(
  graph: ModelGraph,
  { protocol: wanted, size, memoryBudgetBytes }: Pick<ClassifyOptions, 'protocol' | 'size' | 'memoryBudgetBytes'>,
): ChosenProtocol {
  const circular = planMeasurement(graph, openSize(graph, size));
  requireFit(circular, memoryBudgetBytes);
  const { output } = circular;
  if (wanted === 'deployed' || (wanted === undefined && !output.ok)) {
    const protocolReason = wanted === undefined && !output.ok ? output.reason : '';
    return { plan: deployedPlan(circular, graph, [classScores(graph)]), protocol: 'deployed', protocolReason };
  }
  if (!output.ok) throw new ModelError('unsupported', t`The circular protocol gives no class scores: ${output.reason}`);
  return { plan: outputOnly(circular, graph), protocol: 'circular', protocolReason: '' };
}

/** What the images of a folder are shown to a model as. */
export function shownAs(
  { plan, graph, protocol }: Pick<ChosenProtocol, 'plan' | 'protocol'> & { readonly graph: ModelGraph },
  { preprocessing }: ChosenPreprocessing,
): FolderInput {
  return { input: plan.input, layout: graph.layout, protocol, preprocessing };
}

/** Multiply-adds that a folder of images takes: every image runs unshifted, and for both shifts of every pair. */
export function classifyingWork({ plan }: Pick<ChosenProtocol, 'plan'>, { pairs }: Pick<ClassifyOptions, 'pairs'>, images: number): number {
  return images * planWork(plan, 1 + 2 * pairs);
}

/** What a classification was done with. */
export function settingsOf(
  { plan, protocol, protocolReason }: ChosenProtocol,
  pixels: ChosenPreprocessing,
  backend: string,
  notesOfRun: readonly string[],
): ClassifySettings {
  return {
    backend,
    protocol,
    protocolReason,
    size: plan.input.size,
    preprocessing: pixels.name,
    preprocessingReason: pixels.reason,
    notes: [...plan.notes, ...notesOfRun],
  };
}
