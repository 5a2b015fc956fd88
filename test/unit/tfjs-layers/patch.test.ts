import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelGraph } from '../../../src/core/graph/model-graph';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter } from '../../../src/core/rewrite/filters';
import type { BlurPlan } from '../../../src/core/rewrite/plan';
import { planFix } from '../../../src/core/rewrite/planner';
import { editsTakenBack, patched, sourceOf, type MemoryModel } from '../tfjs-files';
import { loadModel, saveModel } from './memory-model';
import { rewritable } from '../graph-builder';

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
  const findings = lintGraph(await tfjsLayersFormat.open(source), { filter: blurFilter(filter) });
  return tfjsLayersFormat.open(source).then((model) => model.patch(findings.flatMap(({ fix }) => (fix.ok ? [fix.plan] : []))));
}

describe('patch', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('composes plans: with the identity filter the whole model computes what it did', async () => {
    const original = await residualModel();
    const patch = await fixAll(original, 'identity');
    expect(patch.outcomes.map(({ layer, ok }) => [layer, ok])).toEqual([
      ['pool', true],
      ['main', true],
      ['shortcut', true],
      ['last', true],
    ]);
    const image = tf.randomNormal([1, 16, 16, 2], 0, 1, 'float32', 3);
    const [before, after] = [await loadModel(original), await loadModel(patched(original, patch))];
    const [expected, actual] = [before, after].map((model) => (model.predict(image) as tf.Tensor).dataSync());
    expect(Math.max(...actual!.map((value, index) => Math.abs(value - expected![index]!)))).toBeLessThan(1e-6);
  });

  it('puts the model output behind the last blur and leaves no finding', async () => {
    const original = await residualModel();
    const fixed = patched(original, await fixAll(original, 'tri-3'));
    const graph: ModelGraph = (await tfjsLayersFormat.open(sourceOf(fixed))).graph;
    expect(graph.outputs).toEqual(['last_blur']);
    expect(lintGraph(rewritable(graph))).toEqual([]);
    expect([...fixed.files.keys()]).toEqual(['weights.bin', 'shiftlint-blur-1.bin']);
  });

  it('takes the next free shard and layer names on a second round', async () => {
    const original = await residualModel();
    const source = sourceOf(original);
    const plans = lintGraph(await tfjsLayersFormat.open(source)).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
    const first = patched(original, await (await tfjsLayersFormat.open(source)).patch(plans.slice(0, 1)));
    const rest = lintGraph(await tfjsLayersFormat.open(sourceOf(first))).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
    const second = patched(first, await (await tfjsLayersFormat.open(sourceOf(first))).patch(rest));
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

  it.each<[string, (text: string) => string, RegExp]>([
    [
      'as Python writes it',
      (text) =>
        JSON.stringify(JSON.parse(text), null, 1)
          .replace(/\n */g, ' ')
          .replace(/([[{]) | ([\]}])/g, '$1$2'),
      /\}, \{"name": "pool_blur", "class_name": "DepthwiseConv2D", "config": \{"name": "pool_blur", /,
    ],
    ['with tabs', (text) => JSON.stringify(JSON.parse(text), null, '\t'), /\n\t{4}\{\n\t{5}"name": "pool_blur",/],
    [
      'with carriage returns',
      (text) => JSON.stringify(JSON.parse(text), null, 2).replaceAll('\n', '\r\n'),
      /\r\n {8}\{\r\n {10}"name": "pool_blur",/,
    ],
  ])('keeps a text %s as it is around the edits', async (_, layOut, inserted) => {
    const { text, files } = await residualModel();
    const original = { text: layOut(text), files };
    const patch = await fixAll(original, 'tri-3');
    if (patch.kind !== 'text') throw new Error('expected edits');
    const fixed = patched(original, patch);
    expect(fixed.text).toMatch(inserted);
    expect(editsTakenBack(fixed.text, patch.edits, original.text)).toBe(original.text);
    expect(fixed.text.includes('\r\n')).toBe(original.text.includes('\r\n'));
    expect(/[^\r]\n/.test(fixed.text)).toBe(/[^\r]\n/.test(original.text));
    await expect(loadModel(fixed)).resolves.toBeDefined();
  });

  it('orders shards so that tfjs finds every blur of a model whose own weights are small', async () => {
    const layers = ['one', 'two', 'three'].map((name, index) =>
      tf.layers.maxPooling2d({ name, poolSize: 2, ...(index === 0 ? { inputShape: [16, 16, 3] } : {}) }),
    );
    const small = tf.layers.conv2d({ name: 'small', filters: 3, kernelSize: 1, useBias: false });
    for (const model of [tf.sequential({ layers }), tf.sequential({ layers: [...layers, small] })]) {
      const original = await saveModel(model);
      const fixed = await loadModel(patched(original, await fixAll(original, 'tri-3')));
      const kernels = fixed.weights.filter(({ name }) => name.includes('_blur'));
      expect(kernels).toHaveLength(3);
      for (const kernel of kernels) expect(kernel.read().sum().dataSync()[0]).toBeCloseTo(3, 6);
    }
  });

  it('puts a blur behind one layer before a blur in front of the next, in whatever order the plans come', async () => {
    const layers = [
      tf.layers.conv2d({ name: 'stem', filters: 2, kernelSize: 3, inputShape: [17, 15, 1] }),
      tf.layers.maxPooling2d({ name: 'pool', poolSize: 2 }),
      tf.layers.conv2d({ name: 'narrow', filters: 2, kernelSize: 1, strides: 3 }),
    ];
    const original = await saveModel(tf.sequential({ layers }));
    const source = sourceOf(original);
    const plans = lintGraph(await tfjsLayersFormat.open(source)).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
    expect(plans.map(({ layer, recipe }) => [layer, recipe])).toEqual([
      ['pool', 'max-then-blur'],
      ['narrow', 'blur-then-convolution'],
    ]);
    for (const order of [plans, plans.toReversed()]) {
      const fixed = await loadModel(patched(original, await (await tfjsLayersFormat.open(source)).patch(order)));
      const names = fixed.layers.map(({ name }) => name).filter((name) => !/_(pad|crop)$/.test(name));
      expect(names).toEqual(['stem', 'pool', 'pool_blur', 'narrow_blur', 'narrow']);
    }
  });

  it('fixes a model of any image size where the alignment does not depend on it, and refuses where it does', async () => {
    const input = tf.input({ shape: [null, null, 2], name: 'image' });
    const valid = tf.layers.maxPooling2d({ name: 'valid', poolSize: 3, strides: 2 }).apply(input) as tf.SymbolicTensor;
    const same = tf.layers.maxPooling2d({ name: 'same', poolSize: 3, strides: 2, padding: 'same' }).apply(valid) as tf.SymbolicTensor;
    const original = await saveModel(tf.model({ inputs: input, outputs: same }));
    const source = sourceOf(original);
    const opened = await tfjsLayersFormat.open(source);
    const fixes = lintGraph(opened, { filter: blurFilter('identity') }).map(({ fix }) => fix);
    expect(fixes).toMatchObject([{ ok: true }, { ok: false, reason: expect.stringMatching(/"same".*input size/), nodes: ['same'] }]);
    const patch = await opened.patch(fixes.flatMap((fix) => (fix.ok ? [fix.plan] : [])));
    expect(patch.outcomes).toMatchObject([{ ok: true, layer: 'valid' }]);
    const [before, after] = [await loadModel(original), await loadModel(patched(original, patch))];
    for (const size of [
      [9, 9],
      [12, 11],
    ] as const) {
      const image = tf.randomNormal([1, ...size, 2], 0, 1, 'float32', 3);
      const [expected, actual] = [before, after].map((model) => model.predict(image) as tf.Tensor);
      expect(actual!.shape).toEqual(expected!.shape);
      expect(actual!.sub(expected!).abs().max().dataSync()[0]).toBeLessThan(1e-6);
    }
  });

  describe('on a file written by hand', () => {
    const image = { name: 'image', class_name: 'InputLayer', config: { batch_input_shape: [null, 8, 8, 3] }, inbound_nodes: [] };
    const node = (name: string, className: string, config: object, reads = 'image') => ({
      name,
      class_name: className,
      config: { name, ...config },
      inbound_nodes: [[[reads, 0, 0, {}]]],
    });
    const model = (layers: readonly object[], output: string, rest: object = { weightsManifest: [] }): MemoryModel => ({
      text: JSON.stringify({
        modelTopology: { class_name: 'Model', config: { layers, input_layers: [['image', 0, 0]], output_layers: ['$', 0, 0] } },
        ...rest,
      }).replace('"$"', JSON.stringify(output)),
      files: new Map([['w', new Uint8Array(4)]]),
    });
    const pool = node('pool', 'MaxPooling2D', { pool_size: [2, 2], strides: null, padding: 'valid' });
    const open = (of: MemoryModel) => tfjsLayersFormat.open(sourceOf(of));
    const planned = async (of: MemoryModel, layer: string): Promise<BlurPlan> => {
      const result = planFix(await open(of), layer, blurFilter('tri-3'));
      if (!result.ok) throw new Error(result.reason);
      return result.plan;
    };

    it('adds the manifest where there is none, and strides where they are left to the default', async () => {
      const original = model([image, pool], 'pool', {});
      const fixed = patched(original, await (await open(original)).patch([await planned(original, 'pool')]));
      const { modelTopology, weightsManifest } = JSON.parse(fixed.text) as {
        modelTopology: { config: { layers: { config: object }[]; output_layers: unknown } };
        weightsManifest: unknown;
      };
      expect(weightsManifest).toEqual([
        { paths: ['shiftlint-blur-1.bin'], weights: [{ name: 'pool_blur/depthwise_kernel', shape: [3, 3, 3, 1], dtype: 'float32' }] },
      ]);
      expect(modelTopology.config.layers[1]?.config).toMatchObject({ strides: [1, 1], pool_size: [2, 2] });
      expect(modelTopology.config.output_layers).toEqual(['pool_blur', 0, 0]);
    });

    it('escapes names, and keeps clear of names inside nested models', async () => {
      const name = 'po"ol\\\u0001';
      const manifest = [{ paths: ['w'], weights: [{ name: `inner/${name}_blur/kernel`, shape: [1], dtype: 'float32' }] }];
      const original = model([image, { ...pool, name, config: { ...pool.config, name } }], name, { weightsManifest: manifest });
      const fixed = patched(original, await (await open(original)).patch([await planned(original, name)]));
      expect((await tfjsLayersFormat.open(sourceOf(fixed))).graph.outputs).toEqual([`${name}_blur_1`]);
    });

    it.each<[string, readonly object[], string, RegExp]>([
      [
        'a layer that is dilated too',
        [node('pool', 'Conv2D', { filters: 2, kernel_size: [3, 3], strides: [2, 2], dilation_rate: [2, 2], padding: 'valid' })],
        'pool',
        /dilated and strided/,
      ],
      [
        'a layer that looks back only',
        [node('pool', 'Conv2D', { filters: 2, kernel_size: [3, 3], strides: [2, 2], padding: 'causal' })],
        'pool',
        /pads causally/,
      ],
      ['a layer that is not there', [pool], 'ghost', /no layer named "ghost"/],
      ['a layer of another kind', [node('pool', 'ReLU', {})], 'pool', /has no rewrite/],
      ['a nested model', [node('pool', 'Model', { layers: [] })], 'pool', /has no rewrite/],
      [
        'a layer behind one that nobody knows',
        [node('own', 'MyLayer', {}), node('pool', 'MaxPooling2D', { pool_size: [2, 2] }, 'own')],
        'pool',
        /number of its output channels/,
      ],
    ])('makes no plan for %s', async (_, layers, layer, reason) => {
      const manifest = [{ paths: [], weights: [] }];
      const result = planFix(await open(model([image, ...layers], 'pool', { weightsManifest: manifest })), layer, blurFilter('tri-3'));
      expect(result).toEqual({ ok: false, reason: expect.stringMatching(reason), nodes: [layer] });
    });

    it.each<[string, readonly object[], RegExp]>([
      ['another stride', [node('pool', 'MaxPooling2D', { pool_size: [3, 3] })], /has stride 3x3, but the plan is for stride 2x2/],
      ['another layer', [node('ghost', 'ReLU', {}), node('end', 'ReLU', {}, 'ghost')], /no layer named "pool"/],
      ['a layer of another kind', [node('pool', 'ReLU', {})], /no layer that this fix is for/],
      ['a nested model', [node('pool', 'Model', { layers: [] })], /no layer that this fix is for/],
    ])('refuses a plan of a file with %s and leaves no trace', async (_, layers, reason) => {
      const plan = await planned(model([image, pool], 'pool'), 'pool');
      const patch = await (await open(model([image, ...layers], layers.length > 1 ? 'end' : 'pool'))).patch([plan]);
      expect(patch).toMatchObject({
        edits: [],
        newFiles: [],
        outcomes: [{ ok: false, layer: 'pool', reason: expect.stringMatching(reason), nodes: ['pool'] }],
      });
    });

    it('applies a plan that comes twice once', async () => {
      const original = model([image, pool], 'pool');
      const [opened, plan] = [await open(original), await planned(original, 'pool')];
      const patch = await opened.patch([plan, plan]);
      expect(patch.outcomes).toMatchObject([{ ok: true }, { ok: false, reason: expect.stringContaining('already') }]);
      expect(patch).toMatchObject({ edits: ((await opened.patch([plan])) as { edits: unknown }).edits });
    });
  });

  it('refuses a plan for one call of a shared layer and changes nothing', async () => {
    const pool = tf.layers.maxPooling2d({ name: 'pool', poolSize: 2 });
    const input = tf.input({ shape: [16, 16, 2], name: 'image' });
    const once = pool.apply(input) as tf.SymbolicTensor;
    const original = await saveModel(tf.model({ inputs: input, outputs: pool.apply(once) as tf.SymbolicTensor }));
    const opened = await tfjsLayersFormat.open(sourceOf(original));
    const [first, second] = lintGraph(opened).map(({ fix }) => fix);
    if (first?.ok !== true || second?.ok !== true) throw new Error('expected two plans');
    expect(second.plan).toEqual(first.plan);
    const patch = await opened.patch([{ ...first.plan, furtherCalls: [] }]);
    expect(patch).toMatchObject({
      edits: [],
      newFiles: [],
      outcomes: [{ ok: false, reason: expect.stringContaining('shared'), nodes: ['pool (call 2)'] }],
    });
  });
});
