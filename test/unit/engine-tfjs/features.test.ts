import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { expectFeatures } from '../equivariance/expect-features';
import { saveModel } from '../tfjs-layers/memory-model';

type Tensor = tf.SymbolicTensor;

/** Channels last, with a decoder that joins its encoder. */
function model(): tf.LayersModel {
  const apply = (layer: tf.layers.Layer, ...inputs: Tensor[]): Tensor => layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as Tensor;
  const image = tf.input({ shape: [8, 12, 2], name: 'image' });
  const first = apply(tf.layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' }), image);
  const half = apply(tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' }), first);
  const small = apply(tf.layers.maxPooling2d({ poolSize: 2 }), half);
  const up = apply(tf.layers.upSampling2d({ size: [2, 2] }), small);
  return tf.model({ inputs: image, outputs: apply(tf.layers.concatenate(), half, up) });
}

test('feature maps of a layers-model: those of the model run on the rolled image', async () => {
  const made = model();
  const { text, files } = await saveModel(made);
  made.dispose();
  const payload = { path: 'model.json', bytes: new TextEncoder().encode(text), folder: '.', overlay: Object.fromEntries(files) };
  const engine = await createTfjsEngine();
  const before = tf.memory().numTensors;
  const plan = await expectFeatures({ engine, format: tfjsLayersFormat, payload, size: [8, 12] }, [
    [0, 0],
    [1, 0],
    [5, 11],
    [-1, -9],
    [23, 100],
  ]);
  expect(plan.layers.map(({ op }) => op)).toEqual(['Conv2D', 'Conv2D', 'MaxPooling2D', 'UpSampling2D', 'Concatenate']);
  expect(tf.memory().numTensors).toBe(before);
});
