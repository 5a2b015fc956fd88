import type { Dimension, Operation, Shape } from '../../../graph/model-graph';
import { dataInputs, inputShape, intAttribute, opaque, type OperatorCall, type OperatorRule } from './call';

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

/** An operator that keeps the shape and mixes channels: LRN, instance and group normalisation. */
export const channelwise: OperatorRule = (call) => ({ operation: { kind: 'channelwise' }, shapes: [inputShape(call, 0)] });

/**
 * Softmax and its kin. Up to operator set 12 all axes from `axis` on are normalised together, later `axis` alone;
 * only what stays within one position is channelwise.
 */
export const softmax: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const joint = call.opset < 13;
  const axis = intAttribute(call, 'axis', joint ? 1 : -1);
  const rank = shape?.length ?? 2;
  const single = (axis < 0 ? axis + rank : axis) === 1;
  const noPositions = shape === undefined || shape.slice(2).every((length) => length === 1);
  const within = noPositions || (single && !joint);
  return { operation: { kind: within ? 'channelwise' : 'positional' }, shapes: [shape] };
};

/** Add, Mul and their kin: two maps merge; a constant that is the same at every position leaves each value alone. */
export function elementwise(role: Role): OperatorRule {
  return (call) => {
    const shape = broadcast(call.inputs.map((input) => input?.shape));
    const data = dataInputs(call);
    if (data.length > 1) return { operation: { kind: 'merge' }, shapes: [shape] };
    const placement = constantPlacement(call, shape?.length);
    if (placement === 'unknown') return opaque('the shape of its constant operand is not known', shape);
    const operation: Operation = placement === 'everywhere' ? { kind: 'pointwise', role } : { kind: 'positional' };
    return { operation, shapes: [shape] };
  };
}

/** Whether the constants of a node are the same at every position (scalars, one value per channel). @param rank of the result */
function constantPlacement(call: OperatorCall, rank: number | undefined): 'everywhere' | 'by-position' | 'unknown' {
  for (const input of call.inputs) {
    if (input?.constant === undefined) continue;
    if (input.shape === undefined) return 'unknown';
    const isScalar = input.shape.every((length) => length === 1);
    if (isScalar) continue;
    if (rank === undefined) return 'unknown';
    const spatial = Math.max(rank - 2, 0);
    if (spatial > 0 && !input.shape.slice(-spatial).every((length) => length === 1)) return 'by-position';
  }
  return 'everywhere';
}

/** NumPy's rule: shapes are aligned at the end, a length of 1 stretches. Undefined where a shape is. */
export function broadcast(shapes: readonly Shape[]): Shape {
  let result: readonly Dimension[] = [];
  for (const shape of shapes) {
    if (shape === undefined) return undefined;
    result = broadcastPair(result, shape);
  }
  return result;
}

function broadcastPair(a: readonly Dimension[], b: readonly Dimension[]): readonly Dimension[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => {
    const fromEnd = index - Math.max(a.length, b.length);
    const left = a.at(fromEnd);
    const right = b.at(fromEnd);
    if (left === undefined || -fromEnd > a.length) return right ?? null;
    if (right === undefined || -fromEnd > b.length) return left;
    if (left === 1) return right;
    return right === 1 || left !== null ? left : right;
  });
}
