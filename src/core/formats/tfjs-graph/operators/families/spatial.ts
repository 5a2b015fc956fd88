import { t } from '@vscode/l10n';
import { spatialAxes } from '../../../../graph/layout';
import { integerOf, textOf } from '../../read/node';
import { inputShape, numbersAt, opaque, type OperatorCall, type OperatorResult } from '../call';
import type { GraphOperator } from '../operator';
import { declaredLayout } from '../window';

/** Operators that add or regroup positions. */
export const spatialOperators: readonly GraphOperator[] = [
  { names: ['Pad', 'PadV2', 'MirrorPad'], infer: pad, preparesPixels: true },
  { names: ['DepthToSpace'], infer: depthToSpace },
  { names: ['SpaceToDepth'], infer: spaceToDepth },
  { names: ['SpaceToBatchND'], infer: spaceToBatch },
  { names: ['BatchToSpaceND'], infer: batchToSpace },
];

/** Pad, PadV2 (zeros or another constant) and MirrorPad: amounts `[rank, 2]` as the second input. */
function pad(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const amounts = numbersAt(call, 1);
  if (amounts === undefined)
    return {
      operation: { kind: 'opaque', reason: t('its padding amounts are computed while the model runs'), pads: true },
      shapes: [shape?.map(() => null)],
    };
  const rank = amounts.length / 2;
  const begin = (axis: number): number => amounts[2 * axis] ?? 0;
  const end = (axis: number): number => amounts[2 * axis + 1] ?? 0;
  const after = shape?.map((length, axis) => (length === null ? null : length + begin(axis) + end(axis)));
  const positions = spatialAxes(call.layout, rank);
  const padsOthers = Array.from({ length: rank }, (_, axis) => axis).some(
    (axis) => !positions.includes(axis) && (begin(axis) !== 0 || end(axis) !== 0),
  );
  const padsPositions = positions.some((axis) => begin(axis) !== 0 || end(axis) !== 0);
  if (padsOthers)
    return begin(0) === 0 && end(0) === 0 && !padsPositions
      ? { operation: { kind: 'channelwise' }, shapes: [after] }
      : opaque(t('it pads the batch or the channels'), after);
  return { operation: { kind: 'pad', begin: positions.map(begin), end: positions.map(end), mode: modeOf(call) }, shapes: [after] };
}

function modeOf({ node }: OperatorCall): string {
  return node.op === 'MirrorPad' ? (textOf(node, 'mode') ?? 'REFLECT').toLowerCase() : 'constant';
}

/** DepthToSpace: what a transposed convolution with a fixed kernel of `block_size` and the same stride does. */
function depthToSpace(call: OperatorCall): OperatorResult {
  const block = integerOf(call.node, 'block_size', 1);
  const perAxis = [block, block];
  return {
    operation: {
      kind: 'transposed-convolution',
      window: {
        kernel: perAxis,
        stride: perAxis,
        dilation: [1, 1],
        padding: { kind: 'explicit', begin: [0, 0], end: [0, 0] },
        ceilMode: false,
      },
    },
    ...resampled(
      call,
      (channels) => channels / block ** 2,
      (length) => length * block,
    ),
  };
}

/** SpaceToDepth: blocks of positions become channels. */
function spaceToDepth(call: OperatorCall): OperatorResult {
  const block = integerOf(call.node, 'block_size', 1);
  return {
    operation: { kind: 'space-to-depth', block: [block, block] },
    ...resampled(
      call,
      (channels) => channels * block ** 2,
      (length) => Math.floor(length / block),
    ),
  };
}

function resampled(
  call: OperatorCall,
  channels: (count: number) => number,
  size: (length: number) => number,
): Pick<OperatorResult, 'shapes' | 'layout'> {
  const layout = declaredLayout(call.node) ?? 'channels-last';
  const shape = inputShape(call, 0);
  const positions = spatialAxes(layout, shape?.length ?? 4);
  const after = shape?.map((length, axis) => {
    if (length === null || axis === 0) return length;
    return positions.includes(axis) ? size(length) : channels(length);
  });
  return { shapes: [after], layout };
}

/**
 * SpaceToBatchND lets every sample of a block start an image of its own, so that dense windows skip a block: a dilated
 * convolution. What stands between it and BatchToSpaceND is read as if it saw the whole map, padded.
 */
function spaceToBatch(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const block = numbersAt(call, 1);
  const amounts = numbersAt(call, 2);
  const axes = spatialAxes('channels-last', shape?.length ?? 0);
  if (shape === undefined || block === undefined || amounts === undefined || call.block !== undefined || block.length > axes.length) {
    return opaque(t('the blocks that it cuts are computed while the model runs'));
  }
  const begin = axes.map((_, index) => amounts[2 * index] ?? 0);
  const end = axes.map((_, index) => amounts[2 * index + 1] ?? 0);
  const after = shape.map((length, axis) =>
    length === null || !axes.includes(axis) ? length : length + (begin[axis - 1] ?? 0) + (end[axis - 1] ?? 0),
  );
  return {
    operation: { kind: 'pad', begin, end, mode: 'constant' },
    shapes: [after],
    layout: 'channels-last',
    block: axes.map((_, index) => block[index] ?? 1),
  };
}

/** BatchToSpaceND puts the images back together and crops. */
function batchToSpace(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const block = numbersAt(call, 1);
  const amounts = numbersAt(call, 2);
  const axes = spatialAxes('channels-last', shape?.length ?? 0);
  const cut = call.block;
  const isSame = cut !== undefined && block !== undefined && cut.every((length, index) => length === (block[index] ?? 1));
  if (shape === undefined || amounts === undefined || !isSame) {
    return { ...opaque(t('it puts blocks together that no SpaceToBatchND cut')), block: null };
  }
  const crop = (index: number): number => 0 - (amounts[index] ?? 0) || 0;
  const begin = axes.map((_, index) => crop(2 * index));
  const end = axes.map((_, index) => crop(2 * index + 1));
  const after = shape.map((length, axis) =>
    length === null || !axes.includes(axis) ? length : length + (begin[axis - 1] ?? 0) + (end[axis - 1] ?? 0),
  );
  return { operation: { kind: 'pad', begin, end, mode: 'constant' }, shapes: [after], block: null };
}
