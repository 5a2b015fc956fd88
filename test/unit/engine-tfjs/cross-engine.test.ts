import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../../src/core/equivariance/measure/measurement';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { measureEquivariance } from '../../../src/core/equivariance/walk/polyphase';
import { openModel } from '../../../src/core/formats/registry';
import type { Engine } from '../../../src/engine/runtimes/engine';
import { prepareInput } from '../../../src/engine/input/input';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { readModel } from '../../../src/engine/input/read-model';
import { modelOnDisk } from '../real-models';

const samples = path.resolve(import.meta.dirname, '../../../samples');

async function measure(engine: Engine, file: string): Promise<Measurement> {
  const { payload, source } = await modelOnDisk(path.join(samples, file));
  const { graph } = await openModel(source);
  const plan = planMeasurement(graph);
  const bytes = await readFile(path.join(samples, 'images/star.png'));
  const input = await prepareInput({ kind: 'image', path: 'star.png', bytes }, { ...plan.input, layout: graph.layout });
  const circular = await engine.openCircular(await readModel(payload), plan);
  const options = { metric: 'flat', memoryBudgetBytes: 2 ** 28, cancellation: { cancelled: false } } as const;
  const measurement = await measureEquivariance({ plan, graph, model: circular }, input, options);
  await circular.dispose();
  return measurement!;
}

describe('the sample network in both engines', () => {
  it('has the same heatmaps and the same outputs for every shift', async () => {
    const onnx = await measure(await createOnnxEngine(), 'shapes.onnx');
    const tfjs = await measure(await createTfjsEngine(), 'shapes-tfjs/model.json');
    expect(tfjs.heatmaps).toHaveLength(21);
    expect(onnx.heatmaps.map(({ layer }) => layer.period)).toEqual(tfjs.heatmaps.map(({ layer }) => layer.period));
    for (const [index, { tile, layer }] of tfjs.heatmaps.entries()) {
      const largest = tile.reduce((worst, value, at) => Math.max(worst, Math.abs(value - onnx.heatmaps[index]!.tile[at]!)), 0);
      expect(largest, layer.name).toBeLessThan(1e-5);
    }
    if ('reason' in onnx.output || 'reason' in tfjs.output) throw new Error('The sample network has an output.');
    const { tile } = onnx.output;
    expect(tfjs.output.tile.reduce((worst, value, at) => Math.max(worst, Math.abs(value - tile[at]!)), 0)).toBeLessThan(1e-4);
  });
});
