import type { AxisPair, Layer, ModelGraph } from '../../graph/model-graph';
import type { CircularState, PositionalState } from '../circular/circular-state';
import type { MeasureLevel } from '../contracts';
import { area, commonMultiple, isMultiple, mapSize } from '../../graph/period';
import { tailStep } from './tail-step';
import { multiplyAdds } from './work-estimate';

/** What the grouping needs to know of the graph after propagation. */
export interface LevelRequest {
  readonly graph: ModelGraph;
  readonly size: AxisPair;
  readonly states: ReadonlyMap<string, CircularState>;
  /** Layers to run, in topological order; none of them omitted. */
  readonly layers: readonly Layer[];
  /** Tensors the result needs: measured maps and the model's output. */
  readonly wanted: ReadonlySet<string>;
}

/**
 * Groups layers by period. Periods are made a chain, each a multiple of the one before, by running least common multiples
 * (a layer evaluated at more phases than its own period needs is still exact), so that the phases form a tree. Layers with a value
 * of their own for every shift come last, in a level of their own.
 */
export function groupIntoLevels(request: LevelRequest): readonly MeasureLevel[] {
  const isTail = (layer: Layer): boolean => tailed(request, layer) !== undefined;
  const regular = periodChain(request.layers.filter((layer) => !isTail(layer)).map((layer) => layerPeriod(request, layer)));
  const chain = request.layers.some(isTail) ? [...regular, request.size] : regular;
  const levelOf = new Map<string, number>();
  const members: Layer[][] = chain.map(() => []);
  for (const layer of request.layers) {
    const period = layerPeriod(request, layer);
    const enough = isTail(layer) ? regular.length : regular.findIndex((candidate) => isMultiple(candidate, period));
    const level = Math.max(enough, ...layer.inputs.map((tensor) => levelOf.get(tensor) ?? 0));
    for (const output of layer.outputs) levelOf.set(output, level);
    members[level]?.push(layer);
  }
  const lastRead = new Map<string, number>();
  for (const layer of request.layers) {
    const level = levelOf.get(layer.outputs[0] ?? '') ?? 0;
    for (const tensor of layer.inputs) lastRead.set(tensor, Math.max(level, lastRead.get(tensor) ?? 0));
  }
  return chain.map((period, level) => {
    const described = describeLevel(request, period, members[level] ?? [], (tensor) => (lastRead.get(tensor) ?? 0) > level);
    return level < regular.length
      ? described
      : { ...described, step: tailStep(request.size, regular.at(-1) ?? [1, 1], described.multiplyAdds) };
  });
}

/** The state of a layer that has a value of its own for every shift of the image. */
function tailed({ states }: LevelRequest, layer: Layer): PositionalState | undefined {
  const state = states.get(layer.outputs[0] ?? '');
  return state?.kind === 'positional' ? state : undefined;
}

function periodChain(periods: readonly AxisPair[]): readonly AxisPair[] {
  const chain: AxisPair[] = [[1, 1]];
  for (const period of [...periods].sort((a, b) => area(a) - area(b))) {
    const last = chain.at(-1) ?? period;
    const joined = commonMultiple(last, period);
    if (area(joined) > area(last)) chain.push(joined);
  }
  return chain;
}

function layerPeriod({ states, size }: LevelRequest, layer: Layer): AxisPair {
  const state = states.get(layer.outputs[0] ?? '');
  return state?.kind === 'spatial' || state?.kind === 'global' || state?.kind === 'tokens' ? state.period : size;
}

function describeLevel(
  { graph, size, states, wanted }: LevelRequest,
  period: AxisPair,
  members: readonly Layer[],
  isReadLater: (tensor: string) => boolean,
): MeasureLevel {
  const outputSize = (tensor: string): AxisPair | undefined => {
    const state = states.get(tensor);
    const map = state?.kind === 'positional' ? state.map : state;
    return map?.kind === 'spatial' ? mapSize(size, map.stride) : undefined;
  };
  return { period, step: [1, 1], ...levelWork(graph, members, (tensor) => wanted.has(tensor) || isReadLater(tensor), outputSize) };
}

/**
 * What a level has to do to run its layers.
 * @param leaves whether a tensor is wanted outside the level
 * @param outputSize of a tensor that is a map
 */
export function levelWork(
  graph: ModelGraph,
  members: readonly Layer[],
  leaves: (tensor: string) => boolean,
  outputSize: (tensor: string) => AxisPair | undefined,
): Omit<MeasureLevel, 'period' | 'step'> {
  const produced = new Set(members.flatMap((layer) => layer.outputs));
  return {
    layers: members.map((layer) => layer.name),
    feeds: [...new Set(members.flatMap((layer) => layer.inputs))].filter((tensor) => !produced.has(tensor)),
    fetches: [...produced].filter(leaves),
    batchable: runsInBatches(graph, members),
    multiplyAdds: members.reduce((sum, layer) => sum + multiplyAdds(graph, layer, outputSize(layer.outputs[0] ?? '')), 0),
  };
}

/** Whether layers run several images at once, and give for each what they give for it alone. */
export function runsInBatches(graph: ModelGraph, layers: readonly Layer[]): boolean {
  return layers.every((layer) => layer.mixesImages !== true && !fixesBatch(graph, layer));
}

/**
 * A layer whose result has a fixed batch size although its input's is open, such as a Reshape to a constant shape; and one that gives or
 * takes a single value for the whole batch, as the scale of a map that is quantized while the model runs.
 */
function fixesBatch(graph: ModelGraph, layer: Layer): boolean {
  const batchOf = (tensor: string | undefined): number | null | undefined => graph.tensors.get(tensor ?? '')?.shape?.[0];
  if ([...layer.inputs, ...layer.outputs].some((tensor) => graph.tensors.get(tensor)?.shape?.length === 0)) return true;
  return layer.operation.kind === 'positional' && typeof batchOf(layer.outputs[0]) === 'number' && batchOf(layer.inputs[0]) === null;
}
