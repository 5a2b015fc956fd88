import { largestShift } from '../../core/consistency/shift-pairs';
import type { CancellationProbe } from '../../core/equivariance/walk/circular-model';
import { deployedMaps, measureDeployed, type ShiftGrid } from '../../core/equivariance/measure/deployed';
import { deployedPlan } from '../../core/equivariance/plan/output-plan';
import { openSize, planMeasurement } from '../../core/equivariance/plan/plan';
import type { AxisPair } from '../../core/graph/model-graph';
import { choosePreprocessing, preprocessingNote } from '../../core/input/preprocessing';
import { cropOf, prepareCanvas } from '../input/input';
import type { DeployedMeasureOptions, EngineEvent, EngineRequest } from '../protocol/protocol';
import { budgetForMaps, engineFor, nextTurn, readModel } from './resources';

type DeployedRequest = Extract<EngineRequest, { kind: 'measure-deployed' }>;

/**
 * Measures a model exactly as it is, on crops of a larger canvas.
 * @throws ModelError where the model or the input cannot be used
 */
export async function serveDeployed(
  request: DeployedRequest,
  emit: (event: EngineEvent) => void,
  cancellation: CancellationProbe,
): Promise<void> {
  const { id, model, input, options } = request;
  const { format, graph } = await readModel(model);
  const plan = deployedPlan(planMeasurement(graph, openSize(graph, options.size)), graph, deployedMaps(graph));
  const { size } = plan.input;
  const pixels = choosePreprocessing(graph, options.preprocessing);
  const grid = gridOf(size, options);
  const want = { ...plan.input, layout: graph.layout, preprocessing: pixels.preprocessing };
  const canvas = await prepareCanvas(input, want, grid.largest);
  const engine = await engineFor(format.id);
  const opened = await engine.openCircular(model, graph, plan);
  try {
    const measurement = await measureDeployed(plan, graph, opened, (shift) => cropOf(canvas, want, grid.largest, shift), grid, {
      metric: options.metric,
      memoryBudgetBytes: budgetForMaps(options.memoryBudgetBytes, graph, model.bytes.length),
      cancellation,
      onProgress: (done) => {
        emit({ kind: 'progress', id, done });
      },
      pause: nextTurn,
    });
    if (measurement === undefined) emit({ kind: 'cancelled', id });
    else
      emit({ kind: 'deployed', id, backend: engine.backend, measurement, notes: input.kind === 'image' ? preprocessingNote(pixels) : [] });
  } finally {
    await opened.dispose();
  }
}

/** Shifts on either side of none, along each axis, unless the user asks for a step. */
const defaultReach = 4;

function gridOf(size: AxisPair, { pattern, largest, step }: DeployedMeasureOptions): ShiftGrid {
  const most: AxisPair = largest === undefined ? largestShift(size) : [Math.min(largest, size[0] - 1), Math.min(largest, size[1] - 1)];
  return { pattern, largest: most, step: step ?? Math.max(1, Math.ceil(Math.max(...most) / defaultReach)) };
}
