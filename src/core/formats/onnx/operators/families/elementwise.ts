import { elementwiseFlow } from '../../../../graph/axis-flow';
import { joinOperands, type Operand } from '../../../../graph/elementwise';
import { combineValues, type KnownValues, type ValuePair } from '../../../../graph/known-values';
import type { AxisFlow, Operation } from '../../../../graph/model-graph';
import { product } from '../../../../graph/shapes';
import { intAttribute, type OperatorCall } from '../call';
import { stretchedAt, valuesAt, type FoldedCall } from '../folded-call';
import type { FoldRule, OnnxOperator, OperatorRule } from '../operator';
import { truthValue } from '../result-type';
import { heldAs, isIntegerType } from '../value-types';

/** From this operator set on, operands broadcast as in NumPy. */
const broadcasts = 7;

const arithmetic = { infer: elementwise('normalisation'), axisFlow: broadcastFlow } as const;
const logic = { infer: elementwise('other'), resultType: truthValue } as const;

/** Operators that join the values which their operands have at one position. */
export const elementwiseOperators: readonly OnnxOperator[] = [
  { names: ['Add'], ...arithmetic, fold: pairwise((a, b) => a + b), joins: 'adding', preparesPixels: true },
  { names: ['Sub'], ...arithmetic, fold: pairwise((a, b) => a - b), joins: 'adding', preparesPixels: true },
  { names: ['Mul'], ...arithmetic, fold: pairwise((a, b) => a * b), joins: 'bending', preparesPixels: true },
  { names: ['Div'], ...arithmetic, fold: pairwise(divide), joins: 'bending', preparesPixels: true },
  { names: ['Sum'], infer: elementwise('normalisation'), fold: pairwise((a, b) => a + b), joins: 'adding' },
  { names: ['Mean'], infer: elementwise('normalisation') },
  { names: ['Max'], infer: elementwise('activation'), axisFlow: broadcastFlow, fold: pairwise(larger), joins: 'bending' },
  { names: ['Min'], infer: elementwise('activation'), axisFlow: broadcastFlow, fold: pairwise(smaller), joins: 'bending' },
  { names: ['PRelu'], infer: elementwise('activation'), axisFlow: broadcastFlow },
  { names: ['Pow'], infer: elementwise('other'), axisFlow: broadcastFlow, fold: pairwise((a, b) => a ** b), joins: 'bending' },
  { names: ['Mod'], infer: elementwise('other'), fold: pairwise(remainder) },
  { names: ['BitShift', 'BitwiseAnd', 'BitwiseOr', 'BitwiseXor'], infer: elementwise('other') },

  { names: ['Equal'], ...logic, fold: pairwise((a, b) => Number(a === b)) },
  { names: ['Greater'], ...logic, fold: pairwise((a, b) => Number(a > b)) },
  { names: ['GreaterOrEqual'], ...logic, fold: pairwise((a, b) => Number(a >= b)) },
  { names: ['Less'], ...logic, fold: pairwise((a, b) => Number(a < b)) },
  { names: ['LessOrEqual'], ...logic, fold: pairwise((a, b) => Number(a <= b)) },
  { names: ['And'], ...logic, fold: pairwise((a, b) => Number(a !== 0 && b !== 0)) },
  { names: ['Or'], ...logic, fold: pairwise((a, b) => Number(a !== 0 || b !== 0)) },
  { names: ['Xor'], ...logic, fold: pairwise((a, b) => Number((a !== 0) !== (b !== 0))) },
  { names: ['Where'], infer: elementwise('other'), axisFlow: broadcastFlow, fold: chosen, resultType: { likeInput: 1 } },
];

/**
 * Add, Mul and their kin: two maps merge; a constant that is the same at every position leaves each value alone.
 * @param operands the inputs that are computed with; default all (quantized operators have scales beside them)
 */
export function elementwise(role: Extract<Operation, { kind: 'pointwise' }>['role'], operands?: readonly number[]): OperatorRule {
  return (all) => {
    const call = alignedByAxis(operands === undefined ? all : { ...all, inputs: operands.map((index) => all.inputs[index]) });
    const { operation, shape } = joinOperands(operandsOf(call), call.layout, role);
    return { operation, shapes: [shape], ...(operation.kind === 'positional' && { layout: 'channels-first' as const }) };
  };
}

/** The inputs as operands. */
export function operandsOf({ inputs }: OperatorCall): readonly Operand[] {
  return inputs
    .filter((input) => input !== undefined)
    .map(({ shape, constant, layout }) => ({ shape, isConstant: constant !== undefined, layout: layout ?? 'channels-first' }));
}

/** Before operator set 7 the second operand was laid along the first from `axis` on. */
function alignedByAxis(call: OperatorCall): OperatorCall {
  const [first, second, ...rest] = call.inputs;
  const axis = call.node.attributes.get('axis')?.int;
  if (call.opset >= broadcasts || axis === undefined || axis < 0 || first?.shape === undefined || second?.shape === undefined) return call;
  const behind = Math.max(first.shape.length - axis - second.shape.length, 0);
  return { ...call, inputs: [first, { ...second, shape: [...second.shape, ...new Array<number>(behind).fill(1)] }, ...rest] };
}

/** Value by value, with operands that broadcast from their last axis on. */
export function broadcastFlow({ inputs, opset }: OperatorCall): AxisFlow | undefined {
  return opset < broadcasts && inputs.length > 1 ? undefined : elementwiseFlow(inputs);
}

type Arithmetic = (left: number, right: number, folded: FoldedCall) => number;

/** Operands one after the other, laid over one another where their shapes differ. */
function pairwise(operation: Arithmetic): FoldRule {
  return (folded) => {
    const { inputs } = folded.call;
    const pair: ValuePair = (left, right) => heldAs(folded.type, operation(left, right, folded));
    const [first, ...others] = inputs.map((_, index) => valuesAt(folded, index));
    const combined = others.reduce((left, right) => combineValues(left, right, pair), first);
    // As many values as the result has; [3, 1] and [3] make nine.
    const count = folded.shape === undefined ? null : product(folded.shape);
    if (count === null || combined?.length === count) return combined;
    const [widened, ...rest] = inputs.map((_, index) => stretchedAt(folded, index));
    return rest.reduce((left, right) => combineValues(left, right, pair), widened);
  };
}

function divide(left: number, right: number, { type }: FoldedCall): number {
  return isIntegerType(type) ? Math.trunc(left / right) : left / right;
}

/** The sign follows the divisor, as in Python, or with `fmod` the dividend, as in C. */
function remainder(left: number, right: number, { call }: FoldedCall): number {
  return intAttribute(call, 'fmod', 0) === 1 ? left % right : ((left % right) + right) % right;
}

function larger(left: number, right: number): number {
  return Math.max(left, right);
}

function smaller(left: number, right: number): number {
  return Math.min(left, right);
}

/** Where: the second input's value or the third's, as the first says. */
function chosen(folded: FoldedCall): KnownValues | undefined {
  const [condition, yes, no] = [0, 1, 2].map((index) => stretchedAt(folded, index));
  if (condition === undefined || yes === undefined || no === undefined) return undefined;
  return condition.map((value, index) => (value === null ? null : ((value === 0 ? no : yes)[index] ?? null)));
}
