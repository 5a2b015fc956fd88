import { largestShift } from '../../../core/consistency/shift-pairs';
import { deployedMaps, measureDeployed as measureOnCrops, type ShiftGrid } from '../../../core/equivariance/measure/deployed';
import { deployedPlan } from '../../../core/equivariance/plan/output-plan';
import { openSize, planMeasurement } from '../../../core/equivariance/plan/plan';
import type { AxisPair } from '../../../core/graph/model-graph';
import { cropOf, prepareCanvas } from '../../input/input';
import type { DeployedMeasureOptions } from '../../protocol/measuring';
import type { Handler } from '../handler';
import { followedBy, withOpenedModel } from '../model/opened-model';
import { notesOn, withSignalShape } from '../model/planned-input';
import { requireFit } from '../model/require-fit';

/** Heatmaps of a model exactly as it is, on crops of a larger canvas. */
export const measureDeployed: Handler<'measure-deployed'> = ({ model: payload, input, options }, call) =>
  withOpenedModel(
    { model: payload, options },
    async ({ graph, pixels: { preprocessing } }) => {
      const plan = deployedPlan(planMeasurement(graph, openSize(graph, options.size)), graph, deployedMaps(graph));
      requireFit(plan, options.memoryBudgetBytes);
      const grid = gridOf(plan.input.size, options);
      const want = { ...plan.input, layout: graph.layout, preprocessing };
      const canvas = await prepareCanvas(withSignalShape(input, graph), want, grid.largest);
      return { plan, grid, crop: (shift: AxisPair) => cropOf(canvas, want, grid.largest, shift) };
    },
    async ({ backend, notesOfRun, plan, graph, model, crop, grid, pixels, memoryBudgetBytes }) => {
      const measurement = await measureOnCrops({ plan, graph, model }, crop, grid, {
        ...followedBy(call),
        metric: options.metric,
        memoryBudgetBytes,
      });
      return measurement && { backend, measurement, notes: [...notesOn(input, pixels), ...measurement.notes, ...notesOfRun()] };
    },
  );

/** Shifts on either side of none, along each axis, unless the user asks for a step. */
const defaultReach = 4;

function gridOf(size: AxisPair, { pattern, largest, step }: DeployedMeasureOptions): ShiftGrid {
  const most: AxisPair = largest === undefined ? largestShift(size) : [Math.min(largest, size[0] - 1), Math.min(largest, size[1] - 1)];
  return { pattern, largest: most, step: step ?? Math.max(1, Math.ceil(Math.max(...most) / defaultReach)) };
}
