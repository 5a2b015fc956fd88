import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { patched, sourceOf, type MemoryModel } from '../tfjs-files';
import { loadModel, saveModel } from './memory-model';

interface Row {
  readonly slopes: string;
  readonly sharedAxes?: number[];
  /** Channels first where set: a pool in front says so. */
  readonly channelsFirst?: boolean;
  readonly size: [number, number];
  readonly kind: 'pointwise' | 'opaque';
}

const rows: readonly Row[] = [
  { slopes: 'one per value', size: [6, 5], kind: 'opaque' },
  { slopes: 'one per channel', sharedAxes: [1, 2], size: [6, 5], kind: 'pointwise' },
  { slopes: 'one for all', sharedAxes: [1, 2, 3], size: [6, 5], kind: 'pointwise' },
  { slopes: 'one per row', sharedAxes: [2, 3], size: [6, 5], kind: 'opaque' },
  { slopes: 'one per column and channel', sharedAxes: [1], size: [6, 5], kind: 'opaque' },
  { slopes: 'one per value of a single row', sharedAxes: [2], size: [1, 5], kind: 'pointwise' },
  { slopes: 'one per channel, channels first', sharedAxes: [2, 3], channelsFirst: true, size: [6, 5], kind: 'pointwise' },
  { slopes: 'one per column and channel, channels first', sharedAxes: [1, 2], channelsFirst: true, size: [6, 5], kind: 'opaque' },
];

function modelOf({ sharedAxes, channelsFirst = false, size }: Row): tf.LayersModel {
  const dataFormat = channelsFirst ? 'channelsFirst' : 'channelsLast';
  const inputShape = channelsFirst ? [3, ...size] : [...size, 3];
  const pool = tf.layers.maxPooling2d({ poolSize: 1, strides: 1, dataFormat, inputShape });
  return tf.sequential({ layers: [pool, tf.layers.prelu({ name: 'prelu', ...(sharedAxes && { sharedAxes }) })] });
}

const output = (model: tf.LayersModel, image: tf.Tensor): tf.Tensor => model.predict(image) as tf.Tensor;

/** A strided convolution and its PReLU, each value with a slope of its own. */
async function convolutionAndSlopes(): Promise<MemoryModel> {
  return saveModel(
    tf.sequential({
      layers: [
        tf.layers.conv2d({ name: 'before', filters: 2, kernelSize: 1, inputShape: [9, 8, 2] }),
        tf.layers.conv2d({ name: 'down', filters: 3, kernelSize: 3, strides: 2, padding: 'same', biasInitializer: 'randomNormal' }),
        tf.layers.prelu({ name: 'prelu', alphaInitializer: 'randomNormal' }),
        tf.layers.conv2d({ name: 'after', filters: 2, kernelSize: 1 }),
      ],
    }),
  );
}

describe('PReLU', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each(rows)('with slopes $slopes is $kind', async (row) => {
    const { graph } = await tfjsLayersFormat.open(sourceOf(await saveModel(modelOf(row))));
    const prelu = graph.layers.find(({ name }) => name === 'prelu')!;
    const size = row.channelsFirst === true ? [null, 3, ...row.size] : [null, ...row.size, 3];
    expect(graph.tensors.get('prelu')?.shape).toEqual(size);
    if (row.kind === 'pointwise') expect(prelu.operation).toEqual({ kind: 'pointwise', role: 'activation' });
    else expect(prelu.operation).toMatchObject({ kind: 'opaque', reason: expect.stringMatching(/slopes differ along axis [123]/) });
  });

  it('accepts a single shared axis, which Keras also writes without a list', async () => {
    const { text, files } = await saveModel(
      tf.sequential({ layers: [tf.layers.prelu({ name: 'prelu', sharedAxes: [1], inputShape: [6, 3] })] }),
    );
    const single = text.replace('"shared_axes":[1]', '"shared_axes":1');
    expect(single).not.toBe(text);
    expect((await tfjsLayersFormat.open(sourceOf({ text: single, files }))).graph.layers).toMatchObject([
      { operation: { kind: 'pointwise' } },
    ]);
  });

  it.each(['identity', 'tri-3'] as const)(
    'keeps its map where its slopes differ by position: the blur (%s) stands in front of it',
    async (name) => {
      const original = await convolutionAndSlopes();
      const source = sourceOf(original);
      const findings = lintGraph(await tfjsLayersFormat.open(source), { filter: blurFilter(name) });
      const plans = findings.flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
      expect(plans).toMatchObject([{ layer: 'down', recipe: 'convolution-then-blur', blurAfter: 'down' }]);
      const image = tf.randomNormal([2, 9, 8, 2], 0, 1, 'float32', 5);
      const before = output(await loadModel(original), image);
      const after = output(await loadModel(patched(original, await (await tfjsLayersFormat.open(source)).patch(plans))), image);
      expect(after.shape).toEqual(before.shape);
      if (name === 'identity') expect(tf.max(tf.abs(tf.sub(before, after))).dataSync()[0]).toBeLessThan(1e-6);
    },
  );
});
