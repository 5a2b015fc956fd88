import { ModelError } from '../formats/format';
import type { AxisPair, ModelGraph } from '../graph/model-graph';
import type { MeasureLevel, MeasurePlan } from './measure-plan';

/** The part of a plan that an output needs, by default the model's own: no heatmaps, and only the tensors that lead to it. */
export function outputOnly(plan: MeasurePlan, graph: ModelGraph, output: MeasurePlan['output'] = plan.output): MeasurePlan {
  if (!output.ok) return { ...plan, layers: [], levels: [] };
  const needed = ancestors(graph, [output.tensor]);
  const levels = plan.levels.map((level): MeasureLevel => ({
    ...level,
    layers: level.layers.filter((layer) => needed.layers.has(layer)),
    feeds: level.feeds.filter((tensor) => needed.tensors.has(tensor)),
  }));
  const fed = new Set(levels.flatMap(({ feeds }) => feeds));
  return {
    ...plan,
    output,
    layers: [],
    levels: levels.map((level) => ({ ...level, fetches: level.fetches.filter((tensor) => fed.has(tensor) || tensor === output.tensor) })),
  };
}

/**
 * A plan that runs the model exactly as it is, in one level without any wrapping: the deployed protocol, whose shifts are
 * crops of a larger canvas.
 *
 * @param circular the plan of the circular protocol, for the input
 * @param fetches tensors that are wanted
 */
export function deployedPlan(circular: MeasurePlan, graph: ModelGraph, fetches: readonly string[]): MeasurePlan {
  const { input } = circular;
  const size: AxisPair = [input.declaredSize[0] ?? input.size[0], input.declaredSize[1] ?? input.size[1]];
  const needed = ancestors(graph, fetches);
  const layers = graph.layers.filter(({ name }) => needed.layers.has(name)).map(({ name }) => name);
  const multiplyAdds = circular.levels.reduce((sum, level) => sum + level.multiplyAdds, 0);
  return {
    input: { ...input, size },
    levels: [{ period: [1, 1], step: [1, 1], layers, feeds: [input.tensor], fetches: [...fetches], batchable: true, multiplyAdds }],
    layers: [],
    strides: new Map(),
    circularPadding: new Map(),
    circularResampling: new Map(),
    foldedPads: new Set(),
    output: { ok: false, reason: 'The deployed protocol has no map over all shifts.' },
    omitted: [],
    notes: [],
  };
}

/** The output that holds class scores. @throws ModelError `unsupported` where none is a vector */
export function classScores(graph: ModelGraph): string {
  const output = graph.outputs.find((tensor) => isVector(graph, tensor));
  if (output !== undefined) return output;
  throw new ModelError('unsupported', `None of the model's outputs (${graph.outputs.join(', ')}) is a vector of class scores, so there is nothing to classify by.`);
}

function isVector(graph: ModelGraph, tensor: string): boolean {
  const shape = graph.tensors.get(tensor)?.shape;
  return shape === undefined || shape.slice(1).filter((length) => length !== 1).length <= 1;
}

function ancestors(graph: ModelGraph, wanted: readonly string[]): { readonly layers: ReadonlySet<string>; readonly tensors: ReadonlySet<string> } {
  const tensors = new Set(wanted);
  const layers = new Set<string>();
  for (const layer of [...graph.layers].reverse()) {
    if (!layer.outputs.some((output) => tensors.has(output))) continue;
    layers.add(layer.name);
    for (const input of layer.inputs) tensors.add(input);
  }
  return { layers, tensors };
}
