import { t } from '@vscode/l10n';
import type { KnownValues } from '../../../../graph/known-values';
import { normalisedAxis, spatialAxes } from '../../../../graph/layout';
import type { Dimension, Operation } from '../../../../graph/model-graph';
import { slicedLength, slicePhase } from '../../../../graph/shapes';
import { integerOf } from '../../read/node';
import { inputShape, numbersAt, opaque, valuesAt, type CropPadding, type OperatorCall, type OperatorResult } from '../call';
import type { GraphOperator } from '../operator';

/** Operators that take every n-th entry between two bounds. */
export const slices: readonly GraphOperator[] = [
  { names: ['Slice'], infer: slice, fold: partOfList },
  { names: ['StridedSlice'], infer: stridedSlice, fold: taken },
];

/** What a slice takes along one axis. */
interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

type Known = readonly Dimension[];

const toTheEnd = 2 ** 31 - 1;

/** Slice: begins and sizes; a size of -1 reaches to the end. */
function slice(call: OperatorCall): OperatorResult {
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
}

/** Some entries of a list. */
function partOfList(call: OperatorCall): KnownValues | undefined {
  const [values, begin, size] = [valuesAt(call, 0), numbersAt(call, 1)?.[0], numbersAt(call, 2)?.[0]];
  if (values === undefined || begin === undefined || size === undefined || inputShape(call, 0)?.length !== 1) return undefined;
  return size < 0 ? values.slice(begin) : values.slice(begin, begin + size);
}

function boundsUnknown(call: OperatorCall): OperatorResult {
  return opaque(
    t('its bounds are computed while the model runs'),
    inputShape(call, 0)?.map(() => null),
  );
}

/** StridedSlice: begins, ends and steps with masks, one bit per entry. */
function stridedSlice(call: OperatorCall): OperatorResult {
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
}

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
  const crop = cropOf(shape, after, ranges, positions);
  return { operation, shapes: [after], ...(cut !== undefined && { cut }), ...(crop !== undefined && { crop }) };
}

/** Of a slice that takes neighbours along all axes, and all there is along those that are no positions. */
function cropOf(shape: Known, after: Known, ranges: readonly Range[], positions: readonly number[]): CropPadding | undefined {
  const amounts = shape.map((length, axis) => {
    const { start, step } = ranges[axis] ?? whole;
    const left = after[axis];
    if (step !== 1) return undefined;
    if (length === null || left === null || left === undefined) return start === 0 && left === null ? { begin: 0, end: 0 } : undefined;
    const begin = start < 0 ? Math.max(0, start + length) : start;
    return { begin: 0 - begin || 0, end: begin + left - length || 0 };
  });
  const known = amounts.filter((amount) => amount !== undefined);
  const cutsOthers = amounts.some((amount, axis) => !positions.includes(axis) && (amount?.begin !== 0 || amount.end !== 0));
  if (known.length < amounts.length || cutsOthers) return undefined;
  return { begin: positions.map((axis) => known[axis]?.begin ?? 0), end: positions.map((axis) => known[axis]?.end ?? 0) };
}

function operationOf(cutsPositions: boolean, stride: readonly number[]): Operation {
  if (!cutsPositions) return { kind: 'channelwise' };
  return stride.some((step) => step < 1) ? { kind: 'positional' } : { kind: 'slice', stride };
}

/** A slice of a list: of one entry where its axis goes. */
function taken(call: OperatorCall): KnownValues | undefined {
  const values = valuesAt(call, 0);
  const [start, end, step] = [numbersAt(call, 1)?.[0], numbersAt(call, 2)?.[0], numbersAt(call, 3)?.[0] ?? 1];
  const has = (mask: string): boolean => (integerOf(call.node, mask, 0) & 1) === 1;
  if (values === undefined || inputShape(call, 0)?.length !== 1 || start === undefined || end === undefined || step !== 1) return undefined;
  const place = (index: number): number => normalisedAxis(index, values.length) ?? (index < 0 ? 0 : values.length);
  if (has('shrink_axis_mask')) return values.slice(place(start), place(start) + 1);
  return values.slice(has('begin_mask') ? 0 : place(start), has('end_mask') ? values.length : place(end));
}
