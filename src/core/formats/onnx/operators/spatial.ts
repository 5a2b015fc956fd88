import { normalisedAxis, spatialAxes } from '../../../graph/layout';
import { slicePhase, slicedLength } from '../../../graph/shapes';
import type { Dimension, Operation } from '../../../graph/model-graph';
import { entriesOf, numbersOf } from '../read/constants';
import { listArgument } from './arrangement';
import { inputShape, intAttribute, intsAttribute, opaque, textAttribute, type OperatorCall, type OperatorRule } from './call';

/** Pad: amounts from the attribute or the input, for all axes or (operator set 18) for those that are named. */
export const pad: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const amounts = padAmounts(call, shape?.length);
  if (amounts === undefined)
    return opaque(
      'its padding amounts are computed while the model runs',
      shape?.map(() => null),
    );
  const { begin, end } = amounts;
  const after = shape?.map((length, axis) => (length === null ? null : length + (begin[axis] ?? 0) + (end[axis] ?? 0)));
  const axes = spatialAxes(call.layout, shape?.length ?? begin.length);
  const padsChannels = begin.some((amount, axis) => !axes.includes(axis) && (amount !== 0 || end[axis] !== 0));
  const along = (amounts: readonly number[]): readonly number[] => axes.map((axis) => amounts[axis] ?? 0);
  const padsPositions = axes.some((axis) => (begin[axis] ?? 0) !== 0 || (end[axis] ?? 0) !== 0);
  const addsChannels = padsChannels && !padsPositions && (begin[0] ?? 0) === 0 && (end[0] ?? 0) === 0;
  const operation: Operation = padsChannels
    ? addsChannels
      ? { kind: 'channelwise' }
      : { kind: 'opaque', reason: 'it pads the batch or the channels' }
    : { kind: 'pad', begin: along(begin), end: along(end), mode: textAttribute(call, 'mode', 'constant') };
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
    return opaque(
      'its bounds are computed while the model runs',
      shape?.map(() => null),
    );
  }
  const axes = listArgument(call, 'axes', 3) ?? starts.map((_, index) => index);
  const steps = numbersOf(call.inputs[4]?.constant) ?? starts.map(() => 1);
  const after: Dimension[] = [...shape];
  const stride = shape.map(() => 1);
  const cut = new Set<number>();
  const first = shape.map(() => 0);
  let reachesEnds = true;
  for (const [index, given] of axes.entries()) {
    const axis = normalisedAxis(given, shape.length);
    if (axis === undefined) return opaque('it slices an axis that its input does not have');
    stride[axis] = steps[index] ?? 1;
    after[axis] = slicedLength(shape[axis] ?? null, starts[index] ?? 0, ends[index] ?? 0, stride[axis] ?? 1);
    if (stride[axis] !== 1 || after[axis] !== shape[axis] || !takesAll(starts[index] ?? 0, ends[index] ?? 0, shape[axis] ?? null))
      cut.add(axis);
    const phase = slicePhase(shape[axis] ?? null, starts[index] ?? 0, ends[index] ?? 0, stride[axis] ?? 1);
    reachesEnds &&= phase !== undefined;
    first[axis] = phase ?? 0;
  }
  const positions = spatialAxes(call.layout, shape.length);
  const cutsPositions = positions.some((axis) => cut.has(axis));
  const operation = sliceOperation(
    cutsPositions,
    positions.map((axis) => stride[axis] ?? 1),
  );
  return { operation, shapes: [after], ...(reachesEnds && { cut: { start: first, step: stride } }) };
};

/** An open length is kept where nothing is taken off: exporters write the largest integer for the end. */
function takesAll(start: number, end: number, length: Dimension): boolean {
  return length !== null || (start === 0 && end >= 2 ** 31 - 1);
}

function sliceOperation(cutsPositions: boolean, stride: readonly number[]): Operation {
  if (!cutsPositions) return { kind: 'channelwise' };
  if (stride.some((step) => step < 1)) return { kind: 'positional' };
  return { kind: 'slice', stride };
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

/** SpaceToDepth: blocks of positions become channels. */
export const spaceToDepth: OperatorRule = (call) => {
  const block = intAttribute(call, 'blocksize', 1);
  const shape = inputShape(call, 0);
  const after = shape?.map((length, axis) => {
    if (length === null || axis === 0) return length;
    return axis === 1 ? length * block ** 2 : Math.floor(length / block);
  });
  return { operation: { kind: 'space-to-depth', block: [block, block] }, shapes: [after] };
};

/** CenterCropPad: the middle of the named axes, or the whole in the middle of zeros. */
export const centreCrop: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const target = entriesOf(call.inputs[1]?.constant);
  if (shape === undefined || target === undefined)
    return opaque(
      'the size it crops to is computed while the model runs',
      shape?.map(() => null),
    );
  const axes = intsAttribute(call, 'axes')?.map((axis) => normalisedAxis(axis, shape.length)) ?? shape.map((_, axis) => axis);
  const after = shape.map((length, axis) => (axes.includes(axis) ? (target[axes.indexOf(axis)] ?? null) : length));
  const positions = spatialAxes(call.layout, shape.length);
  const crops = after.every(
    (length, axis) => length === shape[axis] || (positions.includes(axis) && length !== null && length < (shape[axis] ?? 0)),
  );
  return { operation: crops ? { kind: 'slice', stride: positions.map(() => 1) } : { kind: 'positional' }, shapes: [after] };
};
