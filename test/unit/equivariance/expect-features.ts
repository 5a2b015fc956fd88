import { expect } from 'vitest';
import { measureFeatures, planFeatures, type ChannelRange, type FeatureMaps } from '../../../src/core/equivariance/measure/feature-maps';
import { wrapIndex } from '../../../src/core/graph/circle';
import type { MeasurePlan } from '../../../src/core/equivariance/plan/measure-plan';
import { planarGraph } from '../../../src/core/equivariance/plan/planar-graph';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import type { AxisPair, ModelGraph } from '../../../src/core/graph/model-graph';
import { payloadSource } from '../../../src/engine/input/source';
import { readModel } from '../../../src/engine/input/read-model';
import { bruteForceEquivariance } from './brute-force';
import { randomImage, runShifted } from './every-shift';
import type { MeasuredModel } from './expect-every-shift';

/**
 * Expects the maps of every measured layer to be what the whole model gives for the rolled image, within 1e-5, and their value its
 * cosine.
 */
export async function expectFeatures({ engine, format, payload, size }: MeasuredModel, shifts: readonly AxisPair[]): Promise<MeasurePlan> {
  const graph = planarGraph((await format.open(payloadSource(payload))).graph);
  const plan = planMeasurement(graph);
  const image = randomImage(plan, graph.layout);
  const whole = await engine.openCircular(await readModel(payload), plan);
  const unshifted = await runShifted(plan, whole, image, graph.layout, [0, 0]);
  for (const layer of plan.layers) {
    const features = planFeatures(plan, graph, layer.name);
    const model = await engine.openCircular(await readModel(payload), features.plan);
    const geometry = { layout: graph.layout, channels: layer.channels, size: layer.size };
    for (const [place, shift] of shifts.entries()) {
      const metric = place % 2 === 0 ? 'flat' : 'channel';
      const range: ChannelRange = place % 3 === 2 ? { first: layer.channels - 1, count: 5 } : { first: 0, count: layer.channels };
      const options = { metric, memoryBudgetBytes: 20_000, cancellation: { cancelled: false } } as const;
      const maps = await measureFeatures({ plan: features.plan, graph, model }, features, image, { shift, channels: range }, options);
      const within = [wrapIndex(shift[0], size[0]), wrapIndex(shift[1], size[1])] as const;
      const shifted = await runShifted(plan, whole, image, graph.layout, within);
      const [a, b] = [unshifted.get(layer.tensor)!.data, shifted.get(layer.tensor)!.data];
      expect(maps).toMatchObject({
        layer,
        shift: within,
        imageSize: size,
        channels: { first: range.first, count: Math.min(range.count, layer.channels - range.first) },
      });
      const difference = Math.max(largestDifference(maps!, maps!.original, a, graph), largestDifference(maps!, maps!.shifted, b, graph));
      expect(difference, `${layer.name} at ${shift.join()}`).toBeLessThan(1e-5);
      expect(Math.abs(maps!.equivariance! - bruteForceEquivariance(a, b, geometry, metric, within, layer.spatialStride))).toBeLessThan(
        1e-5,
      );
    }
    await model.dispose();
  }
  await whole.dispose();
  return plan;
}

function largestDifference(
  { layer, channels: { first, count } }: FeatureMaps,
  given: Float32Array,
  map: Float32Array,
  { layout }: ModelGraph,
): number {
  const positions = layer.size[0] * layer.size[1];
  expect(given).toHaveLength(count * positions);
  const expected = (channel: number, position: number): number =>
    map[layout === 'channels-first' ? channel * positions + position : position * layer.channels + channel]!;
  return given.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - expected(first + Math.floor(index / positions), index % positions))),
    0,
  );
}
