import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as blurring from '../../../templates/blurpool';

const require = createRequire(import.meta.url);
/** Named by TensorFlow.js, which counts the layers of a class. */
const firstPool = tf.layers.maxPooling2d({ poolSize: 2 }).name;

type Backend = 'wasm' | 'cpu';

async function use(backend: Backend): Promise<void> {
  if (backend === 'wasm') setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
  await tf.setBackend(backend);
  await tf.ready();
  expect(tf.getBackend()).toBe(backend);
}

const layersOf = {
  1: {
    max: tf.layers.maxPooling1d,
    average: tf.layers.averagePooling1d,
    maxBlur: blurring.maxBlurPooling1d,
    averageBlur: blurring.averageBlurPooling1d,
    blur: blurring.blurPool1d,
  },
  2: {
    max: tf.layers.maxPooling2d,
    average: tf.layers.averagePooling2d,
    maxBlur: blurring.maxBlurPooling2d,
    averageBlur: blurring.averageBlurPooling2d,
    blur: blurring.blurPool2d,
  },
  3: {
    max: tf.layers.maxPooling3d,
    average: tf.layers.averagePooling3d,
    maxBlur: blurring.maxBlurPooling3d,
    averageBlur: blurring.averageBlurPooling3d,
    blur: blurring.blurPool3d,
  },
} as const;

const run = (layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor => layer.apply(x) as tf.Tensor;
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Every combination of the options that decide a pool's shape. */
function cases(axes: 1 | 2 | 3) {
  const sizes = axes === 3 ? [5, 6] : [5, 8, 11];
  return range(1, axes === 3 ? 3 : 5).flatMap((poolSize) =>
    range(1, axes === 3 ? 3 : 4).flatMap((strides) =>
      (['valid', 'same'] as const).flatMap((padding) => sizes.map((size) => ({ poolSize, strides, padding, size }))),
    ),
  );
}

it.each([1, 2, 3] as const)('are the pools that they replace, in %i dimensions', (axes) => {
  const { max, average, maxBlur, averageBlur } = layersOf[axes];
  for (const [make, original] of [
    [maxBlur, max],
    [averageBlur, average],
  ] as const) {
    for (const options of [{ poolSize: 3, strides: 2, padding: 'same' as const }, { poolSize: 2 }]) {
      const [dropIn, pool] = [make(options), original(options)];
      expect(dropIn).toBeInstanceOf(pool.constructor);
      const said = (layer: tf.layers.Layer) =>
        Object.fromEntries(['poolSize', 'strides', 'padding'].map((key) => [key, Reflect.get(layer, key)]));
      expect(said(dropIn)).toEqual(said(pool));
    }
  }
});

it('leaves the names of other layers as they were', () => {
  expect(firstPool).toBe('max_pooling2d_MaxPooling2D1');
});

describe.each<Backend>(['wasm', 'cpu'])('blurpool.ts on %s', (backend) => {
  beforeAll(() => use(backend));

  it.each([1, 2, 3] as const)('keeps shapes, and with one tap the values, in %i dimensions', (axes) => {
    const layers = layersOf[axes];
    // The WASM backend's own maxPool3d is wrong: it starts from 1e-38, so it loses negative maxima, and misplaces 1x1x1 windows.
    if (backend === 'wasm' && axes === 3) return;
    for (const { size, ...options } of cases(axes)) {
      tf.tidy(() => {
        const shape = [2, ...Array.from({ length: axes - 1 }, () => size), size + 1, 3];
        const x = tf.randomNormal(shape, 0, 1, 'float32', 7);
        const label = `${axes}D ${JSON.stringify(options)} of ${size}`;
        const expected = run(layers.max(options), x);
        const layer = layers.maxBlur(options);
        expect(run(layer, x).shape, label).toEqual(expected.shape);
        expect(layer.computeOutputShape(shape), label).toEqual(expected.shape);
        expect(Array.from(run(layers.maxBlur({ ...options, filterSize: 1 }), x).dataSync()), label).toEqual(
          Array.from(expected.dataSync()),
        );
        expect(run(layers.averageBlur(options), x).shape, label).toEqual(run(layers.average(options as never), x).shape);
        const subsampled = run(layers.blur({ strides: options.strides }), x);
        expect(subsampled.shape, label).toEqual(
          shape.map((length, at) => (at === 0 || at === axes + 1 ? length : Math.ceil(length / options.strides))),
        );
      });
    }
  });

  it.each([1, 2, 3, 5])('begins where a convolution of kernel %i did whose padding depends on its stride', (kernelSize) => {
    // Windows shorter than their stride are placed differently by the backends of TensorFlow.js.
    for (const strides of [2, 3].filter((step) => step <= Math.max(2, kernelSize))) {
      for (const size of [8, 11]) {
        const options = { filters: 2, kernelSize, padding: 'same', kernelInitializer: 'ones' } as const;
        const x = tf.randomNormal([1, size, size + 1, 2], 0, 1, 'float32', 5);
        const expected = run(tf.layers.conv2d({ ...options, strides }), x);
        const dense = run(tf.layers.conv2d(options), x);
        for (const moved of [
          run(blurring.blurPool2d({ strides, filterSize: 1, sameKernel: kernelSize }), dense),
          blurring.blurPool(dense, strides, 1, kernelSize),
        ]) {
          expect(moved.shape).toEqual(expected.shape);
          expect(tf.max(tf.abs(tf.sub(moved, expected))).dataSync()[0], `stride ${strides}, size ${size}`).toBeLessThan(1e-5);
        }
      }
    }
  });

  it('offers the operations for batches and single maps', () => {
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R4>([1, 9, 12, 4]);
      const single = x.squeeze<tf.Tensor3D>([0]);
      for (const pad of ['same', 'valid'] as const) {
        expect(blurring.maxBlurPool(x, 3, 2, pad).shape).toEqual(tf.maxPool(x, 3, 2, pad).shape);
        expect(blurring.maxBlurPool(single, [2, 2], [2, 2], pad).shape).toEqual(tf.maxPool(single, [2, 2], [2, 2], pad).shape);
        expect(blurring.averageBlurPool(x, 2, 2, pad).shape).toEqual(tf.avgPool(x, 2, 2, pad).shape);
      }
      expect(blurring.blurPool(x, [2, 1]).shape).toEqual([1, 5, 12, 4]);
      expect(blurring.blurPool(x, 1)).toBe(x);
      expect(blurring.blurPool(tf.ones<tf.Rank.R4>([1, 1, 1, 2]), 2, 5).shape).toEqual([1, 1, 1, 2]);
      const constant = blurring.blurPool(tf.ones<tf.Rank.R4>([1, 7, 7, 2]), 2, 7).dataSync();
      expect(Math.max(...constant.map((value) => Math.abs(value - 1)))).toBeLessThan(1e-6);
    });
  });

  it('takes the taps of a filter in place of its length', () => {
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R4>([1, 8, 8, 2]);
      const taps = [0.25, 0.5, 0.25];
      const same = (actual: tf.Tensor, expected: tf.Tensor) => {
        expect(Array.from(actual.dataSync())).toEqual(Array.from(expected.dataSync()));
      };
      same(blurring.blurPool(x, 2, [0, 1, 0]), x.stridedSlice([0, 0, 0, 0], [1, 8, 8, 2], [1, 2, 2, 1]));
      same(blurring.maxBlurPool(x, 2, 2, 'same', taps), blurring.maxBlurPool(x, 2, 2, 'same'));
      same(blurring.averageBlurPool(x, 3, 2, 'same', taps), blurring.averageBlurPool(x, 3, 2, 'same'));
      const layer = blurring.maxBlurPooling2d({ poolSize: 2, taps });
      expect(layer.getConfig()).toMatchObject({ taps });
      same(run(layer, x), run(blurring.maxBlurPooling2d({ poolSize: 2 }), x));
      expect(() => blurring.blurPool(x, 2, [1, 2, 1])).toThrow('The taps of a low-pass filter have a sum of 1, not 4.');
    });
  });

  it('blurs along each axis alike, with channels first too', () => {
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R4>([1, 8, 9, 2]);
      const turned = x.transpose<tf.Tensor4D>([0, 2, 1, 3]);
      const expected = blurring.blurPool(x, [2, 1]).dataSync();
      const actual = blurring.blurPool(turned, [1, 2]).transpose([0, 2, 1, 3]).dataSync();
      expect(Math.max(...actual.map((value, index) => Math.abs(value - (expected[index] ?? NaN))))).toBeLessThan(1e-6);
      const first = run(blurring.blurPool2d({ dataFormat: 'channelsFirst' }), x.transpose([0, 3, 1, 2]))
        .transpose([0, 2, 3, 1])
        .dataSync();
      const last = run(blurring.blurPool2d(), x).dataSync();
      expect(Math.max(...first.map((value, index) => Math.abs(value - (last[index] ?? NaN))))).toBeLessThan(1e-6);
    });
  });

  it('gives the textbook signal 0.7071 with a max-pool and 0.9487 with Tri-3', () => {
    const signal = [0, 0, 1, 1, 0, 0, 1, 1];
    const features = (layer: tf.layers.Layer, shift: number): number[] => {
      const rolled = signal.map((_, index) => signal[(index - shift + 8) % 8] ?? 0);
      const wide = tf.tensor3d(Array.from({ length: 5 }, () => rolled).flat(), [1, 40, 1]);
      return [...run(layer, wide).dataSync()].slice(8, 12).flatMap((value) => [value, value]);
    };
    const equivariance = (layer: tf.layers.Layer, shift: number): number => {
      const still = features(layer, 0);
      const [a, b] = [still.map((_, index) => still[(index - shift + 8) % 8] ?? 0), features(layer, shift)];
      const dot = (u: number[], v: number[]): number => u.reduce((sum, value, index) => sum + value * (v[index] ?? 0), 0);
      return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    };
    tf.tidy(() => {
      expect(equivariance(tf.layers.maxPooling1d({ poolSize: 2 }), 1)).toBeCloseTo(0.7071, 4);
      expect(equivariance(blurring.maxBlurPooling1d({ poolSize: 2 }), 1)).toBeCloseTo(0.9487, 4);
      expect(equivariance(blurring.maxBlurPooling1d({ poolSize: 2 }), 2)).toBeCloseTo(1, 5);
    });
  });
});

describe('a model with the layers of blurpool.ts', () => {
  beforeAll(() => use('cpu'));
  afterAll(() => {
    tf.disposeVariables();
  });

  it('trains, is saved and is loaded', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [16, 16, 1], filters: 2, kernelSize: 3, padding: 'same', activation: 'relu' }),
        blurring.blurPool2d({ strides: 2 }),
        blurring.maxBlurPooling2d({ poolSize: 2, padding: 'same' }),
        blurring.averageBlurPooling2d({ poolSize: [2, 2], strides: [2, 2], filterSize: 4 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 2 }),
      ],
    });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const [x, y] = [tf.randomNormal([4, 16, 16, 1]), tf.zeros([4, 2])];
    const before = [...model.getWeights().map((weight) => weight.dataSync()[0])];
    await model.fit(x, y, { epochs: 1 });
    expect(model.getWeights().map((weight) => weight.dataSync()[0])).not.toEqual(before);
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler((artifacts) => {
        saved = artifacts;
        return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
      }),
    );
    const loaded = await tf.loadLayersModel(
      tf.io.fromMemory(JSON.parse(JSON.stringify(saved?.modelTopology)) as object, saved?.weightSpecs ?? [], saved?.weightData),
    );
    expect([...(loaded.predict(x) as tf.Tensor).dataSync()]).toEqual([...(model.predict(x) as tf.Tensor).dataSync()]);
  });

  it('keeps in its configuration which kernel it stands behind', () => {
    const config = blurring.blurPool2d({ strides: 2, sameKernel: 3 }).getConfig();
    expect(config).toMatchObject({ sameKernel: [3, 3] });
    expect(blurring.blurPool2d(config as never).getConfig()).toEqual(config);
    expect(blurring.blurPool2d({ strides: 2 }).getConfig()).not.toHaveProperty('sameKernel');
  });

  it('refuses a filter that it does not have', () => {
    expect(() => run(blurring.blurPool2d({ filterSize: 8 }), tf.ones([1, 4, 4, 1]))).toThrow(/between 1 and 7/);
  });
});
