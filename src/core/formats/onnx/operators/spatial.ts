import type { Dimension, Operation, Shape } from '../../../graph/model-graph';
import { numbersOf } from '../constants';
import { listArgument } from './arrangement';
import {
  inputShape,
  intAttribute,
  intsAttribute,
  normalisedAxis,
  opaque,
  textAttribute,
  type OperatorCall,
  type OperatorRule,
} from './call';

/** Pad: amounts from the attribute or the input, for all axes or (operator set 18) for those that are named. */
export const pad: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const amounts = padAmounts(call, shape?.length);
  if (amounts === undefined) return opaque('its padding amounts are computed while the model runs', shape?.map(() => null));
  const { begin, end } = amounts;
  const after = shape?.map((length, axis) => (length === null ? null : length + (begin[axis] ?? 0) + (end[axis] ?? 0)));
  const padsChannels = [...begin.slice(0, 2), ...end.slice(0, 2)].some((amount) => amount !== 0);
  const operation: Operation = padsChannels
    ? { kind: 'opaque', reason: 'it pads the batch or the channels' }
    : { kind: 'pad', begin: begin.slice(2), end: end.slice(2), mode: textAttribute(call, 'mode', 'constant') };
  return { operation, shapes: [after] };
};

function padAmounts(
  call: OperatorCall,
  rank: number | undefined,
): { readonly begin: readonly number[]; readonly end: readonly number[] } | undefined {
  const pads = intsAttribute(call, 'paddings') ?? listArgument(call, 'pads', 1);
  const axesInput = call.inputs[3];
  const axes = numbersOf(axesInput?.constant);
  if (pads === undefined || (axesInput !== undefined && axes === undefined)) return undefined;
  const half = pads.length / 2;
  if (axes === undefined) return { begin: pads.slice(0, half), end: pads.slice(half) };
  if (rank === undefined) return undefined;
  const begin = new Array<number>(rank).fill(0);
  const end = new Array<number>(rank).fill(0);
  for (const [index, given] of axes.entries()) {
    const axis = normalisedAxis(given, rank);
    if (axis === undefined) return undefined;
    begin[axis] = pads[index] ?? 0;
    end[axis] = pads[index + half] ?? 0;
  }
  return { begin, end };
}

/** Slice: attributes before operator set 10, inputs since. */
export const slice: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const starts = listArgument(call, 'starts', 1);
  const ends = listArgument(call, 'ends', 2);
  if (shape === undefined || starts === undefined || ends === undefined) {
    return opaque('its bounds are computed while the model runs', shape?.map(() => null));
  }
  const axes = listArgument(call, 'axes', 3) ?? starts.map((_, index) => index);
  const steps = numbersOf(call.inputs[4]?.constant) ?? starts.map(() => 1);
  const after: Dimension[] = [...shape];
  const stride = shape.map(() => 1);
  for (const [index, given] of axes.entries()) {
    const axis = normalisedAxis(given, shape.length);
    if (axis === undefined) return opaque('it slices an axis that its input does not have');
    stride[axis] = steps[index] ?? 1;
    after[axis] = slicedLength(shape[axis] ?? null, starts[index] ?? 0, ends[index] ?? 0, stride[axis] ?? 1);
  }
  const spatial = stride.slice(2);
  const cutsPositions = spatial.some((step, index) => step !== 1 || after[index + 2] !== shape[index + 2]);
  return { operation: sliceOperation(cutsPositions, spatial), shapes: [after] };
};

function sliceOperation(cutsPositions: boolean, stride: readonly number[]): Operation {
  if (!cutsPositions) return { kind: 'channelwise' };
  if (stride.some((step) => step < 1)) return { kind: 'positional' };
  return { kind: 'slice', stride };
}

/** Length of start:end:step with NumPy's clamping; null where it depends on an open length. */
export function slicedLength(length: Dimension, start: number, end: number, step: number): Dimension {
  if (length === null || step === 0) return null;
  const bound = (value: number): number => {
    const fromFront = value < 0 ? value + length : value;
    return step > 0 ? Math.min(Math.max(fromFront, 0), length) : Math.min(Math.max(fromFront, -1), length - 1);
  };
  return Math.max(Math.ceil((bound(end) - bound(start)) / step), 0);
}

/** Resize (inputs X, roi, scales, sizes; X, scales in operator set 10) and Upsample (scales as attribute or input). */
export const resize: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const scalesIndex = call.node.opType === 'Upsample' || call.opset < 11 ? 1 : 2;
  const floats = call.node.attributes.get('scales')?.floats;
  const scales = floats ?? numbersOf(call.inputs[scalesIndex]?.constant);
  const sizes = numbersOf(call.inputs[3]?.constant);
  const after = resizedShape(call, shape, scales, sizes);
  const antialias = intAttribute(call, 'antialias', 0) === 1;
  return { operation: { kind: 'resize', mode: textAttribute(call, 'mode', 'nearest'), antialias }, shapes: [after] };
};

function resizedShape(
  call: OperatorCall,
  shape: Shape,
  scales: readonly number[] | undefined,
  sizes: readonly number[] | undefined,
): Shape {
  if (shape === undefined) return undefined;
  const axes = intsAttribute(call, 'axes')?.map((axis) => normalisedAxis(axis, shape.length)) ?? shape.map((_, axis) => axis);
  const entryOfAxis = new Map(axes.map((axis, index) => [axis, index]));
  return shape.map((length, axis) => {
    const index = entryOfAxis.get(axis);
    if (index === undefined) return length;
    const size = sizes?.[index];
    if (size !== undefined) return size;
    const scale = scales?.[index];
    return length === null || scale === undefined ? null : Math.floor(length * scale);
  });
}

/** DepthToSpace: what a transposed convolution with a fixed kernel of `blocksize` and the same stride does. */
export const depthToSpace: OperatorRule = (call) => {
  const block = intAttribute(call, 'blocksize', 1);
  const shape = inputShape(call, 0);
  const perAxis = [block, block];
  const none = { begin: [0, 0], end: [0, 0] };
  return {
    operation: {
      kind: 'transposed-convolution',
      window: { kernel: perAxis, stride: perAxis, dilation: [1, 1], padding: { kind: 'explicit', ...none }, ceilMode: false },
    },
    shapes: [
      shape?.map((length, axis) => {
        if (length === null || axis === 0) return length;
        return axis === 1 ? length / block ** 2 : length * block;
      }),
    ],
  };
};

/** ReduceMean and its kin: over all positions a global pool, over channels alone channelwise. */
export const reduce: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const given = listArgument(call, 'axes', 1);
  if (shape === undefined || (given === undefined && call.inputs[1] !== undefined)) return opaque('the axes it reduces are not known');
  const all = given === undefined || given.length === 0;
  if (all && intAttribute(call, 'noop_with_empty_axes', 0) === 1) return { operation: { kind: 'pointwise', role: 'identity' }, shapes: [shape] };
  const reduced = new Set(all ? shape.map((_, axis) => axis) : given.map((axis) => normalisedAxis(axis, shape.length)));
  const keep = intAttribute(call, 'keepdims', 1) === 1;
  const after = shape.flatMap((length, axis) => {
    if (!reduced.has(axis)) return [length];
    return keep ? [1] : [];
  });
  return { operation: reduceOperation(shape.length, reduced, keep), shapes: [after] };
};

/** ArgMax and ArgMin reduce the one axis of their attribute. */
export const argument: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  if (shape === undefined) return opaque('the shape of its input is not known');
  const axis = normalisedAxis(intAttribute(call, 'axis', 0), shape.length);
  const keep = intAttribute(call, 'keepdims', 1) === 1;
  const after = shape.flatMap((length, index) => (index !== axis ? [length] : keep ? [1] : []));
  return { operation: reduceOperation(shape.length, new Set([axis]), keep), shapes: [after] };
};

function reduceOperation(rank: number, reduced: ReadonlySet<number | undefined>, keepsAxes: boolean): Operation {
  const spatialAxes = Array.from({ length: Math.max(rank - 2, 0) }, (_, index) => index + 2);
  const allSpatial = spatialAxes.length > 0 && spatialAxes.every((axis) => reduced.has(axis));
  if (allSpatial && reduced.size === spatialAxes.length) return { kind: 'global-pool' };
  return reduced.size === 1 && reduced.has(1) && keepsAxes ? { kind: 'channelwise' } : { kind: 'positional' };
}
