import type { Dimension, Padding, SharedKernel, Window } from '../../../graph/model-graph';
import { effectiveKernel, windowOutputSize } from '../../../graph/window';
import { arrayOf } from '../read/constants';
import { elementCount } from '../wire/tensor-values';
import {
  inputShape,
  intAttribute,
  intsAttribute,
  opaque,
  textAttribute,
  type OperatorCall,
  type OperatorInput,
  type OperatorRule,
} from './call';

/** Depthwise kernels with more weights than this are not compared channel by channel. */
const sharedKernelLimit = 1 << 18;

/** Difference of two float32 computations of one filter, relative to its largest weight. */
const roundingTolerance = 1e-6;

const noKernel = 'its window size is neither given nor known from its weights';

/** Conv and its variants, whose weights `[out, in / group, ...kernel]` stand at input `weightIndex`. */
export function convolution(weightIndex: number): OperatorRule {
  return (call) => {
    const weight = call.inputs[weightIndex];
    if (weight?.constant === undefined) return opaque('its weights are computed while the model runs');
    const window = readWindow(
      call,
      weight.shape?.slice(2).filter((length) => length !== null),
    );
    if (window === undefined) return opaque(noKernel);
    if (call.node.opType === 'FusedConv' && call.inputs[3] !== undefined) {
      return opaque('it adds another map to a convolution', pooledShape(call, window, weight.shape?.[0] ?? null));
    }
    const groups = intAttribute(call, 'group', 1);
    const inChannels = timesGroups(weight.shape?.[1] ?? null, groups) ?? inputShape(call, 0)?.[1] ?? null;
    const outChannels = weight.shape?.[0] ?? null;
    const sharedKernel = groups === inChannels && groups === outChannels ? readSharedKernel(weight, groups) : undefined;
    return {
      operation: {
        kind: 'convolution',
        window,
        groups,
        inChannels,
        outChannels,
        activation: fusedActivation(call),
        ...(sharedKernel && { sharedKernel }),
      },
      shapes: [pooledShape(call, window, outChannels)],
    };
  };
}

function timesGroups(channels: Dimension, groups: number): Dimension {
  return channels === null ? null : channels * groups;
}

/** ONNX Runtime's optimised models fuse the activation into `FusedConv`. */
function fusedActivation(call: OperatorCall): string | null {
  const name = textAttribute(call, 'activation', '');
  return name === '' ? null : name;
}

/** MaxPool, with the places of its maxima as a second output. */
export const maxPool: OperatorRule = (call) => {
  const window = dilatedSame(call, readWindow(call, undefined));
  if (window === undefined) return opaque(noKernel);
  const shape = pooledShape(call, window, inputShape(call, 0)?.[1] ?? null);
  return { operation: { kind: 'max-pool', window }, shapes: [shape, shape] };
};

/**
 * ONNX Runtime's maxima and norms pad for SAME as if the kernel were not dilated, and crop where that is below zero: there
 * the amounts are spelt out, where the size is known.
 */
function dilatedSame(call: OperatorCall, window: Window | undefined): Window | undefined {
  const size = inputShape(call, 0)?.slice(2);
  if (window === undefined || size === undefined || window.dilation.every((step) => step === 1)) return window;
  const { kind } = window.padding;
  if ((kind !== 'same-upper' && kind !== 'same-lower') || !size.every((length) => length !== null)) return window;
  const totals = window.kernel.map((kernel, axis) => {
    const [length = 1, stride = 1] = [size[axis], window.stride[axis]];
    return (Math.ceil(length / stride) - 1) * stride + kernel - length;
  });
  const smaller = totals.map((total) => Math.trunc(total / 2));
  const larger = totals.map((total, axis) => total - (smaller[axis] ?? 0));
  const [begin, end] = kind === 'same-upper' ? [smaller, larger] : [larger, smaller];
  return { ...window, padding: { kind: 'explicit', begin, end } };
}

/** AveragePool, also quantized. */
export const averagePool: OperatorRule = (call) => {
  if (intAttribute(call, 'channels_last', 0) === 1) return opaque('it keeps its channels last');
  const window = readWindow(call, undefined);
  if (window === undefined) return opaque(noKernel);
  const countsPadding = intAttribute(call, 'count_include_pad', 0) === 1;
  return {
    operation: { kind: 'average-pool', window, countsPadding },
    shapes: [pooledShape(call, window, inputShape(call, 0)?.[1] ?? null)],
  };
};

/** LpPool: the p-norm of each window, 2 by default; in operator set 1 `p` is a float. */
export const lpPool: OperatorRule = (call) => {
  const window = dilatedSame(call, readWindow(call, undefined));
  if (window === undefined) return opaque(noKernel);
  const power = call.node.attributes.get('p')?.int ?? call.node.attributes.get('p')?.float ?? 2;
  return {
    operation: { kind: 'average-pool', window, countsPadding: false, power },
    shapes: [pooledShape(call, window, inputShape(call, 0)?.[1] ?? null)],
  };
};

/** GlobalAveragePool, GlobalMaxPool, GlobalLpPool. */
export const globalPool: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  if (intAttribute(call, 'channels_last', 0) === 1) return opaque('it keeps its channels last');
  return { operation: { kind: 'global-pool' }, shapes: [shape?.map((length, axis) => (axis < 2 ? length : 1))] };
};

/** ConvTranspose: `output_shape`, or (n - 1) * stride + output_padding + extent - pads. */
export const transposedConvolution: OperatorRule = (call) => {
  const weight = call.inputs[1];
  const window = readWindow(
    call,
    weight?.shape?.slice(2).filter((length) => length !== null),
  );
  if (window === undefined) return opaque(noKernel);
  const shape = inputShape(call, 0);
  const channels = timesGroups(weight?.shape?.[1] ?? null, intAttribute(call, 'group', 1));
  const size = transposedSize(call, window, shape?.slice(2) ?? []);
  return {
    operation: { kind: 'transposed-convolution', window },
    shapes: [shape && [shape[0] ?? null, channels, ...size]],
  };
};

function transposedSize(call: OperatorCall, window: Window, size: readonly Dimension[]): Dimension[] {
  const given = intsAttribute(call, 'output_shape');
  const extra = intsAttribute(call, 'output_padding') ?? [];
  return effectiveKernel(window).map((extent, axis) => {
    const fixed = given?.at(axis - window.kernel.length);
    if (fixed !== undefined) return fixed;
    const length = size[axis] ?? null;
    if (length === null) return null;
    const stride = window.stride[axis] ?? 1;
    const { padding } = window;
    const natural = (length - 1) * stride + (extra[axis] ?? 0) + extent;
    // A kernel shorter than the stride leaves fewer samples than SAME asks for; ONNX Runtime adds none.
    if (padding.kind === 'same-upper' || padding.kind === 'same-lower') return Math.min(natural, length * stride);
    const pads = padding.kind === 'explicit' ? (padding.begin[axis] ?? 0) + (padding.end[axis] ?? 0) : 0;
    return natural - pads;
  });
}

function pooledShape(call: OperatorCall, window: Window, channels: Dimension): readonly Dimension[] | undefined {
  const shape = inputShape(call, 0);
  if (shape === undefined) return undefined;
  if (shape.length !== window.kernel.length + 2) return undefined;
  return [shape[0] ?? null, channels, ...windowOutputSize(window, shape.slice(2))];
}

/** The attributes that all window operators share. @param fromWeights kernel for a file that leaves `kernel_shape` out */
function readWindow(call: OperatorCall, fromWeights: readonly number[] | undefined): Window | undefined {
  const given = intsAttribute(call, 'kernel_shape');
  const kernel = given !== undefined && given.length > 0 ? given : fromWeights;
  if (kernel === undefined || kernel.length === 0) return undefined;
  const onePerAxis = (values: readonly number[] | undefined): readonly number[] => kernel.map((_, axis) => values?.[axis] ?? 1);
  const window: Window = {
    kernel,
    stride: onePerAxis(intsAttribute(call, 'strides')),
    dilation: onePerAxis(intsAttribute(call, 'dilations')),
    padding: readPadding(call, kernel.length),
    ceilMode: intAttribute(call, 'ceil_mode', 0) === 1,
  };
  const positive = [...window.kernel, ...window.stride, ...window.dilation].every((length) => length > 0);
  return positive ? window : undefined;
}

/** `pads` lists all begins, then all ends. */
function readPadding(call: OperatorCall, axes: number): Padding {
  switch (textAttribute(call, 'auto_pad', 'NOTSET')) {
    case 'SAME_UPPER':
      return { kind: 'same-upper' };
    case 'SAME_LOWER':
      return { kind: 'same-lower' };
    case 'VALID':
      return { kind: 'valid' };
    default: {
      const pads = intsAttribute(call, 'pads') ?? [];
      const side = (offset: number): number[] => Array.from({ length: axes }, (_, axis) => pads[offset + axis] ?? 0);
      return { kind: 'explicit', begin: side(0), end: side(axes) };
    }
  }
}

/** The kernel of a depthwise convolution whose channels all have the same one: how a blur looks. */
function readSharedKernel(weight: OperatorInput, channels: number): SharedKernel | undefined {
  const shape = weight.shape?.slice(2).filter((extent) => extent !== null) ?? [];
  const length = elementCount(shape);
  if (!(channels * length <= sharedKernelLimit)) return undefined;
  const values = arrayOf(weight.constant, sharedKernelLimit);
  if (values?.length !== channels * length) return undefined;
  const largest = values.slice(0, length).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const shared = values.every((value, index) => Math.abs(value - (values[index % length] ?? 0)) <= largest * roundingTolerance);
  return shared ? { shape, values: values.slice(0, length) } : undefined;
}
