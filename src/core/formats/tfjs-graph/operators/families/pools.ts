import { t } from '@vscode/l10n';
import { integersOf } from '../../read/node';
import { opaque, type OperatorCall, type OperatorResult } from '../call';
import type { GraphOperator, OperatorRule } from '../operator';
import { alongPositions, channelsOf, incomplete, layoutOf, readWindow, windowShape } from '../window';

/** Operators that take the maximum or mean of each window. */
export const pools: readonly GraphOperator[] = [
  { names: ['MaxPool', 'MaxPool3D', 'MaxPoolWithArgmax'], infer: pool('max') },
  { names: ['AvgPool', 'AvgPool3D'], infer: pool('average') },
  { names: ['Dilation2D'], infer: dilation },
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

/** A maximum over windows of samples, to each of which the filter `[...window, channels]` adds an amount of its own. */
function dilation(call: OperatorCall): OperatorResult {
  const filter = call.inputs[1];
  if (filter?.constant === undefined) return opaque(t('its filter is computed while the model runs'));
  const kernel = filter.shape?.slice(0, -1).filter((length) => length !== null);
  const window = kernel?.length === 2 ? readWindow(call, kernel, 'rates') : undefined;
  if (window === undefined) return opaque(incomplete);
  return {
    operation: { kind: 'max-pool', window, addsLearned: true },
    shapes: [windowShape(call, window, channelsOf(call))],
    layout: layoutOf(call),
  };
}
