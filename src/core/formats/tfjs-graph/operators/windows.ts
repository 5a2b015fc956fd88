import { channelAxis, spatialAxes } from '../../../graph/layout';
import type { Dimension, Layout, Padding, Shape, Window } from '../../../graph/model-graph';
import { effectiveKernel, windowOutputSize } from '../../../graph/window';
import { flagOf, integersOf, textOf, textsOf, type GraphNode } from '../read/node';
import { inputShape, numbersAt, opaque, type OperatorCall, type OperatorRule } from './call';

const computedWeights = 'its weights are computed while the model runs';
const incomplete = 'its window, strides or padding are not given';

/** Where a window operator expects the channels, whatever stands before it. */
export function declaredLayout(node: GraphNode): Layout | undefined {
  const format = textOf(node, 'data_format');
  return format === undefined ? undefined : format.startsWith('NC') ? 'channels-first' : 'channels-last';
}

/** Convolution whose outputs each read all channels of their group; weights `[...window, in / groups, out]`. */
export const convolution: OperatorRule = (call) => {
  const weight = call.inputs[1];
  if (weight?.constant === undefined) return opaque(computedWeights);
  const kernel = lengths(weight.shape?.slice(0, -2));
  const window = kernel && readWindow(call, kernel);
  if (window === undefined) return opaque(incomplete);
  const inChannels = channelsOf(call);
  const outChannels = weight.shape?.at(-1) ?? null;
  const groupChannels = weight.shape?.at(-2) ?? null;
  const groups = inChannels === null || groupChannels === null || groupChannels === 0 ? 1 : inChannels / groupChannels;
  return {
    operation: { kind: 'convolution', window, groups, inChannels, outChannels, activation: fusedActivation(call.node) },
    shapes: [windowShape(call, window, outChannels)],
    layout: layoutOf(call),
  };
};

/** One kernel (or several) per channel; weights `[...window, channels, multiplier]`. */
export const depthwiseConvolution: OperatorRule = (call) => {
  const weight = call.inputs[1];
  if (weight?.constant === undefined) return opaque(computedWeights);
  const kernel = lengths(weight.shape?.slice(0, -2));
  const window = kernel && readWindow(call, kernel);
  const [inChannels = null, multiplier = null] = weight.shape?.slice(-2) ?? [];
  if (window === undefined || inChannels === null || multiplier === null) return opaque(incomplete);
  const outChannels = inChannels * multiplier;
  return {
    operation: { kind: 'convolution', window, groups: inChannels, inChannels, outChannels, activation: fusedActivation(call.node) },
    shapes: [windowShape(call, window, outChannels)],
    layout: layoutOf(call),
  };
};

/** Operators that a grappler-optimised graph fuses into a convolution; the bias is none that bends. */
function fusedActivation(node: GraphNode): string | null {
  const fused = textsOf(node, 'fused_ops').filter((name) => name !== 'BiasAdd' && name !== 'FusedBatchNorm');
  return fused[0] ?? null;
}

/** Max- or average-pool; TensorFlow's average leaves the padding out of its count. */
export function pool(kind: 'max' | 'average'): OperatorRule {
  return (call) => {
    const sizes = integersOf(call.node, 'ksize');
    const window = sizes && readWindow(call, alongPositions(sizes, layoutOf(call)));
    if (window === undefined) return opaque(incomplete);
    const shape = windowShape(call, window, channelsOf(call));
    return {
      operation: kind === 'max' ? { kind: 'max-pool', window } : { kind: 'average-pool', window, countsPadding: false },
      shapes: [shape, shape],
      layout: layoutOf(call),
    };
  };
}

/** Conv2DBackpropInput: reads the output's shape, the weights `[...window, out, in]` and the map. */
export const transposedConvolution: OperatorRule = (call) => {
  const layout = layoutOf(call);
  const weight = call.inputs[1];
  const map = call.inputs[2];
  const kernel = lengths(weight?.shape?.slice(0, -2));
  const window = kernel && readWindow({ ...call, inputs: map === undefined ? [] : [map] }, kernel);
  if (window === undefined) return opaque(incomplete);
  const declared = call.inputs[0]?.constant?.values;
  const channels = weight?.shape?.at(-2) ?? null;
  const size = alongPositions(map?.shape ?? [], layout).map((length, axis): Dimension => {
    if (length === null) return null;
    const step = window.stride[axis] ?? 1;
    return window.padding.kind === 'same-upper' ? length * step : (length - 1) * step + Math.max(window.kernel[axis] ?? 1, step);
  });
  const inferred = map?.shape && placed(map.shape, layout, channels, size);
  return {
    operation: { kind: 'transposed-convolution', window },
    shapes: [declared?.map((length, axis) => length ?? inferred?.[axis] ?? null) ?? inferred],
    layout,
  };
};

/** Dilation2D: the maximum over a learned window, which is no plain max-pool. */
export const morphologicalDilation: OperatorRule = () => opaque('it takes maxima over a learned window');

function layoutOf(call: OperatorCall): Layout {
  return declaredLayout(call.node) ?? 'channels-last';
}

function lengths(shape: Shape): readonly number[] | undefined {
  const known = shape?.filter((length) => length !== null);
  return known !== undefined && known.length > 0 && known.length === shape?.length ? known : undefined;
}

function channelsOf(call: OperatorCall): Dimension {
  const shape = inputShape(call, 0);
  return shape?.[channelAxis(layoutOf(call), shape.length)] ?? null;
}

/** The entries of a list over all axes that belong to positions. */
function alongPositions<T>(values: readonly T[], layout: Layout): readonly T[] {
  return spatialAxes(layout, values.length).flatMap((axis) => values.slice(axis, axis + 1));
}

/**
 * The window as it acts on its input: along an axis of length 1 there is one sample to pick, whatever the stride. Between
 * SpaceToBatchND and BatchToSpaceND neighbours stand a block apart.
 */
function readWindow(call: OperatorCall, kernel: readonly number[]): Window | undefined {
  const layout = layoutOf(call);
  const perAxis = (name: string): readonly number[] => {
    const values = integersOf(call.node, name);
    const along = values === undefined ? [] : values.length === 1 ? kernel.map(() => values[0] ?? 1) : alongPositions(values, layout);
    return kernel.map((_, axis) => along[axis] ?? 1);
  };
  const size = alongPositions(inputShape(call, 0) ?? [], layout);
  const padding = readPadding(call.node, layout);
  const stride = perAxis('strides').map((step, axis) => (size[axis] === 1 ? 1 : step));
  if (padding === undefined || [...kernel, ...stride].some((length) => length < 1)) return undefined;
  const window: Window = { kernel, stride, dilation: perAxis('dilations'), padding, ceilMode: false };
  return call.block === undefined ? window : spread(window, call.block);
}

function readPadding(node: GraphNode, layout: Layout): Padding | undefined {
  switch (textOf(node, 'padding')?.toUpperCase()) {
    case 'SAME':
      return { kind: 'same-upper' };
    case 'VALID':
      return { kind: 'valid' };
    case 'EXPLICIT': {
      const amounts = integersOf(node, 'explicit_paddings') ?? [];
      const pairs = Array.from({ length: amounts.length / 2 }, (_, axis) => ({
        begin: amounts[2 * axis] ?? 0,
        end: amounts[2 * axis + 1] ?? 0,
      }));
      const along = alongPositions(pairs, layout);
      return { kind: 'explicit', begin: along.map(({ begin }) => begin), end: along.map(({ end }) => end) };
    }
    default:
      return undefined;
  }
}

/** A dense window on blocks is a dilated one on the map; undefined for a strided one, which would leave blocks out. */
function spread(window: Window, block: readonly number[]): Window | undefined {
  const wide = (values: readonly number[]): readonly number[] => values.map((value, axis) => value * (block[axis] ?? 1));
  if (window.stride.some((step) => step > 1)) return undefined;
  const total = effectiveKernel(window).map((extent) => extent - 1);
  const padding: Padding =
    window.padding.kind === 'same-upper'
      ? {
          kind: 'explicit',
          begin: wide(total.map((amount) => Math.floor(amount / 2))),
          end: wide(total.map((amount) => Math.ceil(amount / 2))),
        }
      : window.padding.kind === 'explicit'
        ? { kind: 'explicit', begin: wide(window.padding.begin), end: wide(window.padding.end) }
        : window.padding;
  return { ...window, dilation: wide(window.dilation), padding };
}

function windowShape(call: OperatorCall, window: Window, channels: Dimension): Shape {
  const shape = inputShape(call, 0);
  const layout = layoutOf(call);
  if (shape?.length !== window.kernel.length + 2) return undefined;
  return placed(shape, layout, channels, windowOutputSize(window, alongPositions(shape, layout)));
}

/** A map of the same batch with other channels and sizes. */
function placed(shape: readonly Dimension[], layout: Layout, channels: Dimension, size: readonly Dimension[]): Shape {
  const [batch = null] = shape;
  return layout === 'channels-first' ? [batch, channels, ...size] : [batch, ...size, channels];
}

/** Sizes of a resize's second input; null where they are computed while the model runs. */
function wantedSize(call: OperatorCall): readonly Dimension[] {
  return numbersAt(call, 1) ?? call.inputs[1]?.constant?.values ?? [null, null];
}

/** ResizeBilinear, ResizeNearestNeighbor: maps `[batch, height, width, channels]` to the size of the second input. */
export function resize(mode: string): OperatorRule {
  return (call) => {
    const shape = inputShape(call, 0);
    const [height = null, width = null] = wantedSize(call);
    const alignsCorners = flagOf(call.node, 'align_corners');
    return {
      operation: { kind: 'resize', mode, ...(alignsCorners && { alignsCorners }) },
      shapes: [shape && [shape[0] ?? null, height, width, shape.at(-1) ?? null]],
      layout: 'channels-last',
    };
  };
}
