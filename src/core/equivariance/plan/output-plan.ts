import { t } from '@vscode/l10n';
import { ModelError } from '../../model-error';
import type { AxisPair, Dimension, ModelGraph } from '../../graph/model-graph';
import { levelWork, runsInBatches } from './measure-levels';
import type { MeasureLevel } from '../contracts';
import type { MeasurePlan } from './measure-plan';
import { mapSize } from '../../graph/period';
import { ancestors } from './ancestors';
import { inputTensors } from './planned-input';

/** The part of a plan that an output needs, by default the model's own: no heatmaps, and only the tensors that lead to it. */
export function outputOnly(plan: MeasurePlan, graph: ModelGraph, output: MeasurePlan['output'] = plan.output): MeasurePlan {
  if (!output.ok) return { ...plan, layers: [], levels: [] };
  const { layers } = ancestors(graph, [output.tensor]);
  return { ...partOfPlan(plan, graph, new Set(layers.map(({ name }) => name)), new Set([output.tensor])), output, layers: [] };
}

/** The part of a plan that runs some of its layers for the tensors that are wanted of them; what they read of others is fed. */
export function partOfPlan(plan: MeasurePlan, graph: ModelGraph, kept: ReadonlySet<string>, wanted: ReadonlySet<string>): MeasurePlan {
  const layers = new Map(graph.layers.map((layer) => [layer.name, layer]));
  const members = plan.levels.map((level) => level.layers.flatMap((name) => (kept.has(name) ? (layers.get(name) ?? []) : [])));
  const outputSize = (tensor: string): AxisPair | undefined => {
    const stride = plan.strides.get(tensor);
    return stride && mapSize(plan.input.size, stride);
  };
  const levels = plan.levels.map(({ period, step }, index): MeasureLevel => {
    const readLater = new Set(
      members
        .slice(index + 1)
        .flat()
        .flatMap(({ inputs }) => inputs),
    );
    return { period, step, ...levelWork(graph, members[index] ?? [], (tensor) => wanted.has(tensor) || readLater.has(tensor), outputSize) };
  });
  return { ...plan, levels, layers: plan.layers.filter(({ tensor }) => wanted.has(tensor)) };
}

/**
 * A plan that runs the model exactly as it is, in one level without any wrapping: the deployed protocol, whose shifts are
 * crops of a larger canvas.
 *
 * @param circular the plan of the circular protocol, for the input
 * @param fetches tensors that are wanted
 * @param omitted layers whose maps are not
 */
export function deployedPlan(
  circular: MeasurePlan,
  graph: ModelGraph,
  fetches: readonly string[],
  omitted: MeasurePlan['omitted'] = [],
): MeasurePlan {
  const { input } = circular;
  const size: AxisPair = [input.declaredSize[0] ?? input.size[0], input.declaredSize[1] ?? input.size[1]];
  const needed = ancestors(graph, fetches);
  const layers = needed.layers.map(({ name }) => name);
  const multiplyAdds = circular.levels.reduce((sum, level) => sum + level.multiplyAdds, 0);
  return {
    input: { ...input, size },
    levels: [
      {
        period: [1, 1],
        step: [1, 1],
        layers,
        feeds: inputTensors(input).filter((tensor) => needed.tensors.has(tensor)),
        fetches: [...fetches],
        batchable: runsInBatches(graph, needed.layers),
        multiplyAdds,
      },
    ],
    layers: [],
    strides: new Map(input.images.map(({ tensor }) => [tensor, [1, 1]])),
    tokens: new Map(),
    circularPadding: new Map(),
    circularResampling: new Map(),
    foldedPads: new Set(needed.layers.flatMap(({ name, handsOn }) => (handsOn === true ? [name] : []))),
    output: { ok: false, reason: t('The deployed protocol has no map over all shifts.') },
    omitted,
    notes: [],
  };
}

/**
 * A plan that runs an output under the circular protocol in one level, for images that have been rolled: where few shifts are wanted,
 * levels of their own would share little.
 *
 * @param plan of the output alone (`outputOnly`)
 */
export function oneLevelPlan(plan: MeasurePlan): MeasurePlan {
  const { levels, output, input } = plan;
  const read = new Set(levels.flatMap(({ feeds }) => feeds));
  return {
    ...plan,
    levels: [
      {
        period: [1, 1],
        step: [1, 1],
        layers: levels.flatMap(({ layers }) => layers),
        feeds: inputTensors(input).filter((tensor) => read.has(tensor)),
        fetches: output.ok ? [output.tensor] : [],
        batchable: levels.every(({ batchable }) => batchable),
        multiplyAdds: levels.reduce((sum, level) => sum + level.multiplyAdds, 0),
      },
    ],
  };
}

/** The output that holds class scores. @throws ModelError `unsupported` where none is a vector */
export function classScores(graph: ModelGraph): string {
  const output = graph.outputs.find((tensor) => isVector(graph, tensor));
  if (output !== undefined) return output;
  throw new ModelError(
    'unsupported',
    t`None of the model's outputs (${graph.outputs.join(', ')}) is a vector of class scores, so there is nothing to classify by.`,
  );
}

/** Whether a tensor may hold class scores, as far as its shape is known. */
export function isVector(graph: ModelGraph, tensor: string): boolean {
  const shape = graph.tensors.get(tensor)?.shape;
  return shape === undefined || isVectorShape(shape.slice(1));
}

/** Whether numbers of that shape, the batch aside, are a vector: no more than one of its axes is longer than 1. */
export function isVectorShape(shape: readonly Dimension[]): boolean {
  return shape.filter((length) => length !== 1).length <= 1;
}
