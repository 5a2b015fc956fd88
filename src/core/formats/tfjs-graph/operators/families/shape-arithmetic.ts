import type { KnownValues } from '../../../../graph/known-values';
import type { Dimension, Shape } from '../../../../graph/model-graph';
import { product } from '../../../../graph/shapes';
import { inputShape, numbersAt, positional, valuesAt, type OperatorCall } from '../call';
import { longestList } from '../constant';
import type { FoldRule, GraphOperator, OperatorRule } from '../operator';

/** Operators that make lists of sizes and places, and what is filled with one value. */
export const shapeArithmetic: readonly GraphOperator[] = [
  {
    names: ['Shape'],
    ...ofShape(
      (shape) => shape,
      (shape) => [shape.length],
    ),
  },
  {
    names: ['Size'],
    ...ofShape(
      (shape) => [product(shape)],
      () => [],
    ),
  },
  {
    names: ['Rank'],
    ...ofShape(
      (shape) => [shape.length],
      () => [],
    ),
  },
  { names: ['Fill'], infer: () => positional(), fold: filled },
  { names: ['Range'], infer: (call) => positional([counted(call)?.length ?? null]), fold: counted },
  { names: ['ShapeN'], infer: () => positional() },
];

type ShapeRule = (shape: readonly Dimension[]) => readonly Dimension[];

/** What is known of a tensor's shape is known before the model runs. */
function ofShape(values: ShapeRule, own: ShapeRule): { infer: OperatorRule; fold: FoldRule; readsOnlyShape: true } {
  const read = (call: OperatorCall, rule: ShapeRule): Shape => {
    const shape = inputShape(call, 0);
    return shape && rule(shape);
  };
  return { infer: (call) => positional(read(call, own)), fold: (call) => read(call, values), readsOnlyShape: true };
}

/** Range: from a start, up or down to a limit, in steps. */
function counted(call: OperatorCall): KnownValues | undefined {
  const [start, limit, step] = [0, 1, 2].map((index) => numbersAt(call, index)?.[0]);
  if (start === undefined || limit === undefined || step === undefined || step === 0) return undefined;
  const count = Math.max(0, Math.ceil((limit - start) / step));
  return count > longestList ? undefined : Array.from({ length: count }, (_, index) => start + index * step);
}

/** Fill: one value as often as the first input says. */
function filled(call: OperatorCall, shape: Shape): KnownValues | undefined {
  const count = product(shape ?? numbersAt(call, 0) ?? [null]);
  const value = valuesAt(call, 1)?.[0];
  return count === null || !(count >= 0 && count <= longestList) || value === undefined
    ? undefined
    : new Array<Dimension>(count).fill(value);
}
