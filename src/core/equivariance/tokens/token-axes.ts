import type { AxisFlow, AxisOperand, AxisPair, Dimension } from '../../graph/model-graph';

/** What an axis of a tensor runs over: rows, columns or, row by row, all positions of a map; or something that no shift moves. */
export type TokenAxis = 'free' | 'rows' | 'columns' | 'positions';

/** A tensor's axes. Axis 0 is the batch. */
export interface LabelledAxes {
  readonly labels: readonly TokenAxis[];
  /** Lengths; only that of the batch may be open. */
  readonly shape: readonly Dimension[];
}

/**
 * Follows labels through a layer. A shift of the image by a multiple of the period reorders rows, columns and positions, alike in
 * all tensors, and does nothing else; a label is right as long as the layer commutes with that.
 *
 * @param inputs of the layer; all labels mean the axes of one map
 * @param map height and width of it
 * @returns the labels of the output, or undefined where the layer does not commute, or nobody can tell
 */
export function followLabels(
  flow: AxisFlow,
  inputs: readonly LabelledAxes[],
  output: readonly Dimension[],
  map: AxisPair,
): readonly TokenAxis[] | undefined {
  const [first] = inputs;
  if (first === undefined || !output.slice(1).every((length) => length !== null)) return undefined;
  const labels = labelsBehind(flow, first, inputs, output, map);
  return labels?.length !== output.length || labels[0] !== 'free' ? undefined : still(labels, output);
}

/** A single place cannot be reordered. */
export function still(labels: readonly TokenAxis[], shape: readonly Dimension[]): readonly TokenAxis[] {
  return labels.map((label, axis) => (shape[axis] === 1 ? 'free' : label));
}

function labelsBehind(
  flow: AxisFlow,
  first: LabelledAxes,
  inputs: readonly LabelledAxes[],
  output: readonly Dimension[],
  map: AxisPair,
): readonly TokenAxis[] | undefined {
  const { labels } = first;
  switch (flow.kind) {
    case 'reshape':
      return reshaped(first, output, map);
    case 'transpose':
      return flow.order[0] === 0 ? flow.order.map((axis) => labels[axis] ?? 'free') : undefined;
    case 'elementwise':
      return joined(operandAxes(flow.operands, inputs), output.length);
    case 'join':
      return flow.axis > 0 ? joinedAlong(flow.axis, operandAxes(flow.operands, inputs), output.length) : undefined;
    case 'product':
      return multiplied(
        operandAxes(flow.operands, inputs).map((operand, place) => (flow.turned[place] === true ? turned(operand) : operand)),
      );
    case 'along':
      // Sums along an axis, and divisions by them, do not depend on its order; constants of each place along it do.
      return flow.axes.includes(0) || (flow.scaled && !areFree(flow.axes, labels)) ? undefined : labels;
    case 'reduce':
      if (flow.axes.includes(0)) return undefined;
      return labels.flatMap((label, axis): readonly TokenAxis[] => (!flow.axes.includes(axis) ? [label] : flow.keepsAxes ? ['free'] : []));
    case 'part':
      if (flow.axes.includes(0) || !areFree(flow.axes, labels)) return undefined;
      return flow.keepsAxes ? labels : labels.filter((_, axis) => !flow.axes.includes(axis));
  }
}

function areFree(axes: readonly number[], labels: readonly TokenAxis[]): boolean {
  return axes.every((axis) => labels[axis] === 'free');
}

/** Constants are the same for all shifts: none of their axes moves. */
function operandAxes(operands: readonly AxisOperand[], inputs: readonly LabelledAxes[]): readonly (LabelledAxes | undefined)[] {
  return operands.map((operand) => {
    if ('input' in operand) return inputs[operand.input];
    return operand.constant && { labels: operand.constant.map(() => 'free' as const), shape: operand.constant };
  });
}

/** Operands that broadcast from their last axis on: along every axis, all that are longer than 1 must move alike. */
function joined(operands: readonly (LabelledAxes | undefined)[], rank: number): readonly TokenAxis[] | undefined {
  const labels: TokenAxis[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const met = new Set<TokenAxis>();
    for (const operand of operands) {
      if (operand === undefined) return undefined;
      const own = axis - rank + operand.shape.length;
      if (own >= 0 && operand.shape[own] !== 1) met.add(operand.labels[own] ?? 'free');
    }
    if (met.size > 1) return undefined;
    labels.push([...met][0] ?? 'free');
  }
  return labels;
}

function joinedAlong(axis: number, operands: readonly (LabelledAxes | undefined)[], rank: number): readonly TokenAxis[] | undefined {
  if (!operands.every((operand) => operand?.shape.length === rank && operand.labels[axis] === 'free')) return undefined;
  return joined(operands, rank);
}

/** With its last two axes the other way round. */
function turned(operand: LabelledAxes | undefined): LabelledAxes | undefined {
  if (operand === undefined || operand.shape.length < 2) return operand;
  const swap = <T>(list: readonly T[]): readonly T[] => [...list.slice(0, -2), ...list.slice(-1), ...list.slice(-2, -1)];
  return { labels: swap(operand.labels), shape: swap(operand.shape) };
}

/** Stacks of matrices. What is summed over must move alike in both, for then the sum has the same terms in another order. */
function multiplied([a, b]: readonly (LabelledAxes | undefined)[]): readonly TokenAxis[] | undefined {
  if (a === undefined || b === undefined || a.shape.length < 2 || b.shape.length < 2) return undefined;
  const [summed, alsoSummed] = [a.labels.at(-1), b.labels.at(-2)];
  if (summed !== alsoSummed) return undefined;
  const stackOf = ({ labels, shape }: LabelledAxes): LabelledAxes => ({ labels: labels.slice(0, -2), shape: shape.slice(0, -2) });
  const stack = joined([stackOf(a), stackOf(b)], Math.max(a.shape.length, b.shape.length) - 2);
  return stack && [...stack, a.labels.at(-2) ?? 'free', b.labels.at(-1) ?? 'free'];
}

/**
 * A reshape, taken apart into the smallest groups of axes that hold as many places in front of it as behind it: within such a group, what
 * moves must come out as one axis, or as the rows and columns of the map.
 */
function reshaped({ labels, shape }: LabelledAxes, output: readonly Dimension[], map: AxisPair): readonly TokenAxis[] | undefined {
  if (shape[0] !== output[0]) return undefined;
  const result: TokenAxis[] = output.map(() => 'free');
  let [from, to] = [1, 1];
  while (from < shape.length || to < output.length) {
    const [firstFrom, firstTo] = [from, to];
    let before = shape[from++] ?? 1;
    let after = output[to++] ?? 1;
    while (before !== after) {
      if (before < after ? from >= shape.length : to >= output.length) return undefined;
      if (before < after) before *= shape[from++] ?? 1;
      else after *= output[to++] ?? 1;
    }
    const moved = labels.slice(firstFrom, from).filter((_, index) => shape[firstFrom + index] !== 1);
    const places = output.slice(firstTo, to).flatMap((length, index) => (length === 1 ? [] : [firstTo + index]));
    const given = regrouped(
      moved,
      places.map((axis) => output[axis] ?? 1),
      map,
    );
    if (given === undefined) return undefined;
    for (const [index, axis] of places.entries()) result[axis] = given[index] ?? 'free';
  }
  return result;
}

function regrouped(labels: readonly TokenAxis[], lengths: readonly number[], [height, width]: AxisPair): readonly TokenAxis[] | undefined {
  if (labels.every((label) => label === 'free')) return lengths.map(() => 'free');
  const [only] = labels;
  if (labels.length === 1 && lengths.length === 1) return labels;
  if (labels.join() === 'rows,columns' && lengths.length === 1) return ['positions'];
  return only === 'positions' && labels.length === 1 && lengths.join() === `${height},${width}` ? ['rows', 'columns'] : undefined;
}
