import { channelAxis, spatialAxes } from '../../../graph/layout';
import { joinOperands } from '../../../graph/elementwise';
import type { Operation } from '../../../graph/model-graph';
import { inputShape, type OperatorRule } from './call';

type Role = Extract<Operation, { kind: 'pointwise' }>['role'];

/** An operator that treats each value of its first input alone; further inputs are constants per channel. */
export function pointwise(role: Role): OperatorRule {
  return (call) => ({ operation: { kind: 'pointwise', role }, shapes: [inputShape(call, 0)] });
}

/** Add, Mul and their kin. */
export function elementwise(role: Role): OperatorRule {
  return (call) => {
    const operands = call.inputs.map(({ shape, constant, layout }) => ({ shape, isConstant: constant !== undefined, layout }));
    const { operation, shape } = joinOperands(operands, call.layout, role);
    return { operation, shapes: [shape] };
  };
}

/** Prelu: one slope per channel; slopes per position would tie the layer to places. */
export const prelu: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const slopes = inputShape(call, 1) ?? [];
  const perPosition = spatialAxes(call.layout, shape?.length ?? 0).some((axis) => (slopes.at(axis - (shape?.length ?? 0)) ?? 1) !== 1);
  return { operation: perPosition ? { kind: 'positional' } : { kind: 'pointwise', role: 'activation' }, shapes: [shape] };
};

/** Softmax and LogSoftmax over the last axis: within a position only where the channels stand there. */
export const softmax: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const rank = shape?.length ?? 2;
  return { operation: { kind: channelAxis(call.layout, rank) === rank - 1 ? 'channelwise' : 'positional' }, shapes: [shape] };
};

/** LRN reads neighbouring channels, which it takes to stand last. */
export const localResponse: OperatorRule = (call) => ({
  operation: { kind: call.layout === 'channels-last' ? 'channelwise' : 'positional' },
  shapes: [inputShape(call, 0)],
});
