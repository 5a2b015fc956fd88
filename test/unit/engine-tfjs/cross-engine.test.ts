import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../../src/core/equivariance/measure/measurement';
import { classScores, deployedPlan } from '../../../src/core/equivariance/plan/output-plan';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { feedsOf } from '../../../src/core/equivariance/plan/planned-input';
import { measureEquivariance } from '../../../src/core/equivariance/walk/polyphase';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import type { Engine } from '../../../src/engine/runtimes/engine';
import { prepareInput } from '../../../src/engine/input/input';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { readModel, type ReadModel } from '../../../src/engine/input/read-model';
import { variantModel } from '../../../src/engine/process/variants/variant-model';
import { modelOnDisk } from '../real-models';

const samples = path.resolve(import.meta.dirname, '../../../samples');

async function openSample(file: string, filter?: BlurFilterName): Promise<ReadModel> {
  const original = await readModel((await modelOnDisk(path.join(samples, file))).payload);
  if (filter === undefined) return original;
  const plans = lintGraph(original.opened, { filter: blurFilter(filter) }).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
  return (await variantModel(original, { label: filter, plans })).read();
}

async function measure(engine: Engine, model: ReadModel): Promise<Measurement> {
  const plan = planMeasurement(model.graph);
  const bytes = await readFile(path.join(samples, 'images/star.png'));
  const input = await prepareInput({ kind: 'image', path: 'star.png', bytes }, { ...plan.input, layout: model.graph.layout });
  const circular = await engine.openCircular(model, plan);
  const options = { metric: 'flat', memoryBudgetBytes: 2 ** 28, cancellation: { cancelled: false } } as const;
  const measurement = await measureEquivariance({ plan, graph: model.graph, model: circular }, input, options);
  await circular.dispose();
  return measurement!;
}

/** What a model answers as it is deployed, with its own padding, to each of the sample's images. */
async function answers(engine: Engine, model: ReadModel): Promise<readonly number[]> {
  const { graph } = model;
  const tensor = classScores(graph);
  const plan = deployedPlan(planMeasurement(graph), graph, [tensor]);
  const opened = await engine.openCircular(model, plan);
  const all: number[] = [];
  for (const name of await readdir(path.join(samples, 'images'))) {
    const bytes = await readFile(path.join(samples, 'images', name));
    const input = await prepareInput({ kind: 'image', path: name, bytes }, { ...plan.input, layout: graph.layout });
    const result = await opened.runLevel(0, feedsOf(plan.input, input, graph.layout));
    all.push(...result.get(tensor)!.data);
  }
  await opened.dispose();
  return all;
}

describe('the sample network in both engines', () => {
  it('has the same heatmaps and the same outputs for every shift', async () => {
    const onnx = await measure(await createOnnxEngine(), await openSample('shapes.onnx'));
    const tfjs = await measure(await createTfjsEngine(), await openSample('shapes-tfjs/model.json'));
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

  it.each(['tri-3', 'bin-5'] as const)('answers alike once it is fixed with %s, borders included', async (filter) => {
    const onnx = await answers(await createOnnxEngine(), await openSample('shapes.onnx', filter));
    const tfjs = await answers(await createTfjsEngine(), await openSample('shapes-tfjs/model.json', filter));
    expect(onnx).toHaveLength(36);
    expect(tfjs.reduce((worst, score, index) => Math.max(worst, Math.abs(score - onnx[index]!)), 0)).toBeLessThan(1e-5);
  });
});
