import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Layer, ModelGraph } from '../../../src/core/graph/model-graph';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import type { BlurPlan } from '../../../src/core/rewrite/plan';
import { patched, sourceOf, type MemoryModel } from '../tfjs-files';
import { loadModel, saveModel } from './memory-model';

type Tensor = tf.SymbolicTensor;

interface Fixed {
  readonly model: MemoryModel;
  readonly plans: readonly BlurPlan[];
  readonly descriptions: readonly string[];
}

async function fix(model: tf.LayersModel, name: BlurFilterName): Promise<Fixed> {
  const saved = await saveModel(model);
  const opened = await tfjsLayersFormat.open(sourceOf(saved));
  const plans = lintGraph(opened, { filter: blurFilter(name) }).flatMap((finding) => (finding.fix.ok ? [finding.fix.plan] : []));
  const patch = await opened.patch(plans);
  const descriptions = patch.outcomes.map((outcome) => (outcome.ok ? outcome.description : outcome.reason));
  return { model: patched(saved, patch), plans, descriptions };
}

async function graphOf(model: MemoryModel): Promise<ModelGraph> {
  return (await tfjsLayersFormat.open(sourceOf(model))).graph;
}

function inSequence(input: Tensor, ...layers: readonly tf.layers.Layer[]): Tensor {
  return layers.reduce((tensor, layer) => layer.apply(tensor) as Tensor, input);
}

/** The map with so many samples more along an axis, which are picked by their place: position -1 is the second sample, and so on. */
function withBorder(map: tf.Tensor, axis: number, begin: number, end: number, border: 'reflect' | 'replicate'): tf.Tensor {
  const last = map.shape[axis]! - 1;
  const places = Array.from({ length: begin + last + 1 + end }, (_, index) => {
    const place = index - begin;
    if (border === 'replicate') return Math.min(last, Math.max(0, place));
    return place < 0 ? -place : place > last ? 2 * last - place : place;
  });
  return tf.gather(map, tf.tensor1d(places, 'int32'), axis);
}

/** What a plan's blur should give of a map with the channels last. */
function blurred(map: tf.Tensor4D, { blur }: BlurPlan, border: 'reflect' | 'replicate'): tf.Tensor {
  const { begin, end } = blur.padding;
  const padded = withBorder(withBorder(map, 1, begin[0]!, end[0]!, border), 2, begin[1]!, end[1]!, border);
  const kernel = tf.tile(tf.tensor4d([...blur.kernel.values], [blur.kernel.shape[0]!, blur.kernel.shape[1]!, 1, 1]), [
    1,
    1,
    blur.channels,
    1,
  ]);
  return tf.depthwiseConv2d(padded as tf.Tensor4D, kernel, [...blur.stride] as [number, number], 'valid');
}

function expectSame(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(actual.sub(expected).abs().max().dataSync()[0]).toBeLessThan(1e-6);
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('a border beside a map', () => {
  const apis = ['sequential', 'functional'] as const;
  const cases = apis.flatMap((api) =>
    (['tri-3', 'bin-4', 'bin-5', 'bin-7'] as const).flatMap((filter) =>
      (['channelsLast', 'channelsFirst'] as const).flatMap((dataFormat) =>
        [
          { size: [12, 9], border: 'reflect' },
          { size: [11, 14], border: 'reflect' },
          { size: [4, 4], border: filter === 'bin-7' ? 'replicate' : 'reflect' },
        ].map((rest) => ({ api, filter, dataFormat, ...(rest as { size: [number, number]; border: 'reflect' | 'replicate' }) })),
      ),
    ),
  );

  it.each(cases)('is that of the definition: $api, $filter, $dataFormat, $size', async ({ api, filter, dataFormat, size, border }) => {
    const shape = dataFormat === 'channelsLast' ? [...size, 2] : [2, ...size];
    const pool = tf.layers.maxPooling2d({ name: 'pool', poolSize: 2, strides: 2, padding: 'valid', dataFormat });
    const input = tf.input({ shape, name: 'image' });
    const model =
      api === 'sequential'
        ? tf.sequential({ layers: [tf.layers.reLU({ name: 'relu', inputShape: shape }), pool] })
        : tf.model({ inputs: input, outputs: inSequence(input, tf.layers.reLU({ name: 'relu' }), pool) });
    const { model: fixed, plans, descriptions } = await fix(model, filter);
    expect(plans).toMatchObject([{ blur: { border } }]);
    expect(descriptions[0]).not.toContain('zeros');
    const image = tf.randomNormal([2, ...shape], 0, 1, 'float32', 3);
    const actual = (await loadModel(fixed)).predict(image) as tf.Tensor;
    const last = dataFormat === 'channelsLast' ? image : tf.transpose(image, [0, 2, 3, 1]);
    const dense = tf.maxPool(tf.relu(last) as tf.Tensor4D, 2, 1, 'valid');
    const expected = blurred(dense, plans[0]!, border);
    expectSame(actual, dataFormat === 'channelsLast' ? expected : tf.transpose(expected, [0, 3, 1, 2]));
    expect(lintGraph(await tfjsLayersFormat.open(sourceOf(fixed)))).toEqual([]);
  });

  it('of a sequence is reflected along its one axis', async () => {
    const pool = tf.layers.maxPooling1d({ name: 'pool', poolSize: 2, strides: 2 }) as tf.layers.Layer;
    const { model, plans } = await fix(tf.sequential({ layers: [tf.layers.reLU({ name: 'relu', inputShape: [12, 3] }), pool] }), 'bin-5');
    const image = tf.randomNormal([2, 12, 3], 0, 1, 'float32', 3);
    const dense = tf.maxPool(tf.relu(image).expandDims<tf.Tensor4D>(1), [1, 2], 1, 'valid');
    const { blur } = plans[0]!;
    const row = { kernel: { shape: [1, 5], values: blur.kernel.values }, stride: [1, 2], padding: { begin: [0, 1], end: [0, 2] } };
    expect(blur.padding).toEqual({ begin: [2], end: [2] });
    const expected = blurred(dense, { ...plans[0]!, blur: { ...blur, ...row, padding: { begin: [0, 2], end: [0, 2] } } }, 'reflect');
    expectSame((await loadModel(model)).predict(image) as tf.Tensor, expected.squeeze([1]));
  });

  it('is laid round what a SAME convolution gave with its old padding, which TensorFlow works out anew', async () => {
    const config = { name: 'conv', filters: 2, kernelSize: 3, padding: 'same', biasInitializer: 'randomNormal' } as const;
    const conv = tf.layers.conv2d({ ...config, strides: 2, activation: 'relu', inputShape: [12, 9, 2] });
    const original = tf.sequential({ layers: [conv] });
    const { model, plans } = await fix(original, 'bin-5');
    // With stride 2 the 12 rows had one row of zeros behind them; at stride 1 they have one in front, too.
    const padding = { begin: [1, 2], end: [2, 2] };
    expect(plans).toMatchObject([{ blur: { border: 'reflect', padding, surplus: { begin: [1, 0], end: [0, 0] } } }]);
    const image = tf.randomNormal<tf.Rank.R4>([1, 12, 9, 2], 0, 1, 'float32', 3);
    const [kernel, bias] = conv.getWeights();
    const [rows, columns] = [
      [0, 1],
      [1, 1],
    ] as [[number, number], [number, number]];
    const padded = tf.pad(image, [[0, 0], rows, columns, [0, 0]]);
    const dense = tf.relu(tf.conv2d(padded, kernel as tf.Tensor4D, 1, 'valid').add(bias!)) as tf.Tensor4D;
    expect(dense.shape).toEqual([1, 11, 9, 2]);
    const blur = { ...plans[0]!.blur, padding: { begin: [2, 2], end: [2, 2] } };
    expectSame((await loadModel(model)).predict(image) as tf.Tensor, blurred(dense, { ...plans[0]!, blur }, 'reflect'));
  });
});

describe('a border of zeros, with the reason', () => {
  const zeros =
    /padded with zeros, since TensorFlow\.js has no layers that reflect (maps of open or several sizes|volumes): .*all others exact/;

  async function expectZeros(model: tf.LayersModel, sizes: readonly (readonly number[])[], reason = zeros): Promise<Fixed> {
    const images = sizes.map((size, index) => tf.randomNormal([1, ...size], 0, 1, 'float32', 3 + index));
    const before = [model.predict(images.length === 1 ? images[0]! : images)].flat().map(({ shape }) => shape);
    const fixed = await fix(model, 'tri-3');
    for (const { blur, notes } of fixed.plans) {
      expect(blur.border).toBe('zero');
      expect(notes.join(' ')).toMatch(reason);
    }
    expect(fixed.plans).not.toEqual([]);
    const loaded = await loadModel(fixed.model);
    expect([loaded.predict(images.length === 1 ? images[0]! : images)].flat().map(({ shape }) => shape)).toEqual(before);
    return fixed;
  }

  const pool = (name = 'pool'): tf.layers.Layer => tf.layers.maxPooling2d({ name, poolSize: 2 });

  it('where the size is open', async () => {
    const open = tf.input({ shape: [null, null, 2], name: 'open' });
    const { descriptions } = await expectZeros(tf.model({ inputs: open, outputs: inSequence(open, pool()) }), [[12, 9, 2]]);
    expect(descriptions[0]).toMatch(zeros);
  });

  it('of volumes', async () => {
    const volume = tf.layers.maxPooling3d({ name: 'pool', poolSize: 2, strides: 2, inputShape: [6, 6, 6, 2] }) as tf.layers.Layer;
    const { descriptions } = await expectZeros(tf.sequential({ layers: [volume] }), [[6, 6, 6, 2]]);
    expect(descriptions[0]).toMatch(zeros);
  });

  it('in a model inside that takes any size, though the size of its call is known', async () => {
    const open = tf.input({ shape: [null, null, 2], name: 'open' });
    const inner = tf.model({ name: 'inner', inputs: open, outputs: inSequence(open, pool()) });
    const image = tf.input({ shape: [12, 9, 2], name: 'image' });
    await expectZeros(tf.model({ inputs: image, outputs: inner.apply(image) as Tensor }), [[12, 9, 2]]);
  });

  it('behind a layer that is called with several sizes', async () => {
    const [a, b] = [tf.input({ shape: [12, 9, 2], name: 'a' }), tf.input({ shape: [8, 8, 2], name: 'b' })];
    const shared = pool();
    const outputs = [shared.apply(a) as Tensor, shared.apply(b) as Tensor];
    await expectZeros(tf.model({ inputs: [a, b], outputs }), [
      [12, 9, 2],
      [8, 8, 2],
    ]);
  });

  describe('where each sample would take a layer, and they are many', () => {
    const average = (width: number): tf.LayersModel => {
      const layer = tf.layers.averagePooling2d({
        name: 'pool',
        poolSize: [2, width],
        strides: [2, 1],
        padding: 'same',
        inputShape: [8, 400, 1],
      });
      return tf.sequential({ layers: [layer] });
    };

    it('256 are written', async () => {
      const opened = await tfjsLayersFormat.open(sourceOf(await saveModel(average(255))));
      const [{ fix: found } = { fix: undefined }] = lintGraph(opened);
      expect(found).toMatchObject({ plan: { blur: { border: 'reflect', padding: { begin: [1, 127], end: [1, 127] } } } });
    });

    it('257 are zeros', async () => {
      const reason = /padded with zeros, since its 257 samples would take a layer each, and at most 256 are written: samples at the edge/;
      const { descriptions } = await expectZeros(average(256), [[8, 400, 1]], reason);
      expect(descriptions[0]).toMatch(reason);
    });
  });

  it('not where several calls have one size', async () => {
    const [a, b] = [tf.input({ shape: [8, 8, 2], name: 'a' }), tf.input({ shape: [8, 8, 2], name: 'b' })];
    const shared = pool();
    const { plans } = await fix(tf.model({ inputs: [a, b], outputs: [shared.apply(a) as Tensor, shared.apply(b) as Tensor] }), 'tri-3');
    expect(plans.map(({ blur: { border }, furtherCalls }) => [border, furtherCalls.map((site) => site.blur.border)])).toEqual([
      ['reflect', ['reflect']],
      ['reflect', ['reflect']],
    ]);
  });
});

describe('a border that a model spells out', () => {
  const crop = (name: string, rows: [number, number], columns: [number, number] = [0, 0]): tf.layers.Layer =>
    tf.layers.cropping2D({ name, cropping: [rows, columns] });
  const join = (name: string, axis: number, ...parts: readonly Tensor[]): Tensor =>
    tf.layers.concatenate({ name, axis }).apply([...parts]) as Tensor;
  const image = (): Tensor => tf.input({ shape: [6, 5, 2], name: 'image' });

  /** What is read of the layer "whole", and which layers are its steps. */
  async function read(inputs: Tensor, ...outputs: readonly Tensor[]): Promise<readonly [Layer['operation'], readonly string[]]> {
    const { layers } = await graphOf(await saveModel(tf.model({ inputs, outputs: [...outputs] })));
    return [
      layers.find(({ name }) => name === 'whole')!.operation,
      layers.flatMap(({ name, stepOf }) => (stepOf === 'whole' ? [name] : [])),
    ];
  }

  it('is one padding', async () => {
    const map = image();
    const rows = [crop('second', [2, 3]), crop('first', [1, 4])].map((layer) => layer.apply(map) as Tensor);
    const last = crop('last', [4, 1]).apply(map) as Tensor;
    expect(await read(map, join('whole', 1, ...rows, map, last))).toEqual([
      { kind: 'pad', begin: [2, 0], end: [1, 0], mode: 'reflect' },
      ['second', 'first', 'last'],
    ]);
    const edge = image();
    const column = crop('right', [0, 0], [4, 0]).apply(edge) as Tensor;
    expect(await read(edge, join('whole', 2, edge, column))).toEqual([
      { kind: 'pad', begin: [0, 0], end: [0, 1], mode: 'edge' },
      ['right'],
    ]);
  });

  it('is none in another order, of more than a row, along another axis, of another map, or where something else reads a row', async () => {
    const joined = [{ kind: 'positional' }, []];
    const map = image();
    const [second, first] = [crop('second', [2, 3]).apply(map) as Tensor, crop('first', [1, 4]).apply(map) as Tensor];
    expect(await read(map, join('whole', 1, first, second, map))).toEqual(joined);
    expect(await read(map, join('whole', 1, crop('two', [1, 3]).apply(map) as Tensor, map))).toEqual(joined);
    expect(
      await read(
        map,
        join('whole', 1, crop('corner', [1, 4], [1, 4]).apply(map) as Tensor, crop('left', [0, 0], [1, 4]).apply(map) as Tensor),
      ),
    ).toEqual(joined);
    const other = tf.layers.reLU({ name: 'relu' }).apply(map) as Tensor;
    expect(await read(map, join('whole', 1, first, other))).toEqual(joined);
    expect(await read(map, join('whole', 1, first, map), tf.layers.reLU({ name: 'reader' }).apply(first) as Tensor)).toEqual(joined);
    expect(await read(map, join('whole', 1, first, map), first)).toEqual(joined);
  });
});
