import type { Tensor } from '@tensorflow/tfjs';
import type { CircularPadding, CircularResampling } from '../../core/equivariance/measure-plan';
import type { Layout } from '../../core/graph/model-graph';
import type { TensorFlow } from './runtime';

/**
 * Wraps a batch of maps around both image axes: position i of the result is position (i - begin) mod length. Negative
 * amounts crop; amounts beyond the axis wrap more than once. The caller owns the result.
 */
export function wrap(tf: TensorFlow, maps: Tensor, { begin, end }: CircularPadding, layout: Layout): Tensor {
  return tf.tidy(() =>
    [0, 1].reduce((wrapped, axis) => {
      const before = begin[axis] ?? 0;
      const after = end[axis] ?? 0;
      if (before === 0 && after === 0) return wrapped;
      const dimension = axis + (layout === 'channels-first' ? 2 : 1);
      const length = wrapped.shape[dimension] ?? 1;
      const indices = Int32Array.from({ length: length + before + after }, (_, index) => (((index - before) % length) + length) % length);
      return tf.gather(wrapped, tf.tensor1d(indices, 'int32'), dimension);
    }, maps.clone()),
  );
}

/** The circular output of a layer that upsamples or resizes, out of what it gives of a wrapped map. The caller owns the result. */
export function cut(tf: TensorFlow, maps: Tensor, { begin, size }: CircularResampling, layout: Layout): Tensor {
  const first = layout === 'channels-first' ? 2 : 1;
  const starts = maps.shape.map((_, axis) => begin[axis - first] ?? 0);
  return tf.slice(maps, starts, maps.shape.map((length, axis) => size[axis - first] ?? length));
}
