import type { Dimension, Window } from './model-graph';

/** Padding amounts, one entry per spatial axis. */
export interface ExplicitPadding {
  readonly begin: readonly number[];
  readonly end: readonly number[];
}

/** Extent of the dilated kernel per spatial axis: (k - 1) * dilation + 1. */
export function effectiveKernel(window: Window): readonly number[] {
  return window.kernel.map((kernel, axis) => (kernel - 1) * (window.dilation[axis] ?? 1) + 1);
}

/**
 * Padding amounts for an input of the given spatial size. TensorFlow's SAME rule (ONNX `SAME_UPPER`, `SAME_LOWER`) gives
 * ceil(n / stride) samples, so its amounts depend on size and stride; undefined where an unknown size decides.
 */
export function resolvePadding(window: Window, inputSize: readonly Dimension[]): ExplicitPadding | undefined {
  const { padding } = window;
  if (padding.kind === 'explicit') return padding;
  const extents = effectiveKernel(window);
  if (padding.kind === 'valid') return { begin: extents.map(() => 0), end: extents.map(() => 0) };
  const begin: number[] = [];
  const end: number[] = [];
  for (const [axis, extent] of extents.entries()) {
    const total = samePaddingTotal(inputSize[axis] ?? null, extent, window.stride[axis] ?? 1);
    if (total === undefined) return undefined;
    const smaller = Math.floor(total / 2);
    begin.push(padding.kind === 'same-upper' ? smaller : total - smaller);
    end.push(padding.kind === 'same-upper' ? total - smaller : smaller);
  }
  return { begin, end };
}

function samePaddingTotal(length: Dimension, extent: number, stride: number): number | undefined {
  if (stride === 1) return extent - 1;
  if (length === null) return undefined;
  return Math.max((Math.ceil(length / stride) - 1) * stride + extent - length, 0);
}

/**
 * Spatial size of a window layer's output, per axis; null where the input's is. Follows ONNX: rounded down, or up under
 * `ceilMode` unless the last window would start in the end padding.
 */
export function windowOutputSize(window: Window, inputSize: readonly Dimension[]): Dimension[] {
  const extents = effectiveKernel(window);
  return extents.map((extent, axis) => {
    const length = inputSize[axis] ?? null;
    if (length === null) return null;
    const stride = window.stride[axis] ?? 1;
    const { padding } = window;
    if (padding.kind === 'same-upper' || padding.kind === 'same-lower') return Math.ceil(length / stride);
    const begin = padding.kind === 'explicit' ? (padding.begin[axis] ?? 0) : 0;
    const end = padding.kind === 'explicit' ? (padding.end[axis] ?? 0) : 0;
    return outputLength({ length, extent, stride, begin, end, ceilMode: window.ceilMode });
  });
}

function outputLength(axis: {
  readonly length: number;
  readonly extent: number;
  readonly stride: number;
  readonly begin: number;
  readonly end: number;
  readonly ceilMode: boolean;
}): number {
  const span = axis.length + axis.begin + axis.end - axis.extent;
  if (span < 0 && !axis.ceilMode) return 0;
  if (!axis.ceilMode) return Math.floor(span / axis.stride) + 1;
  const windows = Math.ceil(span / axis.stride) + 1;
  const lastStartsInEndPadding = (windows - 1) * axis.stride >= axis.length + axis.begin;
  return Math.max(lastStartsInEndPadding ? windows - 1 : windows, 0);
}

/** A window with an axis in front along which it neither reaches nor steps: of one row for a signal, or over the steps of a sequence. */
export function behindPlainAxis({ kernel, stride, dilation, padding, ceilMode }: Window): Window {
  return {
    kernel: [1, ...kernel],
    stride: [1, ...stride],
    dilation: [1, ...dilation],
    padding: padding.kind === 'explicit' ? { ...padding, begin: [0, ...padding.begin], end: [0, ...padding.end] } : padding,
    ceilMode,
  };
}
