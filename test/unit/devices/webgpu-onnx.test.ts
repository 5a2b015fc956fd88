import { describe, expect, it, test } from 'vitest';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { expandTile, type Measurement, type Metric } from '../../../src/core/equivariance/measure/measurement';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { measureEquivariance } from '../../../src/core/equivariance/walk/polyphase';
import { payloadSource } from '../../../src/engine/input/source';
import { readModel } from '../../../src/engine/input/read-model';
import { guardedEngine } from '../../../src/engine/runtimes/devices/gpu-engine';
import type { Engine } from '../../../src/engine/runtimes/engine';
import { createOnnxEngine, createOnnxGpuEngine } from '../../../src/engine/runtimes/onnx/index';
import { families, fileOf, type Family } from '../engine-onnx/families';
import { inMemory } from '../engine-onnx/measuring';
import { randomImage } from '../equivariance/every-shift';
import { whyNoSoftwareAdapter } from './software-adapter';

const absent = whyNoSoftwareAdapter();
const found = absent === undefined ? await createOnnxGpuEngine('gpu') : undefined;
const gpu = found?.ok === true ? found.engine : undefined;
if (gpu === undefined) console.log(`WebGPU is not tested: ${absent ?? (found?.ok === false ? found.reason : '')}.`);

const chosen = [
  'VGG: max-pools, flat map not square',
  'ResNet: strided stem, overlapping pool, strided shortcut',
  'MobileNet: depthwise, TensorFlow SAME, even kernel',
  'squeeze-excite across a stride',
  'U-Net: strided encoder, transposed convolutions, skip connections',
];

/** Heatmaps of a network, and what was said. */
async function measured(engine: Engine, family: Family, metric: Metric): Promise<Measurement> {
  const payload = inMemory(fileOf(family));
  const { graph } = await onnxFormat.open(payloadSource(payload));
  const plan = planMeasurement(graph);
  const model = await engine.openCircular(await readModel(payload), plan);
  const image = randomImage(plan, graph.layout);
  const options = { metric, memoryBudgetBytes: 2 ** 28, cancellation: { cancelled: false } };
  const measurement = await measureEquivariance({ plan, graph, model }, image, options);
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

describe.skipIf(gpu === undefined)('ONNX models by the WebGPU provider', () => {
  const ofNetworks = families.filter(({ name }) => chosen.includes(name));
  it('are chosen among the networks of the brute-force tests', () => {
    expect(ofNetworks.map(({ name }) => name)).toEqual(chosen);
  });

  describe.each(ofNetworks)('$name', (family) => {
    test.each(['flat', 'channel'] as const)('%s heatmaps are those of the processor', async (metric) => {
      const processor = await createOnnxEngine();
      const guarded = guardedEngine(gpu!, processor);
      const given = await measured(guarded, family, metric);
      expect(guarded.notesOfRun()).toEqual([]);
      expect(guarded.backend).toMatch(/^ONNX Runtime \d+\.\d+ WebGPU \(\S.*\)$/);
      expect(distance(given, await measured(processor, family, metric))).toBeLessThan(1e-4);
    });
  });
});
