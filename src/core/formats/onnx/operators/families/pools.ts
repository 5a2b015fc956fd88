import { t } from '@vscode/l10n';
import type { Window } from '../../../../graph/model-graph';
import { inputShape, intAttribute, opaque, type OperatorCall, type OperatorResult } from '../call';
import type { OnnxOperator } from '../operator';
import { noKernel, readWindow, windowShape } from '../window';
import { elementType } from '../../wire/schema';

/** Operators that take the maximum, mean or norm of each window, or of all positions. */
export const pools: readonly OnnxOperator[] = [
  { names: ['MaxPool'], infer: maxPool, readsChannelsFirst: true, furtherTypes: [elementType.int64] },
  { names: ['AveragePool'], infer: averagePool, readsChannelsFirst: true },
  { names: ['QLinearAveragePool'], domains: ['com.microsoft'], infer: averagePool, readsChannelsFirst: true, quantizesBy: [3, 4] },
  { names: ['LpPool'], infer: lpPool, readsChannelsFirst: true },
  { names: ['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool'], infer: globalPool, readsChannelsFirst: true },
  { names: ['QLinearGlobalAveragePool'], domains: ['com.microsoft'], infer: globalPool, readsChannelsFirst: true, quantizesBy: [3, 4] },
];

/** MaxPool, with the places of its maxima as a second output. */
function maxPool(call: OperatorCall): OperatorResult {
  const window = dilatedSame(call, readWindow(call, undefined));
  if (window === undefined) return opaque(noKernel);
  const shape = windowShape(call, window, inputShape(call, 0)?.[1] ?? null);
  return { operation: { kind: 'max-pool', window }, shapes: [shape, shape] };
}

/**
 * ONNX Runtime's maxima and norms pad for SAME as if the kernel were not dilated, and crop where that is below zero: there
 * the amounts are spelt out, where the size is known.
 */
function dilatedSame(call: OperatorCall, window: Window | undefined): Window | undefined {
  const size = inputShape(call, 0)?.slice(2);
  if (window === undefined || size === undefined || window.dilation.every((step) => step === 1)) return window;
  const { kind } = window.padding;
  if ((kind !== 'same-upper' && kind !== 'same-lower') || !size.every((length) => length !== null)) return window;
  const totals = window.kernel.map((kernel, axis) => {
    const [length = 1, stride = 1] = [size[axis], window.stride[axis]];
    return (Math.ceil(length / stride) - 1) * stride + kernel - length;
  });
  const smaller = totals.map((total) => Math.trunc(total / 2));
  const larger = totals.map((total, axis) => total - (smaller[axis] ?? 0));
  const [begin, end] = kind === 'same-upper' ? [smaller, larger] : [larger, smaller];
  return { ...window, padding: { kind: 'explicit', begin, end } };
}

/** AveragePool, also quantized. */
function averagePool(call: OperatorCall): OperatorResult {
  if (intAttribute(call, 'channels_last', 0) === 1) return opaque(t('it keeps its channels last'));
  const window = readWindow(call, undefined);
  if (window === undefined) return opaque(noKernel);
  const countsPadding = intAttribute(call, 'count_include_pad', 0) === 1;
  return {
    operation: { kind: 'average-pool', window, countsPadding },
    shapes: [windowShape(call, window, inputShape(call, 0)?.[1] ?? null)],
  };
}

/** LpPool: the p-norm of each window, 2 by default; in operator set 1 `p` is a float. */
function lpPool(call: OperatorCall): OperatorResult {
  const window = dilatedSame(call, readWindow(call, undefined));
  if (window === undefined) return opaque(noKernel);
  const power = call.node.attributes.get('p')?.int ?? call.node.attributes.get('p')?.float ?? 2;
  return {
    operation: { kind: 'average-pool', window, countsPadding: false, power },
    shapes: [windowShape(call, window, inputShape(call, 0)?.[1] ?? null)],
  };
}

/** GlobalAveragePool, GlobalMaxPool, GlobalLpPool. */
function globalPool(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  if (intAttribute(call, 'channels_last', 0) === 1) return opaque(t('it keeps its channels last'));
  return { operation: { kind: 'global-pool' }, shapes: [shape?.map((length, axis) => (axis < 2 ? length : 1))] };
}
