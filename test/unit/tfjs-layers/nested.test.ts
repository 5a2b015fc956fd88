import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import { editsTakenBack, patched, sourceOf, type MemoryModel } from '../tfjs-files';
import { loadModel, saveModel } from './memory-model';
import { rewritable } from '../graph-builder';

type Tensor = tf.SymbolicTensor;
type Outcome = readonly [layer: string, ok: boolean];

function through(input: Tensor, ...layers: readonly tf.layers.Layer[]): Tensor {
  return layers.reduce((tensor, layer) => layer.apply(tensor) as Tensor, input);
}

function conv(name: string, config: object = {}): tf.layers.Layer {
  return tf.layers.conv2d({ name, filters: 3, kernelSize: 3, padding: 'same', biasInitializer: 'randomNormal', ...config });
}

/** The start of MobileNet as Keras exports it: a pad of ((0, 1), (0, 1)), then a VALID convolution of stride 2. */
function backbone(name = 'mobilenet', size = 17): tf.LayersModel {
  const image = tf.input({ shape: [size, size, 2], name: 'input_1' });
  const layers = [
    tf.layers.zeroPadding2d({
      name: 'conv1_pad',
      padding: [
        [0, 1],
        [0, 1],
      ],
    }),
    conv('conv1', { strides: 2, padding: 'valid', useBias: false }),
    tf.layers.batchNormalization({ name: 'conv1_bn' }),
    tf.layers.reLU({ name: 'conv1_relu', maxValue: 6 }),
    tf.layers.zeroPadding2d({
      name: 'conv_pad_2',
      padding: [
        [0, 1],
        [0, 1],
      ],
    }),
    tf.layers.depthwiseConv2d({ name: 'conv_dw_2', kernelSize: 3, strides: 2, useBias: false }),
    tf.layers.reLU({ name: 'conv_dw_2_relu' }),
    tf.layers.maxPooling2d({ name: 'pool', poolSize: 2, strides: 2, padding: 'same' }),
  ];
  return tf.model({ name, inputs: image, outputs: through(image, ...layers) });
}

async function fixAll(model: MemoryModel, name: BlurFilterName) {
  const source = sourceOf(model);
  const findings = lintGraph(await tfjsLayersFormat.open(source), { filter: blurFilter(name) });
  const patch = await (await tfjsLayersFormat.open(source)).patch(findings.flatMap(({ fix }) => (fix.ok ? [fix.plan] : [])));
  if (patch.kind !== 'text') throw new Error('A layers-model is patched as text.');
  const refused = findings.flatMap(({ layer, fix }): Outcome[] => (fix.ok ? [] : [[layer, false]]));
  const refusals = findings.flatMap(({ fix }) => (fix.ok ? [] : [fix]));
  return {
    refusals,
    outcomes: [...patch.outcomes.map(({ layer, ok }): Outcome => [layer, ok]), ...refused],
    patch,
    fixed: patched(model, patch),
  };
}

function outputs(model: tf.LayersModel, images: readonly tf.Tensor[]): tf.Tensor[] {
  return [model.predict(images.length === 1 ? images[0]! : [...images])].flat();
}

/** Fixes everything with the identity filter, which must change nothing, then with Tri-3, which must leave no finding. */
async function expectFixed(
  model: tf.LayersModel,
  expected: readonly Outcome[],
  sizes?: readonly (readonly number[])[],
): Promise<MemoryModel> {
  const original = await saveModel(model);
  const shapes = sizes ?? model.inputs.map(({ shape }) => shape.slice(1) as number[]);
  const takesWords = model.layers.some((layer) => layer.getClassName() === 'Embedding');
  const images = shapes.map((shape, index) =>
    takesWords ? tf.randomUniform([2, ...shape], 0, 9, 'int32', 5) : tf.randomNormal([2, ...shape], 0, 1, 'float32', 5 + index),
  );
  const before = outputs(model, images);
  const identity = await fixAll(original, 'identity');
  expect(identity.outcomes).toEqual(expected);
  const after = outputs(await loadModel(identity.fixed), images);
  after.forEach((tensor, index) => {
    expect(tensor.shape).toEqual(before[index]!.shape);
    expect(tensor.sub(before[index]!).abs().max().dataSync()[0]).toBeLessThan(2e-6);
  });
  const { patch, fixed } = await fixAll(original, 'tri-3');
  const blurred = outputs(await loadModel(fixed), images);
  expect(blurred.map(({ shape }) => shape)).toEqual(before.map(({ shape }) => shape));
  const left = lintGraph(await tfjsLayersFormat.open(sourceOf(fixed))).map(({ layer }) => layer);
  expect(left).toEqual(expected.filter(([, ok]) => !ok).map(([layer]) => layer));
  expect(editsTakenBack(fixed.text, patch.edits, original.text)).toBe(original.text);
  return fixed;
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('models inside models', () => {
  const transfer = (): tf.LayersModel =>
    tf.sequential({ layers: [backbone(), tf.layers.globalAveragePooling2d({ name: 'gap' }), tf.layers.dense({ name: 'head', units: 2 })] });

  it('are read layer by layer, with their shapes and strides', async () => {
    const { graph } = await tfjsLayersFormat.open(sourceOf(await saveModel(transfer())));
    expect(graph.layers.map(({ name }) => name)).toEqual([
      ...['conv1_pad', 'conv1', 'conv1_bn', 'conv1_relu', 'conv_pad_2', 'conv_dw_2', 'conv_dw_2_relu', 'pool'].map(
        (name) => `mobilenet/${name}`,
      ),
      'gap',
      'head',
    ]);
    expect(graph.inputs).toEqual(['mobilenet/input_1']);
    expect(graph.tensors.get('mobilenet/pool')?.shape).toEqual([null, 2, 2, 3]);
    expect(graph.tensors.get('gap')?.shape).toEqual([null, 3]);
    expect(lintGraph(rewritable(graph)).map(({ layer, cumulativeStride }) => [layer, cumulativeStride])).toEqual([
      ['mobilenet/conv1', [2, 2]],
      ['mobilenet/conv_dw_2', [4, 4]],
      ['mobilenet/pool', [8, 8]],
    ]);
  });

  it('are fixed inside, as for transfer learning', async () => {
    const fixed = await expectFixed(transfer(), [
      ['mobilenet/conv1', true],
      ['mobilenet/conv_dw_2', true],
      ['mobilenet/pool', true],
    ]);
    const { weightsManifest } = JSON.parse(fixed.text) as { weightsManifest: { weights: { name: string }[] }[] };
    expect(
      weightsManifest
        .flatMap(({ weights }) => weights)
        .map(({ name }) => name)
        .filter((name) => name.includes('blur')),
    ).toEqual(['conv1', 'conv_dw_2', 'pool'].map((name) => `${name}_blur/depthwise_kernel`));
  });

  it('are located at the names of the layers inside', async () => {
    const saved = await saveModel(transfer(), 2);
    const { text } = saved;
    const model = await tfjsLayersFormat.open(sourceOf(saved));
    const { graph } = model;
    const ranges = await model.locate(graph.layers.map(({ name }) => name));
    for (const { name } of graph.layers) {
      const { offset, length } = ranges.get(name)!;
      expect(text.slice(offset, offset + length)).toBe(`"name": "${name.split('/').at(-1)!}"`);
    }
  });

  it('are followed to any depth', async () => {
    let model: tf.LayersModel = backbone('level0');
    for (let depth = 1; depth < 6; depth++) {
      const input = tf.input({ shape: [17, 17, 2], name: `input_${depth}_` });
      model =
        depth % 2 === 0
          ? tf.sequential({ name: `level${depth}`, layers: [model] })
          : tf.model({ name: `level${depth}`, inputs: input, outputs: model.apply(input) as Tensor });
    }
    const path = 'level4/level3/level2/level1/level0';
    await expectFixed(
      model,
      ['conv1', 'conv_dw_2', 'pool'].map((name) => [`${path}/${name}`, true] as const),
    );
  });

  it('may end where the activation is still to come, or begin with it', async () => {
    const strided = tf.sequential({ name: 'strided', layers: [conv('stem', { inputShape: [9, 9, 2] }), conv('down', { strides: 2 })] });
    const activating = tf.sequential({
      name: 'activating',
      layers: [tf.layers.reLU({ name: 'relu', inputShape: [5, 5, 3] }), conv('tail')],
    });
    const image = tf.input({ shape: [9, 9, 2], name: 'image' });
    const fixed = await expectFixed(tf.model({ inputs: image, outputs: through(image, strided, activating) }), [['strided/down', true]]);
    const { graph } = await tfjsLayersFormat.open(sourceOf(fixed));
    expect(graph.layers.find(({ name }) => name === 'activating/down_blur_pad')?.inputs).toEqual(['activating/relu']);
  });

  it('are left alone where a blur would also blur other calls', async () => {
    const activating = tf.sequential({ name: 'activating', layers: [tf.layers.reLU({ name: 'relu', inputShape: [5, 5, 3] })] });
    const [first, second] = [tf.input({ shape: [9, 9, 3], name: 'first' }), tf.input({ shape: [5, 5, 3], name: 'second' })];
    const down = conv('down', { strides: 2 });
    const model = await saveModel(
      tf.model({ inputs: [first, second], outputs: [through(first, conv('stem'), down, activating), activating.apply(second) as Tensor] }),
    );
    const { patch, refusals } = await fixAll(model, 'tri-3');
    expect(patch).toMatchObject({ edits: [], outcomes: [] });
    expect(refusals).toEqual([
      {
        ok: false,
        reason: expect.stringContaining('other calls of the model around it'),
        nodes: ['activating/relu (call 2)', 'activating/relu'],
      },
    ]);
  });

  it('may have several inputs and outputs, and a call of their own for each use', async () => {
    const [a, b] = [tf.input({ shape: [9, 9, 2], name: 'a' }), tf.input({ shape: [9, 9, 2], name: 'b' })];
    const both = tf.layers.concatenate({ name: 'both' }).apply([through(a, conv('left')), through(b, conv('right'))]) as Tensor;
    const inner = tf.model({
      name: 'inner',
      inputs: [a, b],
      outputs: [through(both, tf.layers.maxPooling2d({ name: 'pool', poolSize: 3, strides: 2 })), both],
    });
    const [x, y] = [tf.input({ shape: [9, 9, 2], name: 'x' }), tf.input({ shape: [9, 9, 2], name: 'y' })];
    const [once, twice] = [inner.apply([x, y]) as Tensor[], inner.apply([y, x]) as Tensor[]];
    const last = tf.layers.maxPooling2d({ name: 'last', poolSize: 2 });
    const model = tf.model({
      inputs: [x, y],
      outputs: [last.apply(once[1]!) as Tensor, tf.layers.add({ name: 'sum' }).apply([once[0]!, twice[0]!]) as Tensor],
    });
    await expectFixed(model, [
      ['inner/pool', true],
      ['last', true],
    ]);
  });

  it('may be called on maps of several sizes where the blur does not depend on them', async () => {
    const open = tf.input({ shape: [null, null, 2], name: 'open' });
    const valid = tf.model({
      name: 'valid',
      inputs: open,
      outputs: through(open, tf.layers.maxPooling2d({ name: 'pool', poolSize: 3, strides: 2 })),
    });
    const input = tf.input({ shape: [21, 19, 2], name: 'image' });
    await expectFixed(tf.model({ inputs: input, outputs: through(input, valid, tf.layers.reLU({ name: 'between' }), valid) }), [
      ['valid/pool', true],
    ]);
  });

  it('are refused where calls of several sizes need different blurs', async () => {
    const open = tf.input({ shape: [null, null, 2], name: 'open' });
    const same = tf.model({
      name: 'same',
      inputs: open,
      outputs: through(open, tf.layers.maxPooling2d({ name: 'pool', poolSize: 3, strides: 2, padding: 'same' })),
    });
    const input = tf.input({ shape: [10, 10, 2], name: 'image' });
    const { patch, refusals } = await fixAll(await saveModel(tf.model({ inputs: input, outputs: through(input, same, same) })), 'tri-3');
    expect(patch).toMatchObject({ edits: [], outcomes: [] });
    const refused = {
      ok: false,
      reason: expect.stringContaining('would need blurs that differ'),
      nodes: ['same/pool', 'same/pool (call 2)'],
    };
    expect(refusals).toEqual([refused, refused]);
  });

  it('that multiply without end are refused at once', async () => {
    const layers = (inner: string): object[] => [
      { name: 'i', class_name: 'InputLayer', config: { name: 'i', batch_input_shape: [null, 8, 8, 1] }, inbound_nodes: [] },
      {
        name: 'n',
        class_name: 'Model',
        config: '$',
        inbound_nodes: Array.from({ length: 9 }, (_, call) => [[call === 0 ? 'i' : 'n', call === 0 ? 0 : call, 0, {}]]),
        inner,
      },
    ];
    let config: object = {
      layers: [layers('')[0], { name: 'p', class_name: 'ReLU', config: { name: 'p' }, inbound_nodes: [[['i', 0, 0, {}]]] }],
      input_layers: [['i', 0, 0]],
      output_layers: [['p', 0, 0]],
    };
    for (let depth = 0; depth < 20; depth++) {
      const [image, nested] = layers('');
      config = { layers: [image, { ...nested, config }], input_layers: [['i', 0, 0]], output_layers: [['n', 9, 0]] };
    }
    const text = JSON.stringify({ modelTopology: { class_name: 'Model', config } });
    await expect(tfjsLayersFormat.open(sourceOf({ text, files: new Map() })).then(({ graph }) => graph)).rejects.toMatchObject({
      code: 'too-large',
    });
  });
});

describe('shared layers', () => {
  it('are fixed call by call where one pool stands at several depths', async () => {
    const pool = tf.layers.maxPooling2d({ name: 'pool', poolSize: 3, strides: 2, padding: 'same' });
    const input = tf.input({ shape: [23, 18, 2], name: 'image' });
    const model = tf.model({ inputs: input, outputs: through(input, conv('a'), pool, conv('b'), pool, conv('c'), pool) });
    const fixed = await expectFixed(model, [['pool', true]]);
    const { graph } = await tfjsLayersFormat.open(sourceOf(fixed));
    expect(graph.layers.filter(({ op }) => op === 'MaxPooling2D').map(({ name, callOf }) => [name, callOf])).toEqual([
      ['pool', undefined],
      ['pool (call 2)', 'pool'],
      ['pool (call 3)', 'pool'],
    ]);
    expect(graph.layers.filter(({ name }) => /^pool_blur(_\d)?$/.test(name))).toHaveLength(3);
    expect(graph.outputs).toEqual(['pool_blur_2']);
  });

  it('that follow strided convolutions as activations are blurred at that very call', async () => {
    const relu = tf.layers.reLU({ name: 'relu' });
    const input = tf.input({ shape: [16, 15, 2], name: 'image' });
    const first = through(input, conv('stem'), relu);
    const second = through(first, conv('down1', { strides: 2 }), relu);
    const third = through(second, conv('down2', { strides: 2 }), relu);
    const side = tf.layers.add({ name: 'sum' }).apply([third, through(second, conv('side', { strides: 2, kernelSize: 1 }))]) as Tensor;
    const fixed = await expectFixed(tf.model({ inputs: input, outputs: [side, second] }), [
      ['down1', true],
      ['down2', true],
      ['side', true],
    ]);
    const { graph } = await tfjsLayersFormat.open(sourceOf(fixed));
    expect(graph.layers.find(({ name }) => name === 'down1_blur_pad')?.inputs).toEqual(['relu (call 2)']);
    expect(graph.layers.find(({ name }) => name === 'down1')?.inputs).toEqual(['relu']);
  });

  it('of every recipe get a blur for each call', async () => {
    const [average, shortcut] = [
      tf.layers.averagePooling2d({ name: 'average', poolSize: 2 }),
      conv('shortcut', { filters: 2, kernelSize: 1, strides: 2 }),
    ];
    const [a, b] = [tf.input({ shape: [16, 16, 2], name: 'a' }), tf.input({ shape: [21, 9, 2], name: 'b' })];
    const model = await saveModel(tf.model({ inputs: [a, b], outputs: [through(a, average, shortcut), through(b, average, shortcut)] }));
    const { fixed, outcomes } = await fixAll(model, 'tri-3');
    expect(outcomes).toEqual([
      ['average', true],
      ['shortcut', true],
    ]);
    const loaded = await loadModel(fixed);
    expect(outputs(loaded, [tf.zeros([1, 16, 16, 2]), tf.zeros([1, 21, 9, 2])]).map(({ shape }) => shape)).toEqual([
      [1, 4, 4, 2],
      [1, 5, 2, 2],
    ]);
    expect(loaded.layers.some(({ name }) => name === 'average')).toBe(false);
    expect(lintGraph(await tfjsLayersFormat.open(sourceOf(fixed)))).toEqual([]);
  });
});

describe('at the edges of what stock layers can do', () => {
  it('a sequential model that begins with an average-pool keeps the name of its input', async () => {
    const layers = [tf.layers.averagePooling2d({ name: 'pool', poolSize: 2, inputShape: [8, 8, 3] }), conv('tail')];
    const { fixed } = await fixAll(await saveModel(tf.sequential({ layers })), 'tri-3');
    const loaded = await loadModel(fixed);
    expect(loaded.layers[0]?.name).toBe('pool_input');
    expect(outputs(loaded, [tf.zeros([1, 8, 8, 3])])[0]!.shape).toEqual([1, 4, 4, 3]);
    expect(lintGraph(await tfjsLayersFormat.open(sourceOf(fixed)))).toEqual([]);
  });

  it('text and sound: sequences behind an embedding, of open length, and flattened to a dense layer', async () => {
    const sequence = (name: string, config: object = {}): tf.layers.Layer =>
      tf.layers.conv1d({ name, filters: 4, kernelSize: 3, activation: 'relu', ...config });
    const open = tf.input({ shape: [null, 3], name: 'open' });
    const pool = tf.layers.maxPooling1d({ name: 'pool', poolSize: 2 });
    await expectFixed(
      tf.model({ inputs: open, outputs: through(open, sequence('a'), pool, sequence('b', { strides: 3 })) }),
      [
        ['pool', true],
        ['b', true],
      ],
      [[29, 3]],
    );
    const flat = [
      sequence('a', { inputShape: [20, 3], padding: 'same' }),
      sequence('b', { strides: 2, padding: 'same' }),
      tf.layers.flatten({ name: 'flat' }),
      tf.layers.dense({ name: 'head', units: 2 }),
    ];
    await expectFixed(tf.sequential({ layers: flat }), [['b', true]]);
    const words = [
      tf.layers.embedding({ name: 'words', inputDim: 9, outputDim: 3, inputLength: 12 }),
      sequence('a'),
      pool,
      tf.layers.globalMaxPooling1d({ name: 'max' }),
    ];
    await expectFixed(tf.sequential({ layers: words }), [['pool', true]]);
  });

  it('sequences in maps of one row, whose other stride is there for the native kernels alone', async () => {
    const row = { name: 'down', kernelSize: [1, 3] as [number, number], strides: 2, activation: 'relu' as const };
    const layers = [
      conv('stem', { kernelSize: [1, 3], inputShape: [1, 20, 2] }),
      tf.layers.depthwiseConv2d({ ...row, padding: 'same' }),
      conv('next', { ...row, name: 'next' }),
    ];
    const fixed = await expectFixed(tf.sequential({ layers }), [
      ['down', true],
      ['next', true],
    ]);
    const loaded = await loadModel(fixed);
    expect(loaded.layers.map(({ name }) => name).filter((name) => name.includes('blur_sample'))).toEqual([]);
    const blurred = outputs(loaded, [tf.ones([1, 1, 20, 2])])[0]!;
    expect(blurred.shape).toEqual([1, 1, 5, 3]);
  });

  it('volumes of open size get their samples picked behind the blur', async () => {
    const open = tf.input({ shape: [null, null, null, 2], name: 'open' });
    const pool = tf.layers.maxPooling3d({ name: 'pool', poolSize: 2, strides: 2 }) as tf.layers.Layer;
    const fixed = await expectFixed(tf.model({ inputs: open, outputs: through(open, pool) }), [['pool', true]], [[7, 6, 9, 2]]);
    expect((await loadModel(fixed)).layers.map(({ name }) => name)).toEqual(['open', 'pool', 'pool_blur', 'pool_blur_sample']);
  });

  it('volumes with the channels in front', async () => {
    const dataFormat = 'channelsFirst';
    const input = tf.input({ shape: [2, 6, 7, 8], name: 'volume' });
    const down = tf.layers.conv3d({ name: 'down', filters: 3, kernelSize: 3, strides: 2, dataFormat, activation: 'relu' });
    await expectFixed(
      tf.model({
        inputs: input,
        outputs: through(input, tf.layers.maxPooling3d({ name: 'pool', poolSize: 2, strides: [1, 1, 2], dataFormat }), down),
      }),
      [
        ['pool', true],
        ['down', true],
      ],
    );
  });

  it('volumes of many channels are refused, since a dense blur would be too large', async () => {
    const pool = tf.layers.maxPooling3d({ name: 'pool', poolSize: 2, strides: 2, inputShape: [4, 4, 4, 300] }) as tf.layers.Layer;
    const opened = await tfjsLayersFormat.open(sourceOf(await saveModel(tf.sequential({ layers: [pool] }))));
    expect(lintGraph(opened).map(({ fix }) => fix)).toEqual([
      { ok: false, reason: expect.stringMatching(/no depthwise layer for volumes.*300 channels/), nodes: ['pool'] },
    ]);
  });

  it('says what is exact and what it costs', async () => {
    const pool = tf.layers.maxPooling3d({ name: 'pool', poolSize: 2, strides: 2, inputShape: [4, 4, 4, 5] }) as tf.layers.Layer;
    const { patch } = await fixAll(await saveModel(tf.sequential({ layers: [pool] })), 'tri-3');
    expect(patch.outcomes).toMatchObject([
      {
        description: expect.stringMatching(
          /stride 1x1x1;.*"pool_blur".*padded with zeros.*all others exact\. It is a full convolution of 5 channels.*costs 5 times/,
        ),
      },
    ]);
  });

  it('a resize keeps its place behind a blur', async () => {
    const layers = [conv('stem', { inputShape: [12, 12, 3] }), tf.layers.resizing({ name: 'half', height: 6, width: 12 })];
    const { fixed, outcomes } = await fixAll(await saveModel(tf.sequential({ layers })), 'tri-3');
    expect(outcomes).toEqual([['half', true]]);
    expect((await loadModel(fixed)).layers.map(({ name }) => name)).toEqual(['stem', 'half_blur_pad', 'half_blur', 'half']);
    expect(lintGraph(await tfjsLayersFormat.open(sourceOf(fixed)))).toEqual([]);
  });
});
