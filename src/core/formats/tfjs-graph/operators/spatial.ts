import { spatialAxes } from '../../../graph/layout';
import type { Dimension, Operation } from '../../../graph/model-graph';
import { slicedLength, slicePhase } from '../../../graph/shapes';
import { integerOf, textOf } from '../read/node';
import { inputShape, numbersAt, opaque, type OperatorCall, type OperatorResult, type OperatorRule } from './call';
import { declaredLayout } from './windows';

/** Pad, PadV2 (zeros or another constant) and MirrorPad: amounts `[rank, 2]` as the second input. */
export const pad: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const amounts = numbersAt(call, 1);
  if (amounts === undefined)
    return opaque(
      'its padding amounts are computed while the model runs',
      shape?.map(() => null),
    );
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
      : opaque('it pads the batch or the channels', after);
  return { operation: { kind: 'pad', begin: positions.map(begin), end: positions.map(end), mode: modeOf(call) }, shapes: [after] };
};

function modeOf({ node }: OperatorCall): string {
  return node.op === 'MirrorPad' ? (textOf(node, 'mode') ?? 'REFLECT').toLowerCase() : 'constant';
}

/** What a slice takes along one axis. */
interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

const toTheEnd = 2 ** 31 - 1;

/** Slice: begins and sizes; a size of -1 reaches to the end. */
export const slice: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const begin = numbersAt(call, 1);
  const size = numbersAt(call, 2);
  if (shape === undefined || begin === undefined || size === undefined) return boundsUnknown(call);
  return sliced(
    call,
    shape.map((_, axis) => {
      const start = begin[axis] ?? 0;
      const length = size[axis] ?? -1;
      return { start, end: length < 0 ? toTheEnd : start + length, step: 1 };
    }),
  );
};

function boundsUnknown(call: OperatorCall): OperatorResult {
  return opaque(
    'its bounds are computed while the model runs',
    inputShape(call, 0)?.map(() => null),
  );
}

/** StridedSlice: begins, ends and steps with masks, one bit per entry. */
export const stridedSlice: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const entries = sliceEntries(call);
  if (shape === undefined || entries === undefined) return boundsUnknown(call);
  const expanded = entries.flatMap((entry) =>
    entry === 'rest' ? new Array<Range>(Math.max(0, shape.length - entries.filter(isAxis).length)).fill(whole) : [entry],
  );
  const kept = expanded.filter((entry) => entry !== 'new');
  const ranges = shape.map((_, axis): Range | Picked => kept[axis] ?? whole);
  if (expanded.every((entry) => entry !== 'new' && 'end' in entry))
    return sliced(
      call,
      ranges.filter((range): range is Range => 'end' in range),
    );
  // New axes and axes that go leave a tensor of another rank, whose positions are no longer those of a map.
  const lengths = ranges.map((range, axis) =>
    'end' in range ? [slicedLength(shape[axis] ?? null, range.start, range.end, range.step)] : [],
  );
  let axis = 0;
  const after: Dimension[] = [];
  for (const entry of expanded) after.push(...(entry === 'new' ? [1] : (lengths[axis++] ?? [])));
  after.push(...lengths.slice(axis).flat());
  return { operation: { kind: 'positional' }, shapes: [after] };
};

const whole: Range = { start: 0, end: toTheEnd, step: 1 };

/** One sample, whose axis goes. */
interface Picked {
  readonly picked: number;
}

function isAxis(entry: Range | Picked | 'new' | 'rest'): boolean {
  return typeof entry !== 'string';
}

/** The entries as the file lists them; undefined where they are computed while the model runs. */
function sliceEntries(call: OperatorCall): readonly (Range | Picked | 'new' | 'rest')[] | undefined {
  const [starts, ends, steps] = [numbersAt(call, 1), numbersAt(call, 2), numbersAt(call, 3)];
  if (starts === undefined || ends === undefined || steps === undefined) return undefined;
  const has = (mask: string, place: number): boolean => ((integerOf(call.node, mask, 0) >> place) & 1) === 1;
  return starts.map((start, place) => {
    if (has('ellipsis_mask', place)) return 'rest';
    if (has('new_axis_mask', place)) return 'new';
    if (has('shrink_axis_mask', place)) return { picked: start };
    const step = steps[place] ?? 1;
    const [first, last] = step > 0 ? [0, toTheEnd] : [toTheEnd, -toTheEnd];
    return { start: has('begin_mask', place) ? first : start, end: has('end_mask', place) ? last : (ends[place] ?? last), step };
  });
}

function sliced(call: OperatorCall, ranges: readonly Range[]): OperatorResult {
  const shape = inputShape(call, 0) ?? [];
  const after = shape.map((length, axis) => {
    const { start, end, step } = ranges[axis] ?? whole;
    return length === null && start === 0 && end === toTheEnd && step === 1 ? null : slicedLength(length, start, end, step);
  });
  const isCut = (axis: number): boolean => {
    const { start, end, step } = ranges[axis] ?? whole;
    return step !== 1 || (shape[axis] === null ? start !== 0 || end !== toTheEnd : after[axis] !== shape[axis]);
  };
  const positions = spatialAxes(call.layout, shape.length);
  const phases = ranges.map(({ start, end, step }, axis) => slicePhase(shape[axis] ?? null, start, end, step));
  const known = phases.filter((phase) => phase !== undefined);
  const stride = positions.map((axis) => ranges[axis]?.step ?? 1);
  const operation = operationOf(positions.some(isCut), stride);
  const cut = known.length === phases.length ? { start: known, step: ranges.map(({ step }) => step) } : undefined;
  return { operation, shapes: [after], ...(cut !== undefined && { cut }) };
}

function operationOf(cutsPositions: boolean, stride: readonly number[]): Operation {
  if (!cutsPositions) return { kind: 'channelwise' };
  return stride.some((step) => step < 1) ? { kind: 'positional' } : { kind: 'slice', stride };
}

/** DepthToSpace: what a transposed convolution with a fixed kernel of `block_size` and the same stride does. */
export const depthToSpace: OperatorRule = (call) => {
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
};

/** SpaceToDepth: blocks of positions become channels. */
export const spaceToDepth: OperatorRule = (call) => {
  const block = integerOf(call.node, 'block_size', 1);
  return {
    operation: { kind: 'space-to-depth', block: [block, block] },
    ...resampled(
      call,
      (channels) => channels * block ** 2,
      (length) => Math.floor(length / block),
    ),
  };
};

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
export const spaceToBatch: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const block = numbersAt(call, 1);
  const amounts = numbersAt(call, 2);
  const axes = spatialAxes('channels-last', shape?.length ?? 0);
  if (shape === undefined || block === undefined || amounts === undefined || call.block !== undefined || block.length > axes.length) {
    return opaque('the blocks that it cuts are computed while the model runs');
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
};

/** BatchToSpaceND puts the images back together and crops. */
export const batchToSpace: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const block = numbersAt(call, 1);
  const amounts = numbersAt(call, 2);
  const axes = spatialAxes('channels-last', shape?.length ?? 0);
  const cut = call.block;
  const isSame = cut !== undefined && block !== undefined && cut.every((length, index) => length === (block[index] ?? 1));
  if (shape === undefined || amounts === undefined || !isSame) {
    return { ...opaque('it puts blocks together that no SpaceToBatchND cut'), block: null };
  }
  const crop = (index: number): number => 0 - (amounts[index] ?? 0) || 0;
  const begin = axes.map((_, index) => crop(2 * index));
  const end = axes.map((_, index) => crop(2 * index + 1));
  const after = shape.map((length, axis) =>
    length === null || !axes.includes(axis) ? length : length + (begin[axis - 1] ?? 0) + (end[axis - 1] ?? 0),
  );
  return { operation: { kind: 'pad', begin, end, mode: 'constant' }, shapes: [after], block: null };
};
