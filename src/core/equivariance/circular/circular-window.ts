import type { AxisPair, Window } from '../../graph/model-graph';
import { effectiveKernel, resolvePadding, windowOutputSize } from '../../graph/window';
import type { CircularPadding } from '../contracts';

/** A window layer under the circular protocol. */
export interface CircularWindow {
  readonly padding: CircularPadding;
  /** True where the layer's own padding would not have given input length / stride: samples are supplied by wrapping. */
  readonly wrapped: boolean;
}

/**
 * The circular rule: the window keeps its alignment (begin padding plus the offset of folded Pad layers), the output has
 * input length / stride samples, and the end takes what that needs; negative where the layer's last samples are cropped.
 *
 * @param size input size, a multiple of the stride.
 * @param pending padding of folded Pad layers in front.
 */
export function circularWindow(window: Window, size: AxisPair, pending: PendingPadding): CircularWindow {
  const own = resolvePadding(window, size) ?? { begin: [0, 0], end: [0, 0] };
  const extents = effectiveKernel(window);
  const axis = (index: 0 | 1): { begin: number; end: number; wrapped: boolean } => {
    const stride = window.stride[index] ?? 1;
    const begin = (own.begin[index] ?? 0) + pending.begin[index];
    const end = (extents[index] ?? 1) - stride - begin;
    const padded = size[index] + pending.begin[index] + pending.end[index];
    const natural = windowOutputSize(window, index === 0 ? [padded, size[1]] : [size[0], padded])[index];
    return { begin, end, wrapped: natural !== size[index] / stride };
  };
  const [y, x] = [axis(0), axis(1)];
  return { padding: { begin: [y.begin, x.begin], end: [y.end, x.end] }, wrapped: y.wrapped || x.wrapped };
}

/** Padding of Pad layers that waits for the next window layer; negative amounts crop. */
export interface PendingPadding {
  readonly begin: AxisPair;
  readonly end: AxisPair;
}

/** Nothing pending. */
export const nothingPending: PendingPadding = { begin: [0, 0], end: [0, 0] };

/** Adds a Pad layer's amounts to what is pending. */
export function addPending(pending: PendingPadding, begin: readonly number[], end: readonly number[]): PendingPadding {
  const sum = (pair: AxisPair, amounts: readonly number[]): AxisPair => [pair[0] + (amounts[0] ?? 0), pair[1] + (amounts[1] ?? 0)];
  return { begin: sum(pending.begin, begin), end: sum(pending.end, end) };
}
