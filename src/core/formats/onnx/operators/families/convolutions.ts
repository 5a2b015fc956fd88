import { t } from '@vscode/l10n';
import type { Dimension, SharedKernel, Window } from '../../../../graph/model-graph';
import { effectiveKernel } from '../../../../graph/window';
import { elementType } from '../../wire/schema';
import { elementCount } from '../../wire/tensor-values';
import {
  inputShape,
  intAttribute,
  intsAttribute,
  opaque,
  textAttribute,
  type OperatorCall,
  type OperatorInput,
  type OperatorResult,
} from '../call';
import { arrayOf } from '../constants';
import type { OnnxOperator, OperatorRule } from '../operator';
import { noKernel, readWindow, windowShape } from '../window';

/** Depthwise kernels with more weights than this are not compared channel by channel. */
const sharedKernelLimit = 1 << 18;

/** Difference of two float32 computations of one filter, relative to its largest weight. */
const roundingTolerance = 1e-6;

/** Operators that weigh the samples of each window. */
export const convolutions: readonly OnnxOperator[] = [
  { names: ['Conv'], infer: convolution(1), readsChannelsFirst: true },
  { names: ['ConvInteger'], infer: convolution(1), readsChannelsFirst: true, resultType: { stated: () => elementType.int32 } },
  { names: ['QLinearConv'], domains: ['', 'com.microsoft'], infer: convolution(3), readsChannelsFirst: true, quantizesBy: [6, 7] },
  { names: ['FusedConv'], domains: ['com.microsoft'], infer: fusedConvolution, readsChannelsFirst: true },
  { names: ['ConvTranspose'], infer: transposedConvolution, readsChannelsFirst: true },
];

/** Conv and its variants, whose weights `[out, in / group, ...kernel]` stand at input `weightIndex`. */
function convolution(weightIndex: number): OperatorRule {
  return (call) => {
    const weight = call.inputs[weightIndex];
    if (weight?.constant === undefined) return opaque(t('its weights are computed while the model runs'));
    const window = readWindow(
      call,
      weight.shape?.slice(2).filter((length) => length !== null),
    );
    if (window === undefined) return opaque(noKernel);
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
      shapes: [windowShape(call, window, outChannels)],
    };
  };
}

/** ONNX Runtime's FusedConv may add a map to its result. */
function fusedConvolution(call: OperatorCall): OperatorResult {
  const result = convolution(1)(call);
  const adds = call.inputs[3] !== undefined && result.operation.kind === 'convolution';
  return adds ? opaque(t('it adds another map to a convolution'), result.shapes[0]) : result;
}

function timesGroups(channels: Dimension, groups: number): Dimension {
  return channels === null ? null : channels * groups;
}

/** ONNX Runtime's optimised models fuse the activation into `FusedConv`. */
function fusedActivation(call: OperatorCall): string | null {
  const name = textAttribute(call, 'activation', '');
  return name === '' ? null : name;
}

/** ConvTranspose: `output_shape`, or (n - 1) * stride + output_padding + extent - pads. */
function transposedConvolution(call: OperatorCall): OperatorResult {
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
}

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
