import type { Dimension, Window } from '../graph/model-graph';
import { windowOutputSize, type ExplicitPadding } from '../graph/window';
import { alignBlur, type AlignmentOptions } from './alignment';

/** A layer that has lost its stride, and the blur behind it. */
export interface DenseLayer extends AlignmentOptions {
  readonly window: Window;
  readonly inputSize: readonly Dimension[];
  readonly taps: number;
  /** Of the blur, as it is aligned with the padding that the format dictates. */
  readonly blurPadding: ExplicitPadding;
}

/**
 * Samples that a layer gives at each side only because the format works its SAME padding out anew for the stride that is left: they
 * read more of the padding than any sample of the strided layer did. Where the blur's border begins there, it is laid round the map
 * without them, as in formats that spell the old padding out. Undefined where there are none.
 */
export function surplusSamples({
  window,
  inputSize,
  taps,
  blurPadding,
  layerPadding,
  layerStride,
}: DenseLayer): ExplicitPadding | undefined {
  const spelt = layerPadding && alignBlur(window, inputSize, taps, { layerStride });
  if (layerPadding === undefined || spelt?.ok !== true) return undefined;
  const stride = layerStride ?? window.stride.map(() => 1);
  const sizeWith = (padding: ExplicitPadding): readonly Dimension[] =>
    windowOutputSize({ ...window, stride, padding: { kind: 'explicit', ...padding }, ceilMode: false }, inputSize);
  const [size, speltSize] = [sizeWith(layerPadding), sizeWith(spelt.layerPadding)];
  const first = stride.map((step, axis) => ((layerPadding.begin[axis] ?? 0) - (spelt.layerPadding.begin[axis] ?? 0)) / step);
  const last = size.map((length, axis) => (length ?? 0) - (speltSize[axis] ?? 0) - (first[axis] ?? 0));
  if ([...first, ...last].some((amount) => amount < 0 || !Number.isInteger(amount))) return undefined;
  // What is cut off anyhow, or has no border, stays as it is.
  const bordered = (amounts: readonly number[], padding: readonly number[]): readonly number[] =>
    amounts.map((amount, axis) => (amount + (padding[axis] ?? 0) > 0 ? amount : 0));
  const surplus = { begin: bordered(first, blurPadding.begin), end: bordered(last, blurPadding.end) };
  return [...surplus.begin, ...surplus.end].some((amount) => amount > 0) ? surplus : undefined;
}
