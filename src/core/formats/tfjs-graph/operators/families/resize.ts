import type { KnownValues } from '../../../../graph/known-values';
import { flagOf } from '../../read/node';
import { inputShape, valuesAt, type OperatorCall } from '../call';
import type { GraphOperator, OperatorRule } from '../operator';

/** Operators that change how many positions a map has by interpolation. */
export const resizes: readonly GraphOperator[] = [
  { names: ['ResizeBilinear'], infer: resize('bilinear') },
  { names: ['ResizeNearestNeighbor'], infer: resize('nearest') },
];

/** Sizes of a resize's second input; null where they are computed while the model runs. */
function wantedSize(call: OperatorCall): KnownValues {
  return valuesAt(call, 1) ?? [null, null];
}

/** ResizeBilinear, ResizeNearestNeighbor: maps `[batch, height, width, channels]` to the size of the second input. */
function resize(mode: string): OperatorRule {
  return (call) => {
    const shape = inputShape(call, 0);
    const [height = null, width = null] = wantedSize(call);
    const alignsCorners = flagOf(call.node, 'align_corners');
    return {
      operation: { kind: 'resize', mode, ...(alignsCorners && { alignsCorners }) },
      shapes: [shape && [shape[0] ?? null, height, width, shape.at(-1) ?? null]],
      layout: 'channels-last',
    };
  };
}
