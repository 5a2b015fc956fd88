import { t } from '@vscode/l10n';
import type { Dimension, Shape } from '../../../../graph/model-graph';
import { textsOf, type GraphNode } from '../../read/node';
import { opaque, valuesAt, type OperatorCall, type OperatorResult } from '../call';
import type { GraphOperator } from '../operator';
import { alongPositions, channelsOf, incomplete, layoutOf, placed, readWindow, windowShape } from '../window';

const computedWeights = t('its weights are computed while the model runs');

/** Operators that weigh the samples of each window. */
export const convolutions: readonly GraphOperator[] = [
  { names: ['Conv1D', 'Conv2D', 'Conv3D', '_FusedConv2D'], infer: convolution, kernel: 'full' },
  {
    names: ['DepthwiseConv2d', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2dNative'],
    infer: depthwiseConvolution,
    kernel: 'depthwise',
  },
  { names: ['Conv2DBackpropInput', 'Conv2dTranspose'], infer: transposedConvolution },
];

/** Convolution whose outputs each read all channels of their group; weights `[...window, in / groups, out]`. */
function convolution(call: OperatorCall): OperatorResult {
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
}

/** One kernel (or several) per channel; weights `[...window, channels, multiplier]`. */
function depthwiseConvolution(call: OperatorCall): OperatorResult {
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
}

/** Operators that a grappler-optimised graph fuses into a convolution; the bias is none that bends. */
function fusedActivation(node: GraphNode): string | null {
  const fused = textsOf(node, 'fused_ops').filter((name) => name !== 'BiasAdd' && name !== 'FusedBatchNorm');
  return fused[0] ?? null;
}

/** Conv2DBackpropInput: reads the output's shape, the weights `[...window, out, in]` and the map. */
function transposedConvolution(call: OperatorCall): OperatorResult {
  const layout = layoutOf(call);
  const weight = call.inputs[1];
  const map = call.inputs[2];
  const kernel = lengths(weight?.shape?.slice(0, -2));
  const window = kernel && readWindow({ ...call, inputs: map === undefined ? [] : [map] }, kernel);
  if (window === undefined) return opaque(incomplete);
  const declared = valuesAt(call, 0);
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
}

function lengths(shape: Shape): readonly number[] | undefined {
  const known = shape?.filter((length) => length !== null);
  return known !== undefined && known.length > 0 && known.length === shape?.length ? known : undefined;
}
