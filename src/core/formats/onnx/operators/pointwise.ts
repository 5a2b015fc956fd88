import { spatialAxes } from '../../../graph/layout';
import { broadcast } from '../../../graph/shapes';
import type { Operation } from '../../../graph/model-graph';
import { dataInputs, inputShape, opaque, type OperatorCall, type OperatorRule } from './call';

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
    const inputs = call.inputs.filter((input) => input !== undefined);
    const shape = broadcast(inputs.map((input) => input.shape));
    const data = dataInputs(call);
    const placement = constantPlacement(call, shape?.length);
    if (placement === 'by-position' || !agreesOnChannels(call, shape?.length)) return { operation: { kind: 'positional' }, shapes: [shape], layout: 'channels-first' };
    if (data.length > 1) return { operation: { kind: 'merge' }, shapes: [shape] };
    if (placement === 'unknown') return opaque('the shape of its constant operand is not known', shape);
    return { operation: { kind: 'pointwise', role }, shapes: [shape] };
  };
}

/** Before operator set 7 the second operand was laid along the first from `axis` on. */
function alignedByAxis(call: OperatorCall): OperatorCall {
  const [first, second, ...rest] = call.inputs;
  const axis = call.node.attributes.get('axis')?.int;
  if (call.opset >= 7 || axis === undefined || axis < 0 || first?.shape === undefined || second?.shape === undefined) return call;
  const behind = Math.max(first.shape.length - axis - second.shape.length, 0);
  return { ...call, inputs: [first, { ...second, shape: [...second.shape, ...new Array<number>(behind).fill(1)] }, ...rest] };
}

/** A map with its channels last and one with its channels first have no positions in common. */
function agreesOnChannels(call: OperatorCall, rank: number | undefined): boolean {
  return dataInputs(call).every(({ shape, layout }) => {
    const isMap = shape === undefined || shape.some((length, axis) => axis > 0 && length !== 1);
    return !isMap || shape?.length !== rank || (layout ?? 'channels-first') === call.layout;
  });
}

/** Whether the constants of a node are the same at every position (scalars, one value per channel). @param rank of the result */
export function constantPlacement(call: OperatorCall, rank: number | undefined): 'everywhere' | 'by-position' | 'unknown' {
  let placement: 'everywhere' | 'unknown' = 'everywhere';
  for (const input of call.inputs) {
    if (input?.constant === undefined) continue;
    const { shape } = input;
    if (shape?.every((length) => length === 1) === true) continue;
    if (shape === undefined || rank === undefined) {
      placement = 'unknown';
      continue;
    }
    const missing = rank - shape.length;
    if (spatialAxes(call.layout, rank).some((axis) => axis >= missing && shape[axis - missing] !== 1)) return 'by-position';
  }
  return placement;
}
