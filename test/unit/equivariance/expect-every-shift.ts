import { expect } from 'vitest';
import { expandTile, type Metric } from '../../../src/core/equivariance/measure/measurement';
import { planarGraph } from '../../../src/core/equivariance/plan/planar-graph';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import type { CircularModel } from '../../../src/core/equivariance/walk/circular-model';
import { measureEquivariance } from '../../../src/core/equivariance/walk/polyphase';
import type { ModelFormat } from '../../../src/core/formats/format';
import type { Engine } from '../../../src/engine/runtimes/engine';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { payloadSource } from '../../../src/engine/input/source';
import { readModel } from '../../../src/engine/input/read-model';
import { bruteForceEquivariance } from './brute-force';
import { randomImage, runShifted } from './every-shift';

/** What is measured: a model on an image of this size and number of channels. */
export interface MeasuredModel {
  readonly engine: Engine;
  readonly format: ModelFormat;
  readonly payload: ModelPayload;
  readonly size: readonly [number, number];
}

/** Expects the pass to give what running every shift gives, within 1e-5: all heatmaps of all layers, and the output. */
export async function expectEveryShift({ engine, format, payload, size }: MeasuredModel, metric: Metric): Promise<void> {
  const graph = planarGraph((await format.open(payloadSource(payload))).graph);
  const plan = planMeasurement(graph);
  expect(plan.omitted.filter(({ reason }) => !reason.includes('a step of a rearrangement'))).toEqual([]);
  expect(plan.input.size).toEqual(size);
  const image = randomImage(plan, graph.layout);
  const circular = await engine.openCircular(await readModel(payload), plan);
  const options = { metric, memoryBudgetBytes: 20_000, cancellation: { cancelled: false } };
  const measurement = await measureEquivariance({ plan, graph, model: circular }, image, options);
  const measured = measurement!.heatmaps.map(({ layer: { name } }) => name);
  expect(measured, 'layers with a signal').toEqual(plan.layers.map(({ name }) => name));
  // By maps that leave the runtime, where it can take their sums itself.
  const { heatmaps } = (await measureEquivariance({ plan, graph, model: mapsOnly(circular) }, image, options))!;
  for (const [index, { tile }] of heatmaps.entries()) {
    const most = tile.reduce((worst, value, place) => Math.max(worst, Math.abs(value - measurement!.heatmaps[index]!.tile[place]!)), 0);
    expect(most, plan.layers[index]!.name).toBeLessThan(1e-6);
  }
  const maps = measurement!.heatmaps.map(({ layer, tile }) => expandTile(tile, layer.period, size));
  const output = measurement!.output;
  const outputMap = 'reason' in output ? undefined : expandTile(output.tile, output.period, size, output.values);
  const unshifted = await runShifted(plan, circular, image, graph.layout, [0, 0]);
  for (let y = 0; y < size[0]; y++) {
    for (let x = 0; x < size[1]; x++) {
      const shifted = await runShifted(plan, circular, image, graph.layout, [y, x]);
      for (const [index, layer] of plan.layers.entries()) {
        const geometry = { layout: graph.layout, channels: layer.channels, size: layer.size };
        const [a, b] = [unshifted.get(layer.tensor)!.data, shifted.get(layer.tensor)!.data];
        const expected = bruteForceEquivariance(a, b, geometry, metric, [y, x], layer.spatialStride);
        expect(Math.abs(maps[index]![y * size[1] + x]! - expected), `${layer.name} at ${y}, ${x}`).toBeLessThan(1e-5);
      }
      if (!plan.output.ok || outputMap === undefined) continue;
      shifted.get(plan.output.tensor)!.data.forEach((value, index, { length }) => {
        expect(Math.abs(outputMap[(y * size[1] + x) * length + index]! - value)).toBeLessThan(1e-5);
      });
    }
  }
  await circular.dispose();
}

/** A model all of whose maps leave its runtime. */
export function mapsOnly(model: CircularModel): CircularModel {
  return { runLevel: (level, feeds) => model.runLevel(level, feeds), dispose: () => model.dispose() };
}
