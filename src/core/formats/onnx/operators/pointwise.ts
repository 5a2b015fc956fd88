import { joinOperands, type Operand } from '../../../graph/elementwise';
import type { Operation } from '../../../graph/model-graph';
import { inputShape, type OperatorCall, type OperatorRule } from './call';

type Role = Extract<Operation, { kind: 'pointwise' }>['role'];

/** An operator that treats each value alone; further inputs (scales, limits) are constants per channel. */
export function pointwise(role: Role): OperatorRule {
  return (call) => {
    const shape = inputShape(call, 0);
    return { operation: { kind: 'pointwise', role }, shapes: call.node.outputs.map((_, index) => (index === 0 ? shape : undefined)) };
  };
}

/** Dropout: the optional mask has the shape of the map. */
export const dropout: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  return { operation: { kind: 'pointwise', role: 'identity' }, shapes: [shape, shape] };
};

/**
 * Add, Mul and their kin: two maps merge; a constant that is the same at every position leaves each value alone.
 * @param operands the inputs that are computed with; default all (quantized operators have scales beside them)
 */
export function elementwise(role: Role, operands?: readonly number[]): OperatorRule {
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
  if (call.opset >= 7 || axis === undefined || axis < 0 || first?.shape === undefined || second?.shape === undefined) return call;
  const behind = Math.max(first.shape.length - axis - second.shape.length, 0);
  return { ...call, inputs: [first, { ...second, shape: [...second.shape, ...new Array<number>(behind).fill(1)] }, ...rest] };
}
