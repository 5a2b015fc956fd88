import { integersOf } from '../../read/node';
import { opaque } from '../call';
import type { GraphOperator, OperatorRule } from '../operator';
import { alongPositions, channelsOf, incomplete, layoutOf, readWindow, windowShape } from '../window';

/** Operators that take the maximum or mean of each window. */
export const pools: readonly GraphOperator[] = [
  { names: ['MaxPool', 'MaxPool3D', 'MaxPoolWithArgmax'], infer: pool('max') },
  { names: ['AvgPool', 'AvgPool3D'], infer: pool('average') },
  { names: ['Dilation2D'], infer: () => opaque('it takes maxima over a learned window') },
];

/** Max- or average-pool; TensorFlow's average leaves the padding out of its count. */
function pool(kind: 'max' | 'average'): OperatorRule {
  return (call) => {
    const sizes = integersOf(call.node, 'ksize');
    const window = sizes && readWindow(call, alongPositions(sizes, layoutOf(call)));
    if (window === undefined) return opaque(incomplete);
    const shape = windowShape(call, window, channelsOf(call));
    return {
      operation: kind === 'max' ? { kind: 'max-pool', window } : { kind: 'average-pool', window, countsPadding: false },
      shapes: [shape, shape],
      layout: layoutOf(call),
    };
  };
}
