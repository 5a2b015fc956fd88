import { expect } from 'vitest';
import { expandTile, type Measurement, type Metric } from '../../../src/core/equivariance/measure/measurement';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { measureEquivariance } from '../../../src/core/equivariance/walk/polyphase';
import { readModel } from '../../../src/engine/input/read-model';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { guardedEngine, type GpuEngine } from '../../../src/engine/runtimes/devices/gpu-engine';
import type { Engine } from '../../../src/engine/runtimes/engine';
import { randomImage } from '../equivariance/every-shift';

/** Heatmaps of a network. */
async function measuredOn(engine: Engine, payload: ModelPayload, metric: Metric): Promise<Measurement> {
  const read = await readModel(payload);
  const { graph } = read;
  const plan = planMeasurement(graph);
  const model = await engine.openCircular(read, plan);
  const options = { metric, memoryBudgetBytes: 2 ** 28, cancellation: { cancelled: false } };
  const measurement = await measureEquivariance({ plan, graph, model }, randomImage(plan, graph.layout), options);
  await model.dispose();
  return measurement!;
}

/** The largest difference between two measurements, over all layers and shifts. */
function distance(a: Measurement, b: Measurement): number {
  expect(a.heatmaps.length).toBe(b.heatmaps.length);
  const tiles = a.heatmaps.map(({ tile, layer }, index) => {
    const other = expandTile(b.heatmaps[index]!.tile, layer.period, a.size);
    return expandTile(tile, layer.period, a.size).reduce((worst, value, place) => Math.max(worst, Math.abs(value - other[place]!)), 0);
  });
  return Math.max(...tiles);
}

/** Expects a graphics card to do all of a measurement, without a note, and to give what the processor gives within 1e-4. */
export async function expectSameOnCard(gpu: GpuEngine, processor: Engine, payload: ModelPayload, metric: Metric): Promise<void> {
  const guarded = guardedEngine(gpu, processor);
  const given = await measuredOn(guarded, payload, metric);
  expect(guarded.notesOfRun()).toEqual([]);
  expect(guarded.backend).toBe(gpu.backend);
  expect(distance(given, await measuredOn(processor, payload, metric))).toBeLessThan(1e-4);
}
