import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { planarGraph } from '../../../src/core/equivariance/plan/planar-graph';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { measureEquivariance } from '../../../src/core/equivariance/walk/polyphase';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import type { BlurPadding } from '../../../src/core/rewrite/plan';
import { readModel } from '../../../src/engine/input/read-model';
import { payloadSource } from '../../../src/engine/input/source';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import type { Engine } from '../../../src/engine/runtimes/engine';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { randomImage } from '../equivariance/every-shift';
import { expectEveryShift } from '../equivariance/expect-every-shift';
import { patched, sourceOf } from '../tfjs-files';
import { saveModel } from '../tfjs-layers/memory-model';

const conv = (config: object): tf.layers.Layer =>
  tf.layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'relu', biasInitializer: 'randomNormal', ...config } as never);

/** Networks whose blurs are reflected, of stock layers that cut and join. */
const networks: readonly { name: string; size: [number, number]; filter: BlurFilterName; build: () => tf.LayersModel }[] = [
  {
    name: 'sequential, with a dense head',
    size: [8, 12],
    filter: 'tri-3',
    build: () =>
      tf.sequential({
        layers: [
          conv({ inputShape: [8, 12, 2] }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          conv({ strides: 2 }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 4 }),
        ],
      }),
  },
  {
    name: 'functional, with a shortcut that is blurred in front',
    size: [8, 8],
    filter: 'bin-5',
    build: () => {
      const image = tf.input({ shape: [8, 8, 2] });
      const stem = conv({}).apply(image);
      const main = conv({ strides: 2, activation: 'linear' }).apply(stem);
      const shortcut = conv({ kernelSize: 1, strides: 2, activation: 'linear' }).apply(stem);
      const sum = tf.layers.reLU().apply(tf.layers.add().apply([main, shortcut] as tf.SymbolicTensor[]));
      const pool = tf.layers.averagePooling2d({ poolSize: 2 }).apply(sum);
      return tf.model({ inputs: image, outputs: tf.layers.globalAveragePooling2d({}).apply(pool) as tf.SymbolicTensor });
    },
  },
  {
    name: 'of signals',
    size: [1, 24],
    filter: 'bin-4',
    build: () =>
      tf.sequential({
        layers: [
          tf.layers.conv1d({ filters: 3, kernelSize: 5, padding: 'same', activation: 'relu', inputShape: [24, 2] }),
          tf.layers.maxPooling1d({ poolSize: 2, padding: 'same' }),
          tf.layers.conv1d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
        ] as tf.layers.Layer[],
      }),
  },
  {
    name: 'of signals, behind a pool without padding, whose map is longer where it wraps',
    size: [1, 24],
    filter: 'tri-3',
    build: () =>
      tf.sequential({
        layers: [
          tf.layers.conv1d({ filters: 3, kernelSize: 5, padding: 'same', activation: 'relu', inputShape: [24, 2] }),
          tf.layers.maxPooling1d({ poolSize: 2 }),
          tf.layers.conv1d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' }),
          tf.layers.globalAveragePooling1d({}),
        ] as tf.layers.Layer[],
      }),
  },
];

async function fixed(model: tf.LayersModel, filter: BlurFilterName, padding: BlurPadding): Promise<ModelPayload> {
  const saved = await saveModel(model);
  const opened = await tfjsLayersFormat.open(sourceOf(saved));
  const plans = lintGraph(opened, { filter: blurFilter(filter), plan: { padding } }).flatMap((finding) =>
    finding.fix.ok ? [finding.fix.plan] : [],
  );
  expect(plans.map(({ blur }) => blur.border)).toEqual(plans.map(() => padding));
  const { text, files } = patched(saved, await opened.patch(plans));
  return { path: 'model.json', bytes: new TextEncoder().encode(text), folder: '.', overlay: Object.fromEntries(files) };
}

describe.each(networks)('a fixed model, $name', ({ size, filter, build }) => {
  let engine: Engine;
  let model: tf.LayersModel;

  beforeAll(async () => {
    engine = await createTfjsEngine();
    model = build();
  });

  it.each(['flat', 'channel'] as const)('has %s heatmaps that agree with running every shift', async (metric) => {
    await expectEveryShift({ engine, format: tfjsLayersFormat, payload: await fixed(model, filter, 'reflect'), size }, metric);
  });

  it('wraps as one whose border is of zeros', async () => {
    const maps = async (padding: BlurPadding) => {
      const payload = await fixed(model, filter, padding);
      const graph = planarGraph((await tfjsLayersFormat.open(payloadSource(payload))).graph);
      const plan = planMeasurement(graph);
      const circular = await engine.openCircular(await readModel(payload), plan);
      const options = { metric: 'flat', memoryBudgetBytes: 2 ** 28, cancellation: { cancelled: false } } as const;
      const measured = await measureEquivariance({ plan, graph, model: circular }, randomImage(plan, graph.layout), options);
      await circular.dispose();
      expect(plan.omitted).toEqual([]);
      return new Map(measured!.heatmaps.map(({ layer: { name, size: mapSize, period }, tile }) => [name, { mapSize, period, tile }]));
    };
    const [reflected, zeros] = [await maps('reflect'), await maps('zero')];
    expect(zeros.size).toBeGreaterThan(2);
    expect(reflected).toEqual(zeros);
  });
});
