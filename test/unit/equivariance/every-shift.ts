import type { CircularModel, TensorBatch } from '../../../src/core/equivariance/walk/circular-model';
import type { MeasurePlan } from '../../../src/core/equivariance/plan/measure-plan';
import type { Layout } from '../../../src/core/graph/model-graph';
import { channelCount, feedsOf } from '../../../src/core/equivariance/plan/planned-input';
import { rollInto } from '../../../src/core/equivariance/walk/roll';
import { randomNumbers } from './brute-force';

/** Random images for a plan, batch 1, their channels one behind the other. */
export function randomImage({ input: { images, size, isSignal } }: MeasurePlan, layout: Layout): TensorBatch {
  const channels = channelCount(images);
  const lengths = isSignal ? [size[1]] : size;
  return {
    data: randomNumbers(size[0] * size[1] * channels, 11),
    dims: layout === 'channels-first' ? [1, channels, ...lengths] : [1, ...lengths, channels],
  };
}

/**
 * Feature maps of the image shifted by `shift`, the slow way: the whole model runs on the rolled image, every level simply
 * reading what the one before gave.
 */
export async function runShifted(
  plan: MeasurePlan,
  circular: CircularModel,
  image: TensorBatch,
  layout: Layout,
  shift: readonly [number, number],
): Promise<ReadonlyMap<string, TensorBatch>> {
  const { size, images } = plan.input;
  const data = new Float32Array(image.data.length);
  rollInto(data, 0, image.data, { layout, channels: channelCount(images), size }, shift);
  const values = new Map(feedsOf(plan.input, { data, dims: image.dims }, layout));
  for (const [index, level] of plan.levels.entries()) {
    if (level.layers.length === 0) continue;
    const feeds = new Map(level.feeds.map((name) => [name, values.get(name)!]));
    for (const [name, value] of await circular.runLevel(index, feeds)) values.set(name, value);
  }
  return values;
}
