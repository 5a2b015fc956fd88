import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelGraph } from '../../../src/core/graph/model-graph';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { editsTakenBack, loadModel, patched, saveModel, sourceOf, type MemoryModel } from './memory-model';

/** Two pools and a residual shortcut behind one another, so that plans meet: readers of one fix are layers of the next. */
async function residualModel(indent?: number): Promise<MemoryModel> {
  const input = tf.input({ shape: [16, 16, 2], name: 'image' });
  const apply = (layer: tf.layers.Layer, ...inputs: tf.SymbolicTensor[]): tf.SymbolicTensor =>
    layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as tf.SymbolicTensor;
  const stem = apply(tf.layers.conv2d({ name: 'stem', filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }), input);
  const pool = apply(tf.layers.maxPooling2d({ name: 'pool', poolSize: 2 }), stem);
  const main = apply(tf.layers.conv2d({ name: 'main', filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }), pool);
  const shortcut = apply(tf.layers.conv2d({ name: 'shortcut', filters: 4, kernelSize: 1, strides: 2 }), pool);
  const sum = apply(tf.layers.add({ name: 'sum' }), main, shortcut);
  const last = apply(tf.layers.maxPooling2d({ name: 'last', poolSize: 2 }), sum);
  return saveModel(tf.model({ inputs: input, outputs: last }), indent);
}

async function fixAll(model: MemoryModel, filter: 'identity' | 'tri-3') {
  const source = sourceOf(model);
  const findings = lintGraph(await tfjsLayersFormat.read(source), { filter: blurFilter(filter) });
  return tfjsLayersFormat.patch(source, findings.flatMap(({ fix }) => (fix.ok ? [fix.plan] : [])));
}

describe('patch', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('composes plans: with the identity filter the whole model computes what it did', async () => {
    const original = await residualModel();
    const patch = await fixAll(original, 'identity');
    expect(patch.outcomes.map(({ layer, ok }) => [layer, ok])).toEqual([['pool', true], ['main', true], ['shortcut', true], ['last', true]]);
    const image = tf.randomNormal([1, 16, 16, 2], 0, 1, 'float32', 3);
    const [before, after] = [await loadModel(original), await loadModel(patched(original, patch))];
    const [expected, actual] = [before, after].map((model) => (model.predict(image) as tf.Tensor).dataSync());
    expect(Math.max(...actual!.map((value, index) => Math.abs(value - expected![index]!)))).toBeLessThan(1e-6);
  });

  it('puts the model output behind the last blur and leaves no finding', async () => {
    const original = await residualModel();
    const fixed = patched(original, await fixAll(original, 'tri-3'));
    const graph: ModelGraph = await tfjsLayersFormat.read(sourceOf(fixed));
    expect(graph.outputs).toEqual(['last_blur']);
    expect(lintGraph(graph)).toEqual([]);
    expect([...fixed.files.keys()]).toEqual(['weights.bin', 'shiftlint-blur-1.bin']);
  });

  it('takes the next free shard and layer names on a second round', async () => {
    const original = await residualModel();
    const source = sourceOf(original);
    const plans = lintGraph(await tfjsLayersFormat.read(source)).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
    const first = patched(original, await tfjsLayersFormat.patch(source, plans.slice(0, 1)));
    const rest = lintGraph(await tfjsLayersFormat.read(sourceOf(first))).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
    const second = patched(first, await tfjsLayersFormat.patch(sourceOf(first), rest));
    expect([...second.files.keys()]).toContain('shiftlint-blur-2.bin');
    await expect(loadModel(second)).resolves.toBeDefined();
  });

  it.each([
    ['indented by two', 2, /\n {8}\{\n {10}"name": "pool_blur",\n {10}"class_name": "DepthwiseConv2D",/],
    ['indented by four', 4, /\n {16}\{\n {20}"name": "pool_blur",/],
    ['on one line', undefined, /\},\{"name":"pool_blur","class_name":"DepthwiseConv2D","config":\{"name":"pool_blur",/],
  ])('keeps a text %s as it is around the edits', async (_, indent, inserted) => {
    const original = await residualModel(indent);
    const patch = await fixAll(original, 'tri-3');
    if (patch.kind !== 'text') throw new Error('expected edits');
    const fixed = patched(original, patch);
    expect(fixed.text).toMatch(inserted);
    expect(editsTakenBack(fixed.text, patch.edits, original.text)).toBe(original.text);
  });

  it('refuses a shared layer and changes nothing', async () => {
    const pool = tf.layers.maxPooling2d({ name: 'pool', poolSize: 2 });
    const input = tf.input({ shape: [16, 16, 2], name: 'image' });
    const once = pool.apply(input) as tf.SymbolicTensor;
    const original = await saveModel(tf.model({ inputs: input, outputs: pool.apply(once) as tf.SymbolicTensor }));
    const source = sourceOf(original);
    const graph = await tfjsLayersFormat.read(source);
    expect(lintGraph(graph).map(({ fix }) => fix.ok)).toEqual([false, false]);
    const plan = { recipe: 'max-then-blur', layer: 'pool', blurAfter: 'pool', filter: blurFilter('tri-3'), stride: [2, 2], padding: 'zero', notes: [] } as const;
    const patch = await tfjsLayersFormat.patch(source, [plan]);
    expect(patch).toMatchObject({ edits: [], newFiles: [], outcomes: [{ ok: false, reason: expect.stringContaining('shared') }] });
  });
});
