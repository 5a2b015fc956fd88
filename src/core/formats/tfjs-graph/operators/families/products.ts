import { productFlow } from '../../../../graph/axis-flow';
import { flagOf } from '../../read/node';
import { inputShape, positional, type OperatorCall, type OperatorResult } from '../call';
import type { AxisFlowRule, GraphOperator } from '../operator';

const flow: AxisFlowRule = (call) => productFlow(call.inputs, [isTurned(call, 'first'), isTurned(call, 'second')]);

/** Operators that multiply matrices, or stacks of them. */
export const products: readonly GraphOperator[] = [
  { names: ['MatMul', 'BatchMatMul', 'BatchMatMulV2'], infer: matMul, axisFlow: flow },
  { names: ['_FusedMatMul'], infer: matMul },
  { names: ['Einsum'], infer: () => positional() },
];

/** The last two axes, either of them transposed. */
function matMul(call: OperatorCall): OperatorResult {
  const [a, b] = [inputShape(call, 0), inputShape(call, 1)];
  if (a === undefined || b === undefined || a.length < 2) return positional(undefined);
  const rows = a.at(isTurned(call, 'first') ? -1 : -2) ?? null;
  const columns = b.at(isTurned(call, 'second') ? -2 : -1) ?? null;
  return positional([...a.slice(0, -2), rows, columns]);
}

/** MatMul transposes, BatchMatMul takes adjoints. */
function isTurned({ node }: OperatorCall, operand: 'first' | 'second'): boolean {
  return operand === 'first' ? flagOf(node, 'transpose_a') || flagOf(node, 'adj_x') : flagOf(node, 'transpose_b') || flagOf(node, 'adj_y');
}
