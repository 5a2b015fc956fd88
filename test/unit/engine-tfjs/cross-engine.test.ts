import { readdir, readFile } from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
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
import type { LinearWeights } from '../../../src/core/recover/linear-layer';
import { answer } from '../engine-onnx/serving';
import { modelOnDisk } from '../real-models';
import { writeNoise } from '../recover/linear-network';

const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const samples = path.resolve(import.meta.dirname, '../../../samples');
const drawings = path.resolve(import.meta.dirname, '../../fixtures/shapes');

async function openSample(file: string, filter?: BlurFilterName): Promise<ReadModel> {
  const original = await readModel((await modelOnDisk(path.join(samples, file))).payload);
  if (filter === undefined) return original;
  const plans = lintGraph(original.opened, { filter: blurFilter(filter) }).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
  return (await variantModel(original, { label: filter, plans })).read();
}

async function measure(engine: Engine, model: ReadModel): Promise<Measurement> {
  const plan = planMeasurement(model.graph);
  const bytes = await readFile(path.join(drawings, 'star.png'));
  const input = await prepareInput({ kind: 'image', path: 'star.png', bytes }, { ...plan.input, layout: model.graph.layout });
  const circular = await engine.openCircular(model, plan);
  const options = { metric: 'flat', memoryBudgetBytes: 2 ** 28, cancellation: { cancelled: false } } as const;
  const measurement = await measureEquivariance({ plan, graph: model.graph, model: circular }, input, options);
  await circular.dispose();
  return measurement!;
}

/** What a model answers as it is deployed, with its own padding, to each of six images of the sample's kind. */
async function answers(engine: Engine, model: ReadModel): Promise<readonly number[]> {
  const { graph } = model;
  const tensor = classScores(graph);
  const plan = deployedPlan(planMeasurement(graph), graph, [tensor]);
  const opened = await engine.openCircular(model, plan);
  const all: number[] = [];
  for (const name of await readdir(drawings)) {
    const bytes = await readFile(path.join(drawings, name));
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

  it('gets the same weights by recovery in both formats, from the same positions', async () => {
    const noise = writeNoise(folder, 10, 64);
    const options = { reach: 'next', seed: 1, images: 10, pairs: 0, memoryBudgetBytes: 2 ** 30, preprocessing: 'unit' } as const;
    const recovered = async (file: string): Promise<readonly LinearWeights[]> => {
      const { payload } = await modelOnDisk(path.join(samples, file));
      const { opened } = await readModel(payload);
      const plans = lintGraph(opened, { filter: blurFilter('tri-3'), plan: {} }).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
      const { weights } = await answer('recover', { model: payload, plans, images: noise.files, options });
      return [...weights.values()];
    };
    const [onnx, tfjs] = [await recovered('shapes.onnx'), await recovered('shapes-tfjs/model.json')];
    expect(onnx.length).toBeGreaterThan(2);
    expect(tfjs.map(({ weights }) => weights.length)).toEqual(onnx.map(({ weights }) => weights.length));
    for (const [index, { weights }] of onnx.entries()) {
      const [largest, difference] = [weights, weights.map((value, place) => value - tfjs[index]!.weights[place]!)].map((values) =>
        values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
      );
      expect(difference! / largest!, `layer ${index}`).toBeLessThan(1e-3);
    }
  });
});
