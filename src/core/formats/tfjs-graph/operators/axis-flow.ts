import { normalisedAxes } from '../../../graph/layout';
import type { AxisFlow, AxisOperand } from '../../../graph/model-graph';
import { flagOf } from '../read/node';
import { inputShape, numbersAt, type OperatorCall, type OperatorResult } from './call';

const reshaping: ReadonlySet<string> = new Set(['Reshape', 'Squeeze', 'ExpandDims']);
const elementwise: ReadonlySet<string> = new Set([
  'Add',
  'AddV2',
  'BiasAdd',
  'Sub',
  'Mul',
  'Div',
  'RealDiv',
  'DivNoNan',
  'Maximum',
  'Minimum',
  'SquaredDifference',
  'Pow',
  'ClipByValue',
]);
const reducing: ReadonlySet<string> = new Set(['Mean', 'Sum', 'Max', 'Min']);
const multiplying: ReadonlySet<string> = new Set(['MatMul', 'BatchMatMul', 'BatchMatMulV2']);

/** What an operator does with axes; undefined for those that do something else, or whose axes are not known. */
export function axisFlow(call: OperatorCall, { operation }: OperatorResult): AxisFlow | undefined {
  const {
    node: { op },
    inputs,
  } = call;
  const rank = inputShape(call, 0)?.length;
  if (rank === undefined) return undefined;
  if (reshaping.has(op)) return inputs[0]?.constant === undefined ? { kind: 'reshape' } : undefined;
  if (elementwise.has(op) || (operation.kind === 'pointwise' && inputs.length === 1))
    return { kind: 'elementwise', operands: operandsOf(call) };
  if (reducing.has(op))
    return along(numbersAt(call, 1), rank, (axes) => ({ kind: 'reduce', axes, keepsAxes: flagOf(call.node, 'keep_dims') }));
  if (multiplying.has(op)) return product(call);
  switch (op) {
    case 'Transpose': {
      const order = numbersAt(call, 1);
      return order && { kind: 'transpose', order };
    }
    case 'Softmax':
    case 'LogSoftmax':
      return { kind: 'along', axes: [rank - 1], scaled: false };
    case 'ConcatV2':
      return along(numbersAt(call, inputs.length - 1), rank, ([axis = 0]) => ({
        kind: 'join',
        axis,
        operands: operandsOf({ ...call, inputs: inputs.slice(0, -1) }),
      }));
    case 'Split':
      return along(numbersAt(call, 0), inputShape(call, 1)?.length ?? 0, (axes) => ({ kind: 'part', axes, keepsAxes: true }));
    case 'SplitV':
      return along(numbersAt(call, 2), rank, (axes) => ({ kind: 'part', axes, keepsAxes: true }));
    default:
      return undefined;
  }
}

/** Data inputs by their place among the layer's inputs, which leave constants out. */
function operandsOf({ inputs }: Pick<OperatorCall, 'inputs'>): readonly AxisOperand[] {
  let place = 0;
  return inputs.map(({ constant, shape }): AxisOperand => (constant === undefined ? { input: place++ } : { constant: shape }));
}

function product(call: OperatorCall): AxisFlow | undefined {
  const [a, b] = operandsOf(call);
  const isTurned = (name: string, adjoint: string): boolean => flagOf(call.node, name) || flagOf(call.node, adjoint);
  return a && b && { kind: 'product', operands: [a, b], turned: [isTurned('transpose_a', 'adj_x'), isTurned('transpose_b', 'adj_y')] };
}

function along(given: readonly number[] | undefined, rank: number, flow: (axes: readonly number[]) => AxisFlow): AxisFlow | undefined {
  const axes = given === undefined || given.length === 0 ? undefined : normalisedAxes(given, rank);
  return axes && flow(axes);
}
