import { mapValues, type KnownValues } from '../../../../graph/known-values';
import type { Operation } from '../../../../graph/model-graph';
import { elementType } from '../../wire/schema';
import { inputShape, type OperatorCall, type OperatorResult } from '../call';
import { sameValues, valuesAt, type FoldedCall } from '../folded-call';
import type { FoldRule, OnnxOperator, OperatorRule } from '../operator';
import { truthValue } from '../result-type';
import { broadcastFlow } from './elementwise';

/** Operators that treat each value of their first input alone. */
export const pointwiseOperators: readonly OnnxOperator[] = [
  { names: ['Relu', 'LeakyRelu', 'Elu', 'Selu', 'Celu', 'ThresholdedRelu', 'Shrink', 'Mish'], infer: pointwise('activation') },
  { names: ['Sigmoid', 'HardSigmoid', 'HardSwish', 'Swish', 'Tanh', 'ScaledTanh'], infer: pointwise('activation') },
  { names: ['Softplus', 'ParametricSoftplus', 'Softsign'], infer: pointwise('activation') },
  { names: ['Gelu'], domains: ['', 'com.microsoft'], infer: pointwise('activation') },
  { names: ['Clip'], infer: pointwise('activation'), axisFlow: broadcastFlow, preparesPixels: true },

  { names: ['Abs'], infer: pointwise('other'), fold: each(Math.abs) },
  { names: ['Neg'], infer: pointwise('other'), fold: each((value) => -value) },
  { names: ['Sqrt'], infer: pointwise('other'), fold: each(Math.sqrt) },
  { names: ['Reciprocal'], infer: pointwise('other'), fold: each((value) => 1 / value) },
  { names: ['Floor'], infer: pointwise('other'), fold: each(Math.floor) },
  { names: ['Ceil'], infer: pointwise('other'), fold: each(Math.ceil) },
  { names: ['Round'], infer: pointwise('other'), fold: each(roundToEven) },
  { names: ['Not'], infer: pointwise('other'), fold: each((value) => (value === 0 ? 1 : 0)), resultType: truthValue },
  { names: ['IsNaN', 'IsInf'], infer: pointwise('other'), resultType: truthValue },
  { names: ['Exp', 'Log', 'Erf', 'Sign', 'BitwiseNot'], infer: pointwise('other') },
  {
    names: ['Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan', 'Sinh', 'Cosh', 'Asinh', 'Acosh', 'Atanh'],
    infer: pointwise('other'),
  },

  { names: ['Scale', 'Affine', 'ImageScaler'], infer: pointwise('normalisation') },
  { names: ['Identity'], infer: pointwise('identity'), fold: sameValues, preparesPixels: true },
  {
    names: ['Cast'],
    infer: pointwise('identity'),
    fold: castValues,
    resultType: { stated: ({ attributes }) => attributes.get('to')?.int },
    preparesPixels: true,
  },
  { names: ['CastLike', 'BitCast'], infer: pointwise('identity') },
  { names: ['Dropout'], infer: dropout, fold: (folded) => (folded.output === 0 ? sameValues(folded) : undefined) },
];

/** An operator that treats each value alone; further inputs (scales, limits) are constants per channel. */
export function pointwise(role: Extract<Operation, { kind: 'pointwise' }>['role']): OperatorRule {
  return (call) => {
    const shape = inputShape(call, 0);
    return { operation: { kind: 'pointwise', role }, shapes: call.node.outputs.map((_, index) => (index === 0 ? shape : undefined)) };
  };
}

/** Dropout: the optional mask has the shape of the map. */
function dropout(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  return { operation: { kind: 'pointwise', role: 'identity' }, shapes: [shape, shape] };
}

function each(operation: (value: number) => number): FoldRule {
  return (folded) => mapValues(valuesAt(folded, 0), operation);
}

/** A half goes to the even neighbour. */
function roundToEven(value: number): number {
  return Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);
}

/** Whole numbers lose their fraction; as a truth value all but 0 is 1. */
function castValues(folded: FoldedCall): KnownValues | undefined {
  const values = valuesAt(folded, 0);
  if (folded.call.node.attributes.get('to')?.int === elementType.bool) return mapValues(values, (value) => (value === 0 ? 0 : 1));
  return folded.integer ? mapValues(values, Math.trunc) : values;
}
