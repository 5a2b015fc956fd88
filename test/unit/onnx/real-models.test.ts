import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { concatenate } from '../../../src/core/formats/concatenate';
import { encodeField, encodeTextField } from '../../../src/core/formats/onnx/wire/write-fields';
import type { ModelGraph } from '../../../src/core/graph/model-graph';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter } from '../../../src/core/rewrite/filters';
import type { BlurPlan } from '../../../src/core/rewrite/plan';
import { planFix } from '../../../src/core/rewrite/planner';
import { realModels } from '../real-models';
import { memorySource, patchedBytes, run } from './models';
import { rewritable } from '../graph-builder';

const oracle = path.resolve('test/fixtures/oracle');
const load = async (folder: string, name: string): Promise<Uint8Array> => new Uint8Array(await readFile(path.join(folder, name)));

/** Protobuf joins concatenated messages, so appended outputs make the runtime answer with every inner tensor. */
function withAllOutputs(bytes: Uint8Array, graph: ModelGraph): Uint8Array {
  const inner = graph.layers.flatMap((layer) => layer.outputs).filter((tensor) => !graph.outputs.includes(tensor));
  return concatenate([bytes, ...inner.map((name) => encodeField(7, encodeField(12, encodeTextField(1, name))))]);
}

/** Every inferred shape against the one the runtime computes; open batch sizes run with 1. Answers with the number compared. */
async function compareShapes(bytes: Uint8Array): Promise<number> {
  const { graph } = await onnxFormat.open(memorySource(bytes));
  const input = graph.tensors.get(graph.inputs[0] ?? '')?.shape;
  const results = await run(withAllOutputs(bytes, graph), input?.map((length) => length ?? 1) ?? []);
  const inferred = [...results.keys()].map((name) => [name, graph.tensors.get(name)?.shape?.map((length) => length ?? 1)]);
  expect(inferred).toEqual([...results].map(([name, result]) => [name, result.dims]));
  return inferred.length;
}

/** Plans for every finding that has a fix. */
async function allPlans(bytes: Uint8Array, filter: 'identity' | 'tri-3'): Promise<BlurPlan[]> {
  const { graph } = await onnxFormat.open(memorySource(bytes));
  return lintGraph(rewritable(graph)).flatMap(({ layer }) => {
    const result = planFix(rewritable(graph), layer, blurFilter(filter));
    return result.ok ? [result.plan] : [];
  });
}

async function fixAll(bytes: Uint8Array, filter: 'identity' | 'tri-3'): Promise<Uint8Array> {
  return patched(bytes, await allPlans(bytes, filter));
}

async function patched(bytes: Uint8Array, plans: readonly BlurPlan[]): Promise<Uint8Array> {
  const patch = await (await onnxFormat.open(memorySource(bytes))).patch(plans);
  expect(patch.outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
  return patchedBytes(bytes, patch);
}

/** Largest difference of the two models' outputs, relative to the largest value. */
async function difference(a: Uint8Array, b: Uint8Array, shape: readonly number[]): Promise<number> {
  const [left, right] = [await run(a, shape), await run(b, shape)];
  expect([...right].map(([name, tensor]) => [name, tensor.dims])).toEqual([...left].map(([name, tensor]) => [name, tensor.dims]));
  return Math.max(
    ...[...left].map(([name, tensor]) => {
      const values = tensor.data as Float32Array;
      const others = right.get(name)!.data as Float32Array;
      const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
      return values.reduce((largest, value, index) => Math.max(largest, Math.abs(value - others[index]!)), 0) / scale;
    }),
  );
}

describe.each(['vgg_like', 'resnet_like'])('oracle %s', (name) => {
  test('all shapes are inferred', async () => {
    expect(await compareShapes(await load(oracle, `${name}.onnx`))).toBeGreaterThan(30);
  });

  test('the identity filter changes nothing', async () => {
    const bytes = await load(oracle, `${name}.onnx`);
    expect(await difference(bytes, await fixAll(bytes, 'identity'), [2, 3, 32, 32])).toBeLessThan(1e-6);
  });

  test('the Tri-3 fix computes what the independently blurred model computes', async () => {
    const [bytes, reference] = [await load(oracle, `${name}.onnx`), await load(oracle, `${name}.tri3.onnx`)];
    const fixed = await fixAll(bytes, 'tri-3');
    expect(await difference(reference, fixed, [2, 3, 32, 32])).toBeLessThan(1e-5);
    expect(await difference(bytes, fixed, [2, 3, 32, 32])).toBeGreaterThan(1e-2);
    expect(lintGraph(await onnxFormat.open(memorySource(fixed)))).toEqual([]);
  });

  test('the blurred model of another exporter has nothing left to find', async () => {
    expect(lintGraph(await onnxFormat.open(memorySource(await load(oracle, `${name}.tri3.onnx`))))).toEqual([]);
  });
});

describe.skipIf(realModels === undefined)('trained models', () => {
  const folder = path.join(realModels ?? '', 'onnx');
  const inputs: Readonly<Record<string, readonly number[]>> = {
    'opt-mnist.onnx': [1, 1, 28, 28],
    'version-RFB-320.onnx': [1, 3, 240, 320],
    'light_squeezenet.onnx': [1, 3, 224, 224],
    'light_inception_v1.onnx': [1, 3, 224, 224],
    'light_bvlc_alexnet.onnx': [1, 3, 224, 224],
    'light_densenet121.onnx': [1, 3, 224, 224],
    'light_resnet50.onnx': [1, 3, 224, 224],
    'light_vgg19.onnx': [1, 3, 224, 224],
  };

  test.each(Object.entries(inputs))('%s: every shape is what ONNX Runtime computes', { timeout: 60_000 }, async (name, shape) => {
    const bytes = await load(folder, name);
    const { graph } = await onnxFormat.open(memorySource(bytes));
    expect(graph.inputs.map((input) => graph.tensors.get(input)?.shape)).toEqual([shape]);
    expect(graph.layers.filter((layer) => layer.operation.kind === 'opaque')).toEqual([]);
    console.log(`${name}: ${await compareShapes(bytes)} shapes`);
  });

  test.each(Object.entries(inputs))('%s: fixed with the identity filter it computes the same', { timeout: 60_000 }, async (name, shape) => {
    const bytes = await load(folder, name);
    const plans = await allPlans(bytes, 'identity');
    expect(plans.length).toBeGreaterThan(1);
    // The identity is no filter for an average, which is compared by its shape alone.
    const others = plans.filter(({ recipe }) => recipe !== 'average-to-blur');
    expect(await difference(bytes, await patched(bytes, others), shape)).toBeLessThan(1e-5);
  });

  test.each(Object.entries(inputs))(
    '%s: everything fixed with Tri-3, it loads, keeps its output shapes and has no finding left',
    { timeout: 60_000 },
    async (name, shape) => {
      const bytes = await load(folder, name);
      const fixed = await fixAll(bytes, 'tri-3');
      expect(await difference(bytes, fixed, shape)).toBeLessThan(Infinity);
      expect(lintGraph(await onnxFormat.open(memorySource(fixed)))).toEqual([]);
    },
  );
});
