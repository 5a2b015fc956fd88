import { largestShift } from '../../../core/consistency/shift-pairs';
import {
  deployedMaps,
  mapsInFront,
  measureDeployed as measureOnCrops,
  placeShifts,
  unplacedMaps,
  type ShiftGrid,
} from '../../../core/equivariance/measure/deployed';
import type { OmittedLayer } from '../../../core/equivariance/plan/measure-plan';
import { deployedPlan } from '../../../core/equivariance/plan/output-plan';
import { openSize, planMeasurement } from '../../../core/equivariance/plan/plan';
import { planWork } from '../../../core/equivariance/plan/plan-work';
import { namedLayer } from '../../../core/graph/layer-labels';
import type { AxisPair, ModelGraph } from '../../../core/graph/model-graph';
import { ModelError } from '../../../core/model-error';
import { cropOf, prepareCanvas } from '../../input/input';
import type { DeployedMeasureOptions } from '../../protocol/measuring';
import type { CallRequest } from '../../protocol/calls';
import type { Handler, ServedCall } from '../handler';
import { followedBy, withOpenedModel } from '../model/opened-model';
import { notesOn, withSignalShape } from '../model/planned-input';
import { requireFit } from '../model/require-fit';

/** Which maps are measured, and which are left out. */
interface WantedMaps {
  readonly fetches: readonly string[];
  readonly omitted: readonly OmittedLayer[];
}

/** Heatmaps of a model exactly as it is, on crops of a larger canvas; where it does not run as a whole, of the part that does. */
export const measureDeployed: Handler<'measure-deployed'> = async (request, call) => {
  try {
    return await measureMaps(request, call, (graph) => ({ fetches: deployedMaps(graph), omitted: unplacedMaps(graph) }));
  } catch (error) {
    if (!(error instanceof ModelError) || error.code !== 'unsupported') throw error;
    return measureMaps(request, call, (graph) => partThatRuns(graph, error));
  }
};

/** What does not follow from layers that nothing is known of. @throws ModelError the given one where that is all or nothing */
function partThatRuns(graph: ModelGraph, error: ModelError): WantedMaps {
  const [all, fetches] = [deployedMaps(graph), mapsInFront(graph)];
  if (fetches.length === 0 || fetches.length === all.length) throw error;
  const left = new Set(all.filter((tensor) => !fetches.includes(tensor)));
  const behind = graph.layers.filter(({ outputs: [tensor = ''] }) => left.has(tensor));
  return { fetches, omitted: [...unplacedMaps(graph), ...behind.map((layer) => ({ ...namedLayer(layer), reason: error.message }))] };
}

function measureMaps(
  { model: payload, input, options }: CallRequest<'measure-deployed'>,
  call: ServedCall<'measure-deployed'>,
  wanted: (graph: ModelGraph) => WantedMaps,
) {
  return withOpenedModel(
    { model: payload, options },
    async ({ graph, pixels: { preprocessing } }) => {
      const { fetches, omitted } = wanted(graph);
      const plan = deployedPlan(planMeasurement(graph, openSize(graph, options.size)), graph, fetches, omitted);
      requireFit(plan, options.memoryBudgetBytes);
      const grid = gridOf(plan.input.size, options);
      const want = { ...plan.input, layout: graph.layout, preprocessing };
      const canvas = await prepareCanvas(withSignalShape(input, graph), want, grid.largest);
      const multiplyAdds = placeShifts(grid).shifts.length * planWork(plan);
      return { plan, multiplyAdds, grid, crop: (shift: AxisPair) => cropOf(canvas, want, grid.largest, shift) };
    },
    async ({ engine, plan, graph, model, crop, grid, pixels, memoryBudgetBytes }) => {
      const measurement = await measureOnCrops({ plan, graph, model }, crop, grid, {
        ...followedBy(call),
        metric: options.metric,
        memoryBudgetBytes,
      });
      return (
        measurement && {
          backend: engine.backend,
          measurement,
          notes: [...notesOn(input, pixels), ...measurement.notes, ...engine.notesOfRun()],
        }
      );
    },
  );
}

/** Shifts on either side of none, along each axis, unless the user asks for a step. */
const defaultReach = 4;

function gridOf(size: AxisPair, { pattern, largest, step }: DeployedMeasureOptions): ShiftGrid {
  const most: AxisPair = largest === undefined ? largestShift(size) : [Math.min(largest, size[0] - 1), Math.min(largest, size[1] - 1)];
  return { pattern, largest: most, step: step ?? Math.max(1, Math.ceil(Math.max(...most) / defaultReach)) };
}
