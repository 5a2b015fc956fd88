import { elementwiseFlow } from '../../../../graph/axis-flow';
import { channelAxis, spatialAxes } from '../../../../graph/layout';
import { mapValues } from '../../../../graph/known-values';
import type { Operation } from '../../../../graph/model-graph';
import { inputShape, valuesAt, type OperatorCall, type OperatorResult } from '../call';
import type { FoldRule, GraphOperator, OperatorRule } from '../operator';

/** Operators that treat each value of their first input alone, or those of one position together. */
export const pointwiseOperators: readonly GraphOperator[] = [
  { names: ['Relu', 'Relu6', 'Elu', 'Selu', 'LeakyRelu', 'Sigmoid', 'Tanh', 'Softplus', 'Softsign'], infer: pointwise('activation') },
  { names: ['ClipByValue'], infer: pointwise('activation'), axisFlow: ({ inputs }) => elementwiseFlow(inputs), preparesPixels: true },
  { names: ['Prelu'], infer: prelu },

  { names: ['Abs'], infer: pointwise('other'), fold: each(Math.abs) },
  { names: ['Neg'], infer: pointwise('other'), fold: each((value) => 0 - value) },
  { names: ['LogicalNot'], infer: pointwise('other'), fold: each((value) => Number(value === 0)) },
  // What is known are whole numbers.
  { names: ['Ceil', 'Floor', 'Round'], infer: pointwise('other'), fold: each((value) => value) },
  { names: ['Erf', 'Exp', 'Expm1', 'Log', 'Log1p'], infer: pointwise('other') },
  { names: ['Reciprocal', 'Rsqrt', 'Sign', 'Sqrt', 'Square', 'ZerosLike', 'OnesLike'], infer: pointwise('other') },
  { names: ['IsFinite', 'IsInf', 'IsNan'], infer: pointwise('other') },
  {
    names: ['Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Cos', 'Cosh', 'Sin', 'Sinh', 'Tan'],
    infer: pointwise('other'),
  },

  { names: ['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'], infer: pointwise('normalisation') },
  { names: ['LRN'], infer: localResponse },
  { names: ['Softmax', 'LogSoftmax'], infer: softmax, axisFlow: (_, rank) => ({ kind: 'along', axes: [rank - 1], scaled: false }) },

  { names: ['Identity'], infer: pointwise('identity'), constant: ({ inputs }) => inputs[0]?.constant, preparesPixels: true },
  { names: ['Cast'], infer: pointwise('identity'), fold: (call) => valuesAt(call, 0), preparesPixels: true },
  { names: ['EnsureShape', 'StopGradient'], infer: pointwise('identity'), fold: (call) => valuesAt(call, 0) },
  {
    names: ['IdentityN', 'Snapshot', 'PreventGradient', 'CheckNumerics', 'PlaceholderWithDefault', 'FakeQuantWithMinMaxVars'],
    infer: pointwise('identity'),
  },
];

/** What is known of a result whose values each follow from one. */
function each(operation: (value: number) => number): FoldRule {
  return (call) => mapValues(valuesAt(call, 0), operation);
}

/** An operator that treats each value of its first input alone; further inputs are constants per channel. */
function pointwise(role: Extract<Operation, { kind: 'pointwise' }>['role']): OperatorRule {
  return (call) => ({ operation: { kind: 'pointwise', role }, shapes: [inputShape(call, 0)] });
}

/** Prelu: one slope per channel; slopes per position would tie the layer to places. */
function prelu(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const slopes = inputShape(call, 1) ?? [];
  const perPosition = spatialAxes(call.layout, shape?.length ?? 0).some((axis) => (slopes.at(axis - (shape?.length ?? 0)) ?? 1) !== 1);
  return { operation: perPosition ? { kind: 'positional' } : { kind: 'pointwise', role: 'activation' }, shapes: [shape] };
}

/** Softmax and LogSoftmax over the last axis: within a position only where the channels stand there. */
function softmax(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const rank = shape?.length ?? 2;
  return { operation: { kind: channelAxis(call.layout, rank) === rank - 1 ? 'channelwise' : 'positional' }, shapes: [shape] };
}

/** LRN reads neighbouring channels, which it takes to stand last. */
function localResponse(call: OperatorCall): OperatorResult {
  return {
    operation: { kind: call.layout === 'channels-last' ? 'channelwise' : 'positional' },
    shapes: [inputShape(call, 0)],
  };
}
