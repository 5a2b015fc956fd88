import type { CancellationProbe } from '../../core/equivariance/walk/circular-model';
import type { MeasurePlan } from '../../core/equivariance/plan/measure-plan';
import { classScores, deployedPlan, outputOnly } from '../../core/equivariance/plan/output-plan';
import { openSize, planMeasurement } from '../../core/equivariance/plan/plan';
import { ModelError } from '../../core/model-error';
import type { ModelGraph } from '../../core/graph/model-graph';
import { choosePreprocessing, type ChosenPreprocessing } from '../../core/input/preprocessing';
import { classifyFolder } from './classify-folder';
import { croppedAnswers, rolledAnswers } from './image-answers';
import type { ClassifyOptions, ClassifySettings, EngineEvent, EngineRequest, Protocol } from '../protocol/protocol';
import { budgetForMaps, engineFor, readModel } from './resources';

type ClassifyRequest = Extract<EngineRequest, { kind: 'classify' }>;
type Emit = (event: EngineEvent) => void;

/**
 * Classifies the images of a folder with one model.
 * @throws ModelError where the model cannot be used
 */
export async function serveClassify(
  { id, model, images, options }: ClassifyRequest,
  emit: Emit,
  cancellation: CancellationProbe,
): Promise<void> {
  const { format, graph } = await readModel(model);
  const chosen = chooseProtocol(graph, options);
  const { plan, protocol } = chosen;
  const engine = await engineFor(format.id);
  const pixels = choosePreprocessing(graph, options.preprocessing);
  const opened = await engine.openCircular(model, graph, plan);
  const memoryBudgetBytes = budgetForMaps(options.memoryBudgetBytes, graph, model.bytes.length);
  const answers =
    protocol === 'circular'
      ? rolledAnswers({ plan, graph, model: opened }, [], memoryBudgetBytes, cancellation)
      : croppedAnswers(plan, graph, opened, cancellation);
  const folder = { input: plan.input, layout: graph.layout, protocol, preprocessing: pixels.preprocessing };
  try {
    const classified = await classifyFolder(folder, images, options, 1, answers, cancellation, (index, rows) => {
      for (const row of rows) emit({ kind: 'row', id, row });
      emit({ kind: 'progress', id, done: (index + 1) / images.length });
    });
    const [result] = classified ?? [];
    if (result === undefined) emit({ kind: 'cancelled', id });
    else emit({ kind: 'classified', id, settings: settingsOf(chosen, pixels, engine.backend), ...result });
  } finally {
    await opened.dispose();
  }
}

/** How a model is classified with. */
export interface ChosenProtocol {
  readonly plan: MeasurePlan;
  readonly protocol: Protocol;
  /** Why this protocol, as a clause; empty where it was asked for. */
  readonly protocolReason: string;
}

/** @throws ModelError `unsupported` where the wanted protocol cannot give class scores */
export function chooseProtocol(graph: ModelGraph, { protocol: wanted, size }: Pick<ClassifyOptions, 'protocol' | 'size'>): ChosenProtocol {
  const circular = planMeasurement(graph, openSize(graph, size));
  const { output } = circular;
  if (wanted === 'deployed' || (wanted === undefined && !output.ok)) {
    const protocolReason = wanted === undefined && !output.ok ? output.reason : '';
    return { plan: deployedPlan(circular, graph, [classScores(graph)]), protocol: 'deployed', protocolReason };
  }
  if (!output.ok) throw new ModelError('unsupported', `The circular protocol gives no class scores: ${output.reason}`);
  return { plan: outputOnly(circular, graph), protocol: 'circular', protocolReason: '' };
}

/** What a classification was done with. */
export function settingsOf(
  { plan, protocol, protocolReason }: ChosenProtocol,
  pixels: ChosenPreprocessing,
  backend: string,
): ClassifySettings {
  return {
    backend,
    protocol,
    protocolReason,
    size: plan.input.size,
    preprocessing: pixels.name,
    preprocessingReason: pixels.reason,
    notes: plan.notes,
  };
}
