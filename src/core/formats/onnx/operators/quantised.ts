import { channelAxis, normalisedAxis } from '../../../graph/layout';
import type { Shape } from '../../../graph/model-graph';
import { inputShape, intAttribute, opaque, type OperatorCall, type OperatorRule } from './call';

/** QuantizeLinear and DequantizeLinear: one scale for all values or one per channel leaves each value alone. */
export const rescale: OperatorRule = (call) => {
  const shape = inputShape(call, 0);
  const reason = rescaleObstacle(call, shape);
  return reason === undefined ? { operation: { kind: 'pointwise', role: 'other' }, shapes: [shape] } : opaque(reason, shape);
};

function rescaleObstacle(call: OperatorCall, shape: Shape): string | undefined {
  const scale = inputShape(call, 1);
  if (intAttribute(call, 'block_size', 0) > 0 || (scale !== undefined && scale.length > 1)) return 'it is quantized in blocks';
  if (scale === undefined || scale.every((length) => length === 1)) return undefined;
  const axis = normalisedAxis(intAttribute(call, 'axis', 1), shape?.length ?? 0);
  const rank = shape?.length ?? 0;
  return axis === channelAxis(call.layout, rank) || rank < 3 ? undefined : 'it is quantized along an axis that is not its channels';
}

/** DynamicQuantizeLinear: the scale is that of the whole map, which no shift changes. */
export const dynamicRescale: OperatorRule = (call) => ({ operation: { kind: 'channelwise' }, shapes: [inputShape(call, 0), [], []] });

/** Indices of the tensors in QLinearConcat, each followed by its scale and zero point. */
export function everyThird(count: number): readonly number[] {
  return Array.from({ length: Math.max(Math.floor((count - 2) / 3), 0) }, (_, index) => 2 + index * 3);
}
