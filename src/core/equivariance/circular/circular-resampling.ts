import type { AxisPair, Window } from '../../graph/model-graph';
import { effectiveKernel } from '../../graph/window';
import type { CircularResampling } from '../contracts';

/**
 * A transposed convolution on a circle. Without padding of its own it gives, of a map that is wrapped by a samples in front,
 * full[o'] = sum over i of x[i - a] w[o' - i u]; its circular output begins where its own padding p begins: at p + a u. Output
 * o < n u reads the inputs i with 0 <= o + p - i u <= k - 1, from floor((k - 1 - p) / u) before the map to floor((u - 1 + p) / u) behind
 * it.
 *
 * @param size of the input map; the output is larger by the stride
 */
export function circularTransposed(window: Window, size: AxisPair): CircularResampling {
  const extents = effectiveKernel(window);
  const axis = (index: 0 | 1): { before: number; after: number; begin: number; length: number } => {
    const step = window.stride[index] ?? 1;
    const extent = extents[index] ?? 1;
    const cropped = ownCrop(window, index, extent, step);
    const before = Math.max(0, Math.floor((extent - 1 - cropped) / step));
    const begin = cropped + before * step;
    const length = size[index] * step;
    // A kernel shorter than the stride leaves gaps, also behind the last sample that it reads.
    const covering = Math.ceil((begin + length - extent) / step) + 1 - size[index] - before;
    const after = Math.max(0, Math.floor((step - 1 + cropped) / step), covering);
    return { before, after, begin, length };
  };
  const [y, x] = [axis(0), axis(1)];
  return {
    padding: { begin: [y.before, x.before], end: [y.after, x.after] },
    begin: [y.begin, x.begin],
    size: [y.length, x.length],
  };
}

/** What the layer cuts off the begin of its full output; SAME leaves stride samples for each of the input's. */
function ownCrop({ padding }: Window, axis: 0 | 1, extent: number, step: number): number {
  if (padding.kind === 'explicit') return padding.begin[axis] ?? 0;
  if (padding.kind === 'valid') return 0;
  const total = Math.max(0, extent - step);
  return padding.kind === 'same-upper' ? Math.floor(total / 2) : Math.ceil(total / 2);
}

/** Input samples that an interpolation reaches to either side, by the start of its mode's name. */
const reaches: readonly (readonly [mode: string, samples: number])[] = [
  ['nearest', 1],
  ['linear', 1],
  ['bilinear', 1],
];
const widestReach = 3;

/**
 * A resize on a circle, by a factor that is a whole number or one over it: the map is wrapped far enough for the interpolation,
 * by whole steps of the output, and what belongs to the wrapped samples is cut off again.
 *
 * @param factor output length / input length per axis
 */
export function circularResize(mode: string, antialias: boolean, factor: AxisPair, size: AxisPair): CircularResampling {
  const reach = reaches.find(([name]) => mode === name)?.[1] ?? widestReach;
  const axis = (index: 0 | 1): { wrap: number; begin: number; length: number } => {
    const scale = factor[index];
    const step = scale < 1 ? Math.round(1 / scale) : 1;
    const wrap = scale === 1 ? 0 : step * (antialias ? reach + 1 : reach);
    return { wrap, begin: Math.round(wrap * scale), length: Math.round(size[index] * scale) };
  };
  const [y, x] = [axis(0), axis(1)];
  return { padding: { begin: [y.wrap, x.wrap], end: [y.wrap, x.wrap] }, begin: [y.begin, x.begin], size: [y.length, x.length] };
}
