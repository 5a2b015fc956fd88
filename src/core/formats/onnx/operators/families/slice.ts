import { t } from '@vscode/l10n';
import { axesFrom } from '../../../../graph/axis-flow';
import type { KnownValues } from '../../../../graph/known-values';
import { normalisedAxes, normalisedAxis, spatialAxes } from '../../../../graph/layout';
import type { AxisFlow, Dimension, Operation } from '../../../../graph/model-graph';
import { slicedLength, slicePhase } from '../../../../graph/shapes';
import { sliceArray } from '../arrays';
import { inputShape, intsAttribute, listArgument, opaque, type OperatorCall, type OperatorResult } from '../call';
import { numbersOf } from '../constants';
import { arrayAt, numbersAt, type FoldedCall } from '../folded-call';
import type { OnnxOperator } from '../operator';

/** Operators that take every n-th entry between two bounds. */
export const slices: readonly OnnxOperator[] = [{ names: ['Slice'], infer: slice, axisFlow: sliceFlow, fold: sliced }];

/** Slice: attributes before operator set 10, inputs since. */
function slice(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const starts = listArgument(call, 'starts', 1);
  const ends = listArgument(call, 'ends', 2);
  if (shape === undefined || starts === undefined || ends === undefined) {
    return opaque(
      t('its bounds are computed while the model runs'),
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
    if (axis === undefined) return opaque(t('it slices an axis that its input does not have'));
    stride[axis] = steps[index] ?? 1;
    const start = firstPlace(starts[index] ?? 0, shape[axis] ?? null, stride[axis] ?? 1);
    after[axis] = slicedLength(shape[axis] ?? null, start, ends[index] ?? 0, stride[axis] ?? 1);
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
}

/** Backwards, a start before the first entry is the first entry; in NumPy nothing is left. */
function firstPlace(start: number, length: Dimension, step: number): number {
  return step < 0 && length !== null && start < -length ? 0 : start;
}

/** An open length is kept where nothing is taken off: exporters write the largest integer for the end. */
function takesAll(start: number, end: number, length: Dimension): boolean {
  return length !== null || (start === 0 && end >= 2 ** 31 - 1);
}

function sliceOperation(cutsPositions: boolean, stride: readonly number[]): Operation {
  if (!cutsPositions) return { kind: 'channelwise' };
  if (stride.some((step) => step < 1)) return { kind: 'positional' };
  return { kind: 'slice', stride };
}

/** Without a list of axes it is about the first ones; how many stays open, so that all are taken to be cut. */
function sliceFlow(call: OperatorCall, rank: number): AxisFlow | undefined {
  const isListed = call.inputs[3] !== undefined || intsAttribute(call, 'axes') !== undefined;
  const given = listArgument(call, 'axes', 3) ?? (isListed ? undefined : axesFrom(0, rank));
  const axes = given && normalisedAxes(given, rank);
  return axes && { kind: 'part', axes, keepsAxes: true };
}

function sliced(folded: FoldedCall): KnownValues | undefined {
  const array = arrayAt(folded, 0);
  const starts = numbersAt(folded, 'starts', 1);
  const ends = numbersAt(folded, 'ends', 2);
  if (array === undefined || starts === undefined || ends === undefined) return undefined;
  const axes = numbersAt(folded, 'axes', 3) ?? starts.map((_, axis) => axis);
  const steps = numbersAt(folded, 'steps', 4) ?? starts.map(() => 1);
  return sliceArray(
    array,
    axes.map((given, index) => {
      const axis = normalisedAxis(given, array.shape.length) ?? -1;
      const step = steps[index] ?? 1;
      return { axis, start: firstPlace(starts[index] ?? 0, array.shape[axis] ?? null, step), end: ends[index] ?? 0, step };
    }),
  );
}
