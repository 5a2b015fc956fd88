import type { AxisPair, Dimension, Layer, ModelGraph, Shape } from './model-graph';
import { commonMultiple, largestPeriod, periodOf } from './period';

/** Where a tensor's samples lie on the input image. */
export interface Sampling {
  /** Q: image pixels per sample. A fraction after upsampling beyond the input. */
  readonly stride: AxisPair;
  /** N: shifts by a multiple of it only move the tensor. In an encoder N = Q; upsampling shrinks Q but not N. */
  readonly period: AxisPair;
}

/** A tensor with positions, taken apart by the graph's layout. */
export interface SpatialShape {
  readonly channels: Dimension;
  /** One entry per spatial axis: (depth,) height, width. */
  readonly size: readonly Dimension[];
}

/** Splits a tensor's shape into channels and spatial size; undefined where it is unknown or has no spatial axis. */
export function spatialShape(graph: ModelGraph, tensorName: string): SpatialShape | undefined {
  return spatialPart(graph, tensorName, graph.tensors.get(tensorName)?.shape);
}

/** The same of another shape that a tensor might have. */
export function spatialPart(graph: ModelGraph, tensorName: string, shape: Shape): SpatialShape | undefined {
  if (shape === undefined || shape.length < 3) return undefined;
  return (graph.tensors.get(tensorName)?.layout ?? graph.layout) === 'channels-first'
    ? { channels: shape[1] ?? null, size: shape.slice(2) }
    : { channels: shape[shape.length - 1] ?? null, size: shape.slice(1, -1) };
}

/** True for maps between transposes, whose channels are not where the graph's layout says. */
export function hasOtherLayout(graph: ModelGraph, tensorName: string): boolean {
  const layout = graph.tensors.get(tensorName)?.layout;
  return layout !== undefined && layout !== graph.layout;
}

/** The two image axes out of values per spatial axis; a 1-D (audio) model has only the horizontal one. */
export function imageAxes(values: readonly number[], missing = 1): AxisPair {
  return [values.at(-2) ?? missing, values.at(-1) ?? missing];
}

/**
 * Spatial stride and period of every tensor by propagation of the layers' strides; undefined for tensors without
 * positions (after a flatten, a dense layer, a global pool) and behind layers nobody can judge.
 */
export function analyseSampling(graph: ModelGraph): ReadonlyMap<string, Sampling | undefined> {
  const samplings = new Map<string, Sampling | undefined>();
  for (const input of graph.inputs) {
    samplings.set(input, spatialShape(graph, input) && { stride: [1, 1], period: [1, 1] });
  }
  for (const layer of graph.layers) {
    const sampling = propagate(graph, layer, samplings);
    for (const output of layer.outputs) samplings.set(output, mayHavePositions(graph, output) ? sampling : undefined);
  }
  return samplings;
}

/** False for the scale beside a map that is quantized while the model runs, and for all else that is known to be no map. */
function mayHavePositions(graph: ModelGraph, tensor: string): boolean {
  return (graph.tensors.get(tensor)?.shape?.length ?? 3) >= 3;
}

function propagate(graph: ModelGraph, layer: Layer, samplings: ReadonlyMap<string, Sampling | undefined>): Sampling | undefined {
  const { operation } = layer;
  const input = layer.inputs.map((name) => samplings.get(name)).find((sampling) => sampling !== undefined);
  if (input === undefined) return undefined;
  switch (operation.kind) {
    case 'convolution':
    case 'max-pool':
    case 'average-pool':
      return downsample(input, imageAxes(operation.window.stride));
    case 'slice':
      return downsample(input, imageAxes(operation.stride));
    case 'space-to-depth':
      return downsample(input, imageAxes(operation.block));
    case 'transposed-convolution': {
      const [y, x] = imageAxes(operation.window.stride);
      return { stride: [input.stride[0] / y, input.stride[1] / x], period: input.period };
    }
    case 'resize':
      return resize(graph, layer, input);
    case 'merge':
      return meet(layer.inputs.flatMap((name) => samplings.get(name) ?? []));
    case 'pad':
    case 'pointwise':
    case 'channelwise':
      return input;
    case 'global-pool':
    case 'positional':
    case 'opaque':
      return undefined;
  }
}

function downsample(input: Sampling, step: AxisPair): Sampling {
  const stride: AxisPair = [Math.min(input.stride[0] * step[0], largestPeriod), Math.min(input.stride[1] * step[1], largestPeriod)];
  return { stride, period: periodOf(input.period, stride) };
}

function resize(graph: ModelGraph, layer: Layer, input: Sampling): Sampling | undefined {
  const [y, x] = imageAxes(declaredLengths(graph, layer).map(({ before, after }) => before / after));
  return Number.isFinite(y) && Number.isFinite(x) ? downsample(input, [y, x]) : undefined;
}

/** A length in front of a layer and behind it. */
export interface AxisLengths {
  readonly before: number;
  readonly after: number;
}

/** Lengths of a layer's first input and output per spatial axis, as the model declares them; NaN where it leaves one open. */
export function declaredLengths(graph: ModelGraph, { inputs, outputs }: Layer): readonly AxisLengths[] {
  const before = spatialShape(graph, inputs[0] ?? '')?.size ?? [];
  const after = spatialShape(graph, outputs[0] ?? '')?.size ?? [];
  return before.map((length, axis) => ({ before: length ?? Number.NaN, after: after[axis] ?? Number.NaN }));
}

/** Branches that meet have one spatial stride; the coarsest period that holds for all is the least common multiple. */
function meet(samplings: readonly Sampling[]): Sampling | undefined {
  const [first, ...rest] = samplings;
  if (first === undefined) return undefined;
  return rest.reduce(
    (joined, sampling) => ({
      stride: [Math.min(joined.stride[0], sampling.stride[0]), Math.min(joined.stride[1], sampling.stride[1])],
      period: commonMultiple(joined.period, sampling.period),
    }),
    first,
  );
}
