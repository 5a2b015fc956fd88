import { normalisedAxes, normalisedAxis } from '../../../graph/layout';
import type { AxisFlow, AxisOperand } from '../../../graph/model-graph';
import { listArgument } from './arrangement';
import { inputShape, intAttribute, intsAttribute, type OperatorCall, type OperatorResult } from './call';

/** Operators whose further inputs are constants that name lengths or axes. */
const reshaping: ReadonlySet<string> = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze']);
const elementwise: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min', 'Where', 'Clip', 'PRelu']);
const reducing: ReadonlySet<string> = new Set(['ReduceMean', 'ReduceSum', 'ReduceMax', 'ReduceMin', 'ReduceL2', 'ReduceSumSquare']);
/** From this operator set on, operands broadcast as in NumPy, and from `singleAxis` on Softmax takes one axis. */
const broadcasts = 7;
const singleAxis = 13;

/** What a standard operator does with axes; undefined for those that do something else, or whose axes are not known. */
export function axisFlow(call: OperatorCall, { operation, order }: OperatorResult): AxisFlow | undefined {
  const {
    node: { opType, domain },
    inputs,
  } = call;
  const rank = inputShape(call, 0)?.length;
  if (domain !== '' || rank === undefined) return undefined;
  if (reshaping.has(opType)) return inputs[0]?.constant === undefined ? { kind: 'reshape' } : undefined;
  if (reducing.has(opType)) return reduction(call, rank);
  if (elementwise.has(opType) || (operation.kind === 'pointwise' && inputs.length === 1)) {
    return call.opset < broadcasts && inputs.length > 1 ? undefined : { kind: 'elementwise', operands: operandsOf(call) };
  }
  switch (opType) {
    case 'Transpose':
      return order && { kind: 'transpose', order };
    case 'MatMul':
      return product(call, false, false);
    case 'Gemm':
      return product(call, intAttribute(call, 'transA', 0) === 1, intAttribute(call, 'transB', 0) === 1);
    case 'Softmax':
    case 'LogSoftmax': {
      const axis = normalisedAxis(intAttribute(call, 'axis', call.opset < singleAxis ? 1 : -1), rank);
      return axis === undefined ? undefined : { kind: 'along', axes: call.opset < singleAxis ? from(axis, rank) : [axis], scaled: false };
    }
    case 'LayerNormalization': {
      const axis = normalisedAxis(intAttribute(call, 'axis', -1), rank);
      return axis === undefined ? undefined : { kind: 'along', axes: from(axis, rank), scaled: true };
    }
    case 'Concat':
      return along(intAttribute(call, 'axis', 1), rank, (axis) => ({ kind: 'join', axis, operands: operandsOf(call) }));
    case 'Split':
      return along(intAttribute(call, 'axis', 0), rank, (axis) => ({ kind: 'part', axes: [axis], keepsAxes: true }));
    case 'Slice':
      return sliced(call, rank);
    case 'Gather':
      return inputs[1]?.constant === undefined ? undefined : gathered(call, rank);
    default:
      return undefined;
  }
}

/** Data inputs by their place among the layer's inputs, which leave constants out. */
function operandsOf({ inputs }: OperatorCall): readonly AxisOperand[] {
  let place = 0;
  return inputs.flatMap((input): readonly AxisOperand[] => {
    if (input === undefined) return [];
    return [input.constant === undefined ? { input: place++ } : { constant: input.shape }];
  });
}

/** A bias that is added to the product is one for each column, or for all. */
function product(call: OperatorCall, ...turned: readonly [boolean, boolean]): AxisFlow | undefined {
  const [a, b] = operandsOf(call);
  return a && b && { kind: 'product', operands: [a, b], turned };
}

function along(given: number, rank: number, flow: (axis: number) => AxisFlow): AxisFlow | undefined {
  const axis = normalisedAxis(given, rank);
  return axis === undefined ? undefined : flow(axis);
}

function from(axis: number, rank: number): readonly number[] {
  return Array.from({ length: rank - axis }, (_, index) => axis + index);
}

function reduction(call: OperatorCall, rank: number): AxisFlow | undefined {
  const given = listArgument(call, 'axes', 1);
  const axes = given === undefined || given.length === 0 ? undefined : normalisedAxes(given, rank);
  return axes && { kind: 'reduce', axes, keepsAxes: intAttribute(call, 'keepdims', 1) === 1 };
}

function sliced(call: OperatorCall, rank: number): AxisFlow | undefined {
  const given =
    listArgument(call, 'axes', 3) ??
    (call.inputs[3] === undefined && intsAttribute(call, 'axes') === undefined ? from(0, rank) : undefined);
  const axes = given && normalisedAxes(given, rank);
  return axes && { kind: 'part', axes, keepsAxes: true };
}

function gathered(call: OperatorCall, rank: number): AxisFlow | undefined {
  const places = inputShape(call, 1)?.length ?? 2;
  return places > 1
    ? undefined
    : along(intAttribute(call, 'axis', 0), rank, (axis) => ({ kind: 'part', axes: [axis], keepsAxes: places === 1 }));
}
