import { t } from '@vscode/l10n';
import type { KnownValues } from '../../../../graph/known-values';
import { channelAxis, normalisedAxis } from '../../../../graph/layout';
import type { Dimension, Shape } from '../../../../graph/model-graph';
import { elementCount } from '../../wire/tensor-values';
import { inputShape, intAttribute, opaque, type OperatorCall, type OperatorResult } from '../call';
import { arrayAt, heldValues, valuesAt, type FoldedCall } from '../folded-call';
import type { OnnxOperator } from '../operator';
import { elementwise } from './elementwise';
import { concat } from './joining';
import { softmax } from './normalisation';
import { pointwise, roundToEven } from './pointwise';
import { reduce } from './reductions';
import { quantizedType } from '../result-type';
import { heldAs, saturated } from '../value-types';
import { elementType } from '../../wire/schema';

/** Operators on quantized values, standard and ONNX Runtime's own. Convolutions, pools and products stand with their kin. */
export const quantisedOperators: readonly OnnxOperator[] = [
  {
    names: ['QuantizeLinear'],
    domains: ['', 'com.microsoft'],
    infer: rescale,
    fold: quantized,
    resultType: quantizedType,
    quantizesBy: [1, 2],
    preparesPixels: true,
  },
  {
    names: ['DequantizeLinear'],
    domains: ['', 'com.microsoft'],
    infer: rescale,
    fold: dequantized,
    resultType: { likeInput: 1 },
    preparesPixels: true,
  },
  {
    names: ['DynamicQuantizeLinear'],
    infer: dynamicRescale,
    mixesImages: true,
    resultType: { stated: () => elementType.uint8 },
    furtherTypes: [elementType.float, elementType.uint8],
  },
  { names: ['QLinearAdd', 'QLinearMul'], domains: ['com.microsoft'], infer: elementwise('normalisation', [0, 3]), quantizesBy: [6, 7] },
  { names: ['QLinearWhere'], domains: ['com.microsoft'], infer: elementwise('other', [0, 1, 4]) },
  { names: ['QLinearConcat'], domains: ['com.microsoft'], infer: concat(everyThird), resultType: { likeInput: 1 }, quantizesBy: [0, 1] },
  { names: ['QLinearLeakyRelu', 'QLinearSigmoid'], domains: ['com.microsoft'], infer: pointwise('activation'), quantizesBy: [3, 4] },
  { names: ['QLinearSoftmax'], domains: ['com.microsoft'], infer: softmax, quantizesBy: [3, 4] },
  {
    names: ['QLinearReduceMean'],
    domains: ['com.microsoft'],
    infer: (call) => reduce({ ...call, inputs: call.inputs.slice(0, 1) }),
  },
];

/** QuantizeLinear and DequantizeLinear: one scale for all values or one per channel leaves each value alone. */
function rescale(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const reason = rescaleObstacle(call, shape);
  return reason === undefined ? { operation: { kind: 'pointwise', role: 'other' }, shapes: [shape] } : opaque(reason, shape);
}

function rescaleObstacle(call: OperatorCall, shape: Shape): string | undefined {
  const scale = inputShape(call, 1);
  if (intAttribute(call, 'block_size', 0) > 0 || (scale !== undefined && scale.length > 1)) return t('it is quantized in blocks');
  if (scale === undefined || scale.every((length) => length === 1)) return undefined;
  const axis = normalisedAxis(intAttribute(call, 'axis', 1), shape?.length ?? 0);
  const rank = shape?.length ?? 0;
  return axis === channelAxis(call.layout, rank) || rank < 3 ? undefined : t('it is quantized along an axis that is not its channels');
}

/** DynamicQuantizeLinear: the scale is that of the whole map, which no shift changes. */
function dynamicRescale(call: OperatorCall): OperatorResult {
  return { operation: { kind: 'channelwise' }, shapes: [inputShape(call, 0), [], []] };
}

/** Indices of the tensors in QLinearConcat, each followed by its scale and zero point. */
function everyThird(count: number): readonly number[] {
  return Array.from({ length: Math.max(Math.floor((count - 2) / 3), 0) }, (_, index) => 2 + index * 3);
}

/** Quantized weights: (value - zero point) * scale, with one scale for all or one per entry of an axis. */
function dequantized(folded: FoldedCall): KnownValues | undefined {
  return rescaled(folded, (value, scale, zero) => (value - zero) * scale);
}

/** Weights that are stored before they are quantized: value / scale, rounded to even, + zero point, within the type's range. */
function quantized(folded: FoldedCall): KnownValues | undefined {
  const { type } = folded;
  return rescaled(folded, (value, scale, zero) => saturated(type, roundToEven(heldAs(elementType.float, value / scale) ?? 0) + zero));
}

function rescaled(folded: FoldedCall, rule: (value: number, scale: number, zero: number) => number): KnownValues | undefined {
  const { call } = folded;
  const array = arrayAt(folded, 0);
  const scales = valuesAt(folded, 1);
  const zeros = call.inputs[2] === undefined ? [0] : valuesAt(folded, 2);
  if (array === undefined || scales === undefined || zeros === undefined || (inputShape(call, 1)?.length ?? 0) > 1) return undefined;
  const axis = normalisedAxis(intAttribute(call, 'axis', 1), array.shape.length) ?? 0;
  const inner = elementCount(array.shape.slice(axis + 1));
  const along = (list: KnownValues, index: number): Dimension =>
    list.length === 1 ? (list[0] ?? null) : (list[Math.floor(index / inner) % (array.shape[axis] ?? 1)] ?? null);
  return heldValues(
    folded,
    array.values.map((value, index) => {
      const [scale, zero] = [along(scales, index), along(zeros, index)];
      return value === null || scale === null || zero === null ? null : rule(value, scale, zero);
    }),
  );
}
