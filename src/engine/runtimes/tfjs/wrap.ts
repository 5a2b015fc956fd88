import type { Tensor } from '@tensorflow/tfjs';
import { circularRanges } from '../../../core/graph/circle';
import type { CircularPadding, CircularResampling } from '../../../core/equivariance/contracts';
import type { Layout } from '../../../core/graph/model-graph';
import type { TensorFlow } from './tensorflow';

/**
 * Wraps a batch of maps around both image axes: position i of the result is position (i - begin) mod length. Negative
 * amounts crop; amounts beyond the axis wrap more than once. The caller owns the result.
 */
export function wrap(tf: TensorFlow, maps: Tensor, { begin, end }: CircularPadding, layout: Layout): Tensor {
  return tf.tidy(() => {
    const wrapped = [0, 1].reduce(
      (result, axis) => wrapAxis(tf, result, dimensionOf(maps, layout, axis), begin[axis] ?? 0, end[axis] ?? 0),
      maps,
    );
    return wrapped === maps ? maps.clone() : wrapped;
  });
}

function wrapAxis(tf: TensorFlow, maps: Tensor, dimension: number, begin: number, end: number): Tensor {
  if (begin === 0 && end === 0) return maps;
  const ranges = circularRanges(maps.shape[dimension] ?? 1, begin, end);
  const parts = ranges.map((range) => {
    const starts = maps.shape.map((_, axis) => (axis === dimension ? range.start : 0));
    return tf.slice(
      maps,
      starts,
      maps.shape.map((length, axis) => (axis === dimension ? range.end - range.start : length)),
    );
  });
  return tf.concat(parts, dimension);
}

/** The circular output of a layer that upsamples or resizes, out of what it gives of a wrapped map. The caller owns the result. */
export function cut(tf: TensorFlow, maps: Tensor, { begin, size }: CircularResampling, layout: Layout): Tensor {
  const [starts, lengths] = [maps.shape.map(() => 0), [...maps.shape]];
  for (const axis of maps.shape.length === 3 ? [1] : [0, 1]) {
    const dimension = dimensionOf(maps, layout, axis);
    starts[dimension] = begin[axis] ?? 0;
    lengths[dimension] = size[axis] ?? 1;
  }
  return tf.slice(maps, starts, lengths);
}

/** Where an image axis stands among a tensor's dimensions, counted from the end: signals have no height. */
function dimensionOf({ shape }: Tensor, layout: Layout, axis: number): number {
  return shape.length - (layout === 'channels-first' ? 2 : 3) + axis;
}
