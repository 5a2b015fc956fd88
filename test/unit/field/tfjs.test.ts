import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/formats/text-edits';
import { openModel } from '../../../src/core/formats/registry';
import { lintGraph } from '../../../src/core/lint/linter';
import { readModel } from '../../../src/engine/input/read-model';
import { changedSource } from '../../../src/engine/output/changed-source';
import { loadModel } from '../tfjs-layers/memory-model';
import { sourceOf } from '../tfjs-files';
import { fieldPayload, judgedField, openField } from './cases';

const pools = ['max_pooling2d_MaxPooling2D6', 'max_pooling2d_MaxPooling2D7'].map((layer) => [layer, 'strided-max-pool']);

describe('models of TensorFlow.js from the field are linted', () => {
  it.each<[string, readonly (readonly string[])[], RegExp | undefined]>([
    ['bom', pools, undefined],
    ['camelcase', pools, undefined],
    ['noweights', pools, /"model\.weights\.bin", which is not beside it.*neither fixed nor measured/],
    ['nomanifest', pools, /no "weightsManifest".*neither fixed nor measured/],
    [
      'i8494_keras3',
      [
        ['conv2d_Conv2D10', 'strided-conv'],
        ['max_pooling2d_MaxPooling2D5', 'strided-max-pool'],
      ],
      /Keras 3.*TensorFlow\.js does not load as it is.*neither fixed nor measured/,
    ],
    [
      'timedistributed',
      [
        ['time_distributed_TimeDistributed1', 'strided-conv'],
        ['time_distributed_TimeDistributed2', 'strided-max-pool'],
      ],
      undefined,
    ],
    [
      'convlstm',
      [
        ['conv_lst_m2d_ConvLSTM2D1', 'strided-conv'],
        ['max_pooling2d_MaxPooling2D10', 'strided-max-pool'],
      ],
      undefined,
    ],
    ['g_dilation2d', [['di', 'strided-max-pool']], undefined],
    ['g_argmax', [['mp', 'strided-max-pool']], undefined],
    [
      'i1648_nchw_graph',
      [
        ['c1', 'strided-conv'],
        ['c2', 'strided-conv'],
      ],
      undefined,
    ],
  ])('%s', async (name, expected, note) => {
    const judged = await judgedField(`tfjs/${name}`);
    expect(judged.findings.map(({ layer, rule }) => [layer, rule])).toEqual(expected);
    if (note === undefined) expect(judged.note).toBeUndefined();
    else expect(judged.note).toMatch(note);
  });

  it('with the weights that a wrapper or a recurrent layer keeps, on every axis', async () => {
    for (const name of ['timedistributed', 'convlstm']) {
      const { findings } = await judgedField(`tfjs/${name}`);
      expect(findings[0]?.aliasedEnergy).toBeGreaterThan(0.5);
      expect(findings[0]?.fix).toMatchObject({ ok: false, reason: expect.stringContaining('cannot be rewritten') });
      const [layer] = (await openField(`tfjs/${name}`)).graph.layers;
      expect(layer?.operation).toMatchObject({ kind: 'convolution', window: { kernel: [1, 3, 3], stride: [1, 2, 2] } });
    }
  });
});

describe('a model that is judged alone', () => {
  it.each([
    ['noweights', 'missing-weights'],
    ['nomanifest', 'missing-weights'],
    ['i8494_keras3', 'unsupported'],
  ])('is neither planned nor run, and says why: %s', async (name, code) => {
    const { findings, note } = await judgedField(`tfjs/${name}`);
    expect(findings.map(({ fix }) => fix)).toEqual(findings.map(({ layer }) => ({ ok: false, reason: note, nodes: [layer] })));
    const error: unknown = await readModel(await fieldPayload(`tfjs/${name}`)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, message: note });
    // Without weights nobody knows what of their energy aliases; those of Keras 3 are there.
    expect(findings.some(({ aliasedEnergy }) => aliasedEnergy !== undefined)).toBe(name === 'i8494_keras3');
  });

  it('may have pointers of Git LFS in place of its weights', async () => {
    const { text } = await openField('tfjs/noweights');
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 4124\n`;
    const files = new Map([['model.weights.bin', new TextEncoder().encode(pointer)]]);
    const model = await openModel(sourceOf({ text: text!, files }));
    expect(model.judgedOnly).toMatchObject({ code: 'missing-weights' });
    expect(lintGraph(model)).toHaveLength(2);
  });
});

/** A functional model as Keras 3.15 spells it: a branch, a sum, and a model that is called twice. */
function keras3Functional(): string {
  const tensor = (layer: string, call = 0): unknown => ({
    class_name: '__keras_tensor__',
    config: { shape: [null, 8, 8, 3], dtype: 'float32', keras_history: [layer, call, 0] },
  });
  const layer = (className: string, name: string, calls: readonly unknown[], config: object = {}): unknown => ({
    module: 'keras.layers',
    class_name: className,
    config: { name, dtype: { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' } }, ...config },
    name,
    inbound_nodes: calls.map((reads) => ({ args: [reads], kwargs: { mask: null } })),
  });
  const window = { kernel_size: [3, 3], filters: 3, strides: [2, 2], padding: 'same', activation: 'relu' };
  const inner = {
    name: 'inner',
    layers: [
      { class_name: 'InputLayer', config: { name: 'in', batch_shape: [null, 8, 8, 3] } },
      layer('Conv2D', 'same', [], { ...window, strides: [1, 1] }),
    ],
  };
  const config = {
    name: 'functional',
    layers: [
      { class_name: 'InputLayer', name: 'input', config: { name: 'input', batch_shape: [null, 8, 8, 3] }, inbound_nodes: [] },
      layer('Sequential', 'inner', [tensor('input'), tensor('inner')], inner),
      layer('Conv2D', 'a', [tensor('inner', 1)], window),
      layer('MaxPooling2D', 'b', [tensor('inner', 0)], { pool_size: [2, 2], strides: [2, 2], padding: 'valid' }),
      layer('Add', 'sum', [[tensor('a'), tensor('b')]]),
    ],
    input_layers: [['input', 0, 0]],
    output_layers: [['sum', 0, 0]],
  };
  return JSON.stringify({ format: 'layers-model', modelTopology: { model_config: { class_name: 'Functional', config } } });
}

describe('the functional form of Keras 3', () => {
  it('is read as it counts calls, and its layers are found', async () => {
    const model = await openModel(sourceOf({ text: keras3Functional(), files: new Map() }));
    expect(model.graph.layers.map(({ name, inputs }) => [name, inputs])).toEqual([
      ['inner/same', ['input']],
      ['inner/same (call 2)', ['inner/same']],
      ['b', ['inner/same']],
      ['a', ['inner/same (call 2)']],
      ['sum', ['a', 'b']],
    ]);
    expect(model.graph.tensors.get('sum')?.shape).toEqual([null, 4, 4, 3]);
    expect(model.judgedOnly?.message).toContain('Keras 3');
    expect(lintGraph(model).map(({ layer, rule }) => [layer, rule])).toEqual([
      ['b', 'strided-max-pool'],
      ['a', 'strided-conv'],
    ]);
  });
});

describe('a model whose keys are camel case, or whose text begins with a byte order mark', () => {
  it.each(['camelcase', 'bom'])('is fixed, and the fixed one runs: %s', async (name) => {
    const payload = await fieldPayload(`tfjs/${name}`);
    const model = await openField(`tfjs/${name}`);
    const plans = lintGraph(model).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
    const patch = await model.patch(plans);
    expect(patch.outcomes.map(({ ok }) => ok)).toEqual([true, true]);
    const changed = changedSource(model, patch);
    const bytes = await changed.read(0, changed.size);
    // The mark stays where it was, and only there.
    expect([...bytes.subarray(0, 3)]).toEqual([...payload.bytes.subarray(0, 3)]);
    if (patch.kind !== 'text') throw new Error('A tfjs model is patched as text.');
    const weights = (await model.source.readSibling('model.weights.bin'))!;
    const files = new Map([['model.weights.bin', weights], ...patch.newFiles.map((file) => [file.relativePath, file.bytes] as const)]);
    const fixed = await loadModel({ text: applyEdits(model.text!, patch.edits), files });
    expect(fixed.inputs[0]?.shape).toEqual([null, 32, 32, 3]);
    expect(fixed.outputs[0]?.shape).toEqual([null, 3]);
    expect(lintGraph(await openModel(changed))).toEqual([]);
  });

  it('is edited by the keys that it has', async () => {
    const camelCase = (text: string): string =>
      text.replaceAll('inbound_nodes', 'inboundNodes').replaceAll('output_layers', 'outputLayers');
    const layers = [
      { name: 'image', className: 'InputLayer', config: { name: 'image', batchInputShape: [null, 8, 8, 2] }, inbound_nodes: [] },
      {
        name: 'pool',
        className: 'MaxPooling2D',
        config: { name: 'pool', poolSize: [2, 2], strides: [2, 2], padding: 'valid' },
        inbound_nodes: [[['image', 0, 0, {}]]],
      },
      { name: 'act', className: 'ReLU', config: { name: 'act' }, inbound_nodes: [[['pool', 0, 0, {}]]] },
    ];
    const config = { name: 'model', layers, inputLayers: [['image', 0, 0]], output_layers: [['act', 0, 0]] };
    const text = camelCase(JSON.stringify({ format: 'layers-model', modelTopology: { className: 'Model', config }, weightsManifest: [] }));
    const model = await openModel(sourceOf({ text, files: new Map() }));
    const patch = await model.patch(lintGraph(model).flatMap(({ fix }) => (fix.ok ? [fix.plan] : [])));
    if (patch.kind !== 'text') throw new Error('A tfjs model is patched as text.');
    const files = new Map(patch.newFiles.map((file) => [file.relativePath, file.bytes] as const));
    const fixed = await loadModel({ text: applyEdits(text, patch.edits), files });
    expect(fixed.outputs[0]?.shape).toEqual([null, 4, 4, 2]);
    expect(lintGraph(await openModel(changedSource(model, patch)))).toEqual([]);
  });
});

describe('a model inside TimeDistributed', () => {
  it('shows its strided layers, with their places in the text', async () => {
    const text = JSON.stringify({
      format: 'layers-model',
      modelTopology: {
        class_name: 'Sequential',
        config: {
          name: 'video',
          layers: [
            {
              class_name: 'TimeDistributed',
              config: {
                name: 'frames',
                batch_input_shape: [null, 5, 8, 8, 3],
                layer: {
                  class_name: 'Sequential',
                  config: {
                    name: 'frame',
                    layers: [
                      {
                        class_name: 'MaxPooling2D',
                        config: { name: 'pool', pool_size: [2, 2], strides: [2, 2], padding: 'valid', batch_input_shape: [null, 8, 8, 3] },
                      },
                      { class_name: 'Flatten', config: { name: 'flat' } },
                    ],
                  },
                },
              },
            },
            { class_name: 'Conv1D', config: { name: 'steps', kernel_size: [3], filters: 4, strides: [2], padding: 'same' } },
          ],
        },
      },
      weightsManifest: [],
    });
    const model = await openModel(sourceOf({ text, files: new Map() }));
    expect(lintGraph(model).map(({ layer, rule }) => [layer, rule])).toEqual([
      ['frames/pool', 'strided-max-pool'],
      ['steps', 'strided-conv'],
    ]);
    expect(model.graph.tensors.get('frames/flat')?.shape).toEqual([null, null, 48]);
    const place = (await model.locate(['frames/pool'])).get('frames/pool');
    expect(text.slice(place!.offset, place!.offset + place!.length)).toBe('"name":"pool"');
  });
});
