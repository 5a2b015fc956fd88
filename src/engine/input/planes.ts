import type { TensorBatch } from '../../core/equivariance/walk/circular-model';
import type { Layout } from '../../core/graph/model-graph';
import type { Plane } from './resample';

/** Channels of one image as a batch of one, in a model's layout. All planes have one size. */
export function toBatch(planes: readonly Plane[], layout: Layout): TensorBatch {
  const [{ height, width } = { height: 0, width: 0 }] = planes;
  const channels = planes.length;
  const data = new Float32Array(channels * height * width);
  for (const [channel, plane] of planes.entries()) {
    if (layout === 'channels-first') data.set(plane.data, channel * height * width);
    else for (const [position, value] of plane.data.entries()) data[position * channels + channel] = value;
  }
  return { data, dims: layout === 'channels-first' ? [1, channels, height, width] : [1, height, width, channels] };
}

/** The inverse for a tensor of batch 1. */
export function fromBatch({ data, dims }: TensorBatch, layout: Layout): readonly Plane[] {
  const [, a = 0, b = 0, c = 0] = dims;
  const [channels, height, width] = layout === 'channels-first' ? [a, b, c] : [c, a, b];
  const positions = height * width;
  return Array.from({ length: channels }, (_, channel) => ({
    height,
    width,
    data:
      layout === 'channels-first'
        ? data.slice(channel * positions, (channel + 1) * positions)
        : Float32Array.from({ length: positions }, (__, position) => data[position * channels + channel] ?? 0),
  }));
}
