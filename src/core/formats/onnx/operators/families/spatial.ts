import { t } from '@vscode/l10n';
import { normalisedAxis, spatialAxes } from '../../../../graph/layout';
import type { Operation } from '../../../../graph/model-graph';
import {
  inputShape,
  intAttribute,
  intsAttribute,
  listArgument,
  opaque,
  textAttribute,
  type OperatorCall,
  type OperatorResult,
} from '../call';
import { entriesOf, numbersOf } from '../constants';
import type { OnnxOperator } from '../operator';

/** Operators that add, cut off or regroup positions. @see slices */
export const spatialOperators: readonly OnnxOperator[] = [
  { names: ['Pad'], infer: pad, preparesPixels: true },
  { names: ['CenterCropPad'], infer: centreCrop },
  { names: ['DepthToSpace'], infer: depthToSpace, readsChannelsFirst: true },
  { names: ['SpaceToDepth'], infer: spaceToDepth, readsChannelsFirst: true },
];

/** Pad: amounts from the attribute or the input, for all axes or (operator set 18) for those that are named. */
function pad(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const amounts = padAmounts(call, shape?.length);
  if (amounts === undefined)
    return {
      operation: { kind: 'opaque', reason: t('its padding amounts are computed while the model runs'), pads: true },
      shapes: [shape?.map(() => null)],
    };
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
      : { kind: 'opaque', reason: t('it pads the batch or the channels') }
    : { kind: 'pad', begin: along(begin), end: along(end), mode: textAttribute(call, 'mode', 'constant') };
  return { operation, shapes: [after] };
}

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

/** DepthToSpace: what a transposed convolution with a fixed kernel of `blocksize` and the same stride does. */
function depthToSpace(call: OperatorCall): OperatorResult {
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
}

/** SpaceToDepth: blocks of positions become channels. */
function spaceToDepth(call: OperatorCall): OperatorResult {
  const block = intAttribute(call, 'blocksize', 1);
  const shape = inputShape(call, 0);
  const after = shape?.map((length, axis) => {
    if (length === null || axis === 0) return length;
    return axis === 1 ? length * block ** 2 : Math.floor(length / block);
  });
  return { operation: { kind: 'space-to-depth', block: [block, block] }, shapes: [after] };
}

/** CenterCropPad: the middle of the named axes, or the whole in the middle of zeros. */
function centreCrop(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const target = entriesOf(call.inputs[1]?.constant);
  if (shape === undefined || target === undefined)
    return opaque(
      t('the size it crops to is computed while the model runs'),
      shape?.map(() => null),
    );
  const axes = intsAttribute(call, 'axes')?.map((axis) => normalisedAxis(axis, shape.length)) ?? shape.map((_, axis) => axis);
  const after = shape.map((length, axis) => (axes.includes(axis) ? (target[axes.indexOf(axis)] ?? null) : length));
  const positions = spatialAxes(call.layout, shape.length);
  const crops = after.every(
    (length, axis) => length === shape[axis] || (positions.includes(axis) && length !== null && length < (shape[axis] ?? 0)),
  );
  return { operation: crops ? { kind: 'slice', stride: positions.map(() => 1) } : { kind: 'positional' }, shapes: [after] };
}
