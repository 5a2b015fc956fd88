import { t } from '@vscode/l10n';
import type { Dimension, Window } from '../../../graph/model-graph';
import { windowOutputSize } from '../../../graph/window';
import { numberAt } from '../../tfjs/json';
import { activationOf, windowOf } from '../read/layer-config';
import { changedShape, incomplete, joinShape, splitShape, type LayerBuilder, type LayerCall } from './layer-call';

/**
 * The window of a layer as it acts on its input: along an axis of length 1 there is one sample to pick, whatever the stride.
 * Sequences stand in maps of one row, and native kernels want both strides alike.
 */
function windowOn(
  { config, inputs, layout }: LayerCall,
  kernelKey: string,
  axes: number,
  strideDefault: 'one' | 'kernel',
): Window | undefined {
  const window = windowOf(config, kernelKey, axes, strideDefault);
  const size = splitShape(inputs[0], layout)?.size ?? [];
  return window && { ...window, stride: window.stride.map((step, axis) => (size[axis] === 1 ? 1 : step)) };
}

/** Convolution whose outputs each read all channels (of their group). */
export function convolution(axes: number): LayerBuilder {
  return (call) => {
    const window = windowOn(call, 'kernel_size', axes, 'one');
    if (window === undefined) return incomplete(call);
    const inChannels = splitShape(call.inputs[0], call.layout)?.channels ?? null;
    const outChannels = numberAt(call.config, 'filters') ?? null;
    const groups = numberAt(call.config, 'groups') ?? 1;
    return {
      operation: { kind: 'convolution', window, groups, inChannels, outChannels, activation: activationOf(call.config) },
      shape: changedShape(call, axes, ({ size }) => ({ channels: outChannels, size: windowOutputSize(window, size) })),
    };
  };
}

/**
 * One kernel (or `depth_multiplier` of them) per channel. TensorFlow.js ignores this layer's `dilation_rate`, so it does nothing here
 * either.
 */
export const depthwiseConvolution: LayerBuilder = (call) => {
  const declared = windowOn(call, 'kernel_size', 2, 'one');
  if (declared === undefined) return incomplete(call);
  const window: Window = { ...declared, dilation: declared.kernel.map(() => 1) };
  const inChannels = splitShape(call.inputs[0], call.layout)?.channels ?? null;
  const outChannels = inChannels === null ? null : inChannels * (numberAt(call.config, 'depth_multiplier') ?? 1);
  return {
    operation: { kind: 'convolution', window, groups: inChannels ?? 1, inChannels, outChannels, activation: activationOf(call.config) },
    shape: changedShape(call, 2, ({ size }) => ({ channels: outChannels, size: windowOutputSize(window, size) })),
  };
};

/**
 * A convolution of every step of a sequence with a state that goes from step to step, whose own convolution has stride 1. It gives all
 * steps, or the last one alone.
 */
export function recurrentConvolution(axes: number): LayerBuilder {
  return (call) => {
    const built = convolution(axes)({ ...call, inputs: call.inputs.map((shape) => shape?.toSpliced(1, 1)) });
    const steps = call.inputs[0]?.[1] ?? null;
    const shape = call.config['return_sequences'] === true ? built.shape?.toSpliced(1, 0, steps) : built.shape;
    return { ...built, shape, isOverTime: true, sealed: t('its state goes from step to step at the size that its stride leaves') };
  };
}

/** Learned upsampling. SAME gives length * stride, VALID adds what the kernel is wider than the stride. */
export function transposedConvolution(axes: number): LayerBuilder {
  return (call) => {
    const window = windowOf(call.config, 'kernel_size', axes, 'one');
    if (window === undefined) return incomplete(call);
    const grow = (length: Dimension, axis: number): Dimension => {
      if (length === null) return null;
      const step = window.stride[axis] ?? 1;
      return window.padding.kind === 'same-upper' ? length * step : length * step + Math.max((window.kernel[axis] ?? 1) - step, 0);
    };
    const channels = numberAt(call.config, 'filters') ?? null;
    return {
      operation: { kind: 'transposed-convolution', window },
      shape: changedShape(call, axes, ({ size }) => ({ channels, size: size.map(grow) })),
    };
  };
}

/** Max- or average-pool; TensorFlow's average leaves the padding out of its count. */
export function pool(axes: number, kind: 'max' | 'average'): LayerBuilder {
  return (call) => {
    const window = windowOn(call, 'pool_size', axes, 'kernel');
    if (window === undefined) return incomplete(call);
    return {
      operation: kind === 'max' ? { kind: 'max-pool', window } : { kind: 'average-pool', window, countsPadding: false },
      shape: changedShape(call, axes, ({ size }) => ({ size: windowOutputSize(window, size) })),
    };
  };
}

/** One value per channel; with `keepdims` the spatial axes stay, of length 1. */
export const globalPool: LayerBuilder = ({ inputs, layout, config }) => {
  const positions = splitShape(inputs[0], layout);
  const keepsAxes = config['keepdims'] === true;
  return {
    operation: { kind: 'global-pool' },
    shape:
      positions &&
      (keepsAxes ? joinShape({ ...positions, size: positions.size.map(() => 1) }, layout) : [positions.batch, positions.channels]),
  };
};
