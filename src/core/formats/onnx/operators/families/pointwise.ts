import { mapValues, type KnownValues } from '../../../../graph/known-values';
import type { Dimension, Operation } from '../../../../graph/model-graph';
import { elementType } from '../../wire/schema';
import { inputShape, type OperatorCall, type OperatorResult } from '../call';
import { heldValues, sameValues, valuesAt, type FoldedCall } from '../folded-call';
import type { FoldRule, OnnxOperator, OperatorRule } from '../operator';
import { truthValue } from '../result-type';
import { isIntegerType } from '../value-types';
import { broadcastFlow } from './elementwise';

/** Operators that treat each value of their first input alone. */
export const pointwiseOperators: readonly OnnxOperator[] = [
  { names: ['Relu', 'LeakyRelu', 'Elu', 'Selu', 'Celu', 'ThresholdedRelu', 'Shrink', 'Mish'], infer: pointwise('activation') },
  { names: ['Sigmoid', 'HardSigmoid', 'HardSwish', 'Swish', 'Tanh', 'ScaledTanh'], infer: pointwise('activation') },
  { names: ['Softplus', 'ParametricSoftplus', 'Softsign'], infer: pointwise('activation') },
  { names: ['Gelu'], domains: ['', 'com.microsoft'], infer: pointwise('activation') },
  { names: ['Clip'], infer: pointwise('activation'), axisFlow: broadcastFlow, fold: clipped, preparesPixels: true },

  { names: ['Abs'], infer: pointwise('other'), fold: each(Math.abs) },
  { names: ['Neg'], infer: pointwise('other'), fold: each((value) => -value) },
  { names: ['Sqrt'], infer: pointwise('other'), fold: each(Math.sqrt) },
  { names: ['Reciprocal'], infer: pointwise('other'), fold: each((value) => 1 / value) },
  { names: ['Floor'], infer: pointwise('other'), fold: each(Math.floor) },
  { names: ['Ceil'], infer: pointwise('other'), fold: each(Math.ceil) },
  { names: ['Round'], infer: pointwise('other'), fold: each(roundToEven) },
  { names: ['Not'], infer: pointwise('other'), fold: each((value) => (value === 0 ? 1 : 0)), resultType: truthValue },
  { names: ['IsNaN', 'IsInf'], infer: pointwise('other'), resultType: truthValue },
  { names: ['Sign'], infer: pointwise('other'), fold: each(Math.sign) },
  { names: ['Exp', 'Log', 'Erf', 'BitwiseNot'], infer: pointwise('other') },
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
  { names: ['CastLike'], infer: pointwise('identity'), fold: castValues, resultType: { likeInput: 1 } },
  { names: ['BitCast'], infer: pointwise('identity'), resultType: { stated: ({ attributes }) => attributes.get('to')?.int } },
  {
    names: ['Dropout'],
    infer: dropout,
    fold: (folded) => (folded.output === 0 ? sameValues(folded) : undefined),
    furtherTypes: [elementType.bool],
  },
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
  return (folded) => heldValues(folded, mapValues(valuesAt(folded, 0), operation));
}

/** A half goes to the even neighbour. */
export function roundToEven(value: number): number {
  return Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);
}

/** Whole numbers lose their fraction; as a truth value all but 0 is 1. */
function castValues(folded: FoldedCall): KnownValues | undefined {
  const { call, type } = folded;
  const values = valuesAt(folded, 0);
  if (type === elementType.bool) return mapValues(values, (value) => (value === 0 ? 0 : 1));
  // Within one type not even the largest value changes, which stands for "to the end".
  if (call.inputs[0]?.constant?.type === type) return values;
  return heldValues(folded, isIntegerType(type) ? mapValues(values, Math.trunc) : values);
}

/** Clip: limits are inputs, before operator set 11 attributes; either may be missing. */
function clipped(folded: FoldedCall): KnownValues | undefined {
  const [least, most] = [limitOf(folded, 'min', 1, -Infinity), limitOf(folded, 'max', 2, Infinity)];
  return mapValues(valuesAt(folded, 0), (value) => (least === null || most === null ? null : Math.min(Math.max(value, least), most)));
}

/** Null where it is given, but not known. */
function limitOf(folded: FoldedCall, attribute: string, index: number, none: number): Dimension {
  const { node, inputs } = folded.call;
  const stated = node.attributes.get(attribute)?.float;
  if (stated !== undefined) return stated;
  return inputs[index] === undefined ? none : (valuesAt(folded, index)?.[0] ?? null);
}
