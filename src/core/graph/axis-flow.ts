import { normalisedAxes, normalisedAxis } from './layout';
import type { AxisFlow, AxisOperand, Shape } from './model-graph';

/** An input of an operator: its shape, and that it is a constant, if it is; undefined where an optional one is left out. */
export type FlowInput = { readonly shape: Shape; readonly constant?: unknown } | undefined;

/** Inputs by their place among the layer's inputs, which leave constants out. */
export function axisOperands(inputs: readonly FlowInput[]): readonly AxisOperand[] {
  let place = 0;
  return inputs.flatMap((input): readonly AxisOperand[] => {
    if (input === undefined) return [];
    return [input.constant === undefined ? { input: place++ } : { constant: input.shape }];
  });
}

/** Operands that meet value by value. */
export function elementwiseFlow(inputs: readonly FlowInput[]): AxisFlow {
  return { kind: 'elementwise', operands: axisOperands(inputs) };
}

/** Further inputs are constants that name lengths or axes. Undefined for a constant that is reshaped. */
export function reshapeFlow([first]: readonly FlowInput[]): AxisFlow | undefined {
  return first?.constant === undefined ? { kind: 'reshape' } : undefined;
}

/** The first two inputs are multiplied; a bias that is added to the product is one for each column, or for all. */
export function productFlow(inputs: readonly FlowInput[], turned: readonly [boolean, boolean]): AxisFlow | undefined {
  const [a, b] = axisOperands(inputs);
  return a && b && { kind: 'product', operands: [a, b], turned };
}

/** What happens along an axis that may be counted from the end; undefined where it does not exist. */
export function flowAlong(given: number, rank: number, flow: (axis: number) => AxisFlow): AxisFlow | undefined {
  const axis = normalisedAxis(given, rank);
  return axis === undefined ? undefined : flow(axis);
}

/** What happens along several axes; undefined where none is given, or one of them does not exist. */
export function flowAlongAll(
  given: readonly number[] | undefined,
  rank: number,
  flow: (axes: readonly number[]) => AxisFlow,
): AxisFlow | undefined {
  const axes = given === undefined || given.length === 0 ? undefined : normalisedAxes(given, rank);
  return axes && flow(axes);
}

/** The axes from one on to the last. */
export function axesFrom(axis: number, rank: number): readonly number[] {
  return Array.from({ length: rank - axis }, (_, index) => axis + index);
}
