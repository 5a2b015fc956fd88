import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { sourceOf } from '../tfjs-files';
import { saveModel } from './memory-model';

type Apply = (input: tf.SymbolicTensor) => tf.SymbolicTensor;

/** Layers on a 3-channel map of 11 x 8, named by what is special about them; tfjs itself says what shape is right. */
const onImages: Record<string, () => tf.layers.Layer> = {
  'Conv2D, same, stride 2': () => tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' }),
  'Conv2D, valid, stride 3x2': () => tf.layers.conv2d({ filters: 4, kernelSize: [2, 3], strides: [3, 2] }),
  'Conv2D, dilated': () => tf.layers.conv2d({ filters: 4, kernelSize: 3, dilationRate: [2, 1] }),
  'SeparableConv2D, stride 2': () => tf.layers.separableConv2d({ filters: 5, kernelSize: 3, strides: 2, depthMultiplier: 2 }),
  'SeparableConv2D, dilated': () => tf.layers.separableConv2d({ filters: 5, kernelSize: 3, dilationRate: 2 }),
  'DepthwiseConv2D, two per channel': () => tf.layers.depthwiseConv2d({ kernelSize: 3, strides: 2, depthMultiplier: 2 }),
  'DepthwiseConv2D, whose dilation tfjs ignores': () => tf.layers.depthwiseConv2d({ kernelSize: 3, dilationRate: 2 }),
  'Conv2DTranspose, same': () => tf.layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' }),
  'Conv2DTranspose, valid': () => tf.layers.conv2dTranspose({ filters: 2, kernelSize: [5, 2], strides: 3 }),
  'MaxPooling2D, stride by default': () => tf.layers.maxPooling2d({ poolSize: 3 }),
  'MaxPooling2D, same': () => tf.layers.maxPooling2d({ poolSize: 2, strides: 3, padding: 'same' }),
  AveragePooling2D: () => tf.layers.averagePooling2d({ poolSize: [2, 3], strides: [1, 2] }),
  GlobalAveragePooling2D: () => tf.layers.globalAveragePooling2d({}),
  GlobalMaxPooling2D: () => tf.layers.globalMaxPooling2d({}),
  'ZeroPadding2D, each side its own': () =>
    tf.layers.zeroPadding2d({
      padding: [
        [1, 2],
        [0, 3],
      ],
    }),
  'ZeroPadding2D, per axis': () => tf.layers.zeroPadding2d({ padding: [1, 2] }),
  Cropping2D: () =>
    tf.layers.cropping2D({
      cropping: [
        [1, 2],
        [0, 3],
      ],
    }),
  'CenterCrop, smaller': () => tf.layers.centerCrop({ height: 6, width: 5 }),
  UpSampling2D: () => tf.layers.upSampling2d({ size: [2, 3] }),
  Rescaling: () => tf.layers.rescaling({ scale: 0.5 }),
  BatchNormalization: () => tf.layers.batchNormalization(),
  LayerNormalization: () => tf.layers.layerNormalization(),
  Activation: () => tf.layers.activation({ activation: 'elu' }),
  ReLU: () => tf.layers.reLU(),
  LeakyReLU: () => tf.layers.leakyReLU(),
  PReLU: () => tf.layers.prelu({ sharedAxes: [1, 2] }),
  ELU: () => tf.layers.elu(),
  'Softmax, channels': () => tf.layers.softmax({ axis: -1 }),
  ThresholdedReLU: () => tf.layers.thresholdedReLU(),
  Dropout: () => tf.layers.dropout({ rate: 0.5 }),
  GaussianNoise: () => tf.layers.gaussianNoise({ stddev: 1 }),
  GaussianDropout: () => tf.layers.gaussianDropout({ rate: 0.5 }),
  AlphaDropout: () => tf.layers.alphaDropout({ rate: 0.5 }),
  Flatten: () => tf.layers.flatten(),
  Reshape: () => tf.layers.reshape({ targetShape: [22, 12] }),
  'Reshape, one length open': () => tf.layers.reshape({ targetShape: [4, -1] }),
  Permute: () => tf.layers.permute({ dims: [3, 1, 2] }),
  'Dense on a map': () => tf.layers.dense({ units: 7 }),
};

const onVolumes: Record<string, () => tf.layers.Layer> = {
  Conv3D: () => tf.layers.conv3d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' }),
  Conv3DTranspose: () => tf.layers.conv3dTranspose({ filters: 2, kernelSize: 3, strides: 2 }),
  MaxPooling3D: () => tf.layers.maxPooling3d({ poolSize: [2, 3, 1], strides: [2, 3, 1] }),
  AveragePooling3D: () => tf.layers.averagePooling3d({ poolSize: 2, padding: 'same', strides: 2 }),
};

const onSequences: Record<string, () => tf.layers.Layer> = {
  'Conv1D, same': () => tf.layers.conv1d({ filters: 4, kernelSize: 3, padding: 'same' }),
  'Conv1D, stride 2': () => tf.layers.conv1d({ filters: 4, kernelSize: 3, strides: 2 }),
  MaxPooling1D: () => tf.layers.maxPooling1d({ poolSize: 3 }),
  AveragePooling1D: () => tf.layers.averagePooling1d({ poolSize: 2, strides: 3, padding: 'same' }),
  GlobalAveragePooling1D: () => tf.layers.globalAveragePooling1d({}),
  GlobalMaxPooling1D: () => tf.layers.globalMaxPooling1d({}),
  SpatialDropout1D: () => tf.layers.spatialDropout1d({ rate: 0.5 }),
};

/** Two maps of one size, or a map and weights per channel as squeeze-and-excitation makes them, in either order. */
const onPairs: Record<string, { other: number[]; layer: () => tf.layers.Layer }> = {
  Add: { other: [11, 8, 3], layer: () => tf.layers.add() },
  Average: { other: [11, 8, 3], layer: () => tf.layers.average() },
  Maximum: { other: [11, 8, 3], layer: () => tf.layers.maximum() },
  Minimum: { other: [11, 8, 3], layer: () => tf.layers.minimum() },
  'Multiply, weights per channel': { other: [1, 1, 3], layer: () => tf.layers.multiply() },
  'Multiply, weights without axes': { other: [3], layer: () => tf.layers.multiply() },
  'Concatenate, channels': { other: [11, 8, 5], layer: () => tf.layers.concatenate() },
  'Concatenate, rows': { other: [4, 8, 3], layer: () => tf.layers.concatenate({ axis: 1 }) },
};

/** Runs the model on two samples: the shapes that tfjs announces are wrong for some layers, those that come out are not. */
async function compare(inputs: tf.SymbolicTensor[], output: tf.SymbolicTensor): Promise<void> {
  const model = tf.model({ inputs, outputs: output });
  const { graph } = await tfjsLayersFormat.open(sourceOf(await saveModel(model)));
  const last = graph.outputs[0]!;
  const shape = graph.tensors.get(last)?.shape;
  const run = tf.tidy(() => model.predict(inputs.map((input) => tf.zeros([2, ...(input.shape.slice(1) as number[])]))) as tf.Tensor);
  expect(shape?.[0]).toBeNull();
  expect(shape?.slice(1)).toEqual(run.shape.slice(1));
  expect(graph.layers.find(({ name }) => name === last)?.operation.kind).not.toBe('opaque');
  expect(graph.inputs).toEqual(model.inputNames);
  run.dispose();
  model.dispose();
}

function single(table: Record<string, () => tf.layers.Layer>, shape: number[]): void {
  it.each(Object.entries(table))('%s', async (_, layer) => {
    const input = tf.input({ shape });
    await compare([input], (layer() as { apply: Apply }).apply(input));
  });
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('shapes are those that come out of tfjs', () => {
  describe('on images', () => {
    single(onImages, [11, 8, 3]);
  });
  describe('on volumes', () => {
    single(onVolumes, [7, 8, 9, 2]);
  });
  describe('on sequences', () => {
    single(onSequences, [11, 3]);
  });
  describe('on vectors', () => {
    single({ RepeatVector: () => tf.layers.repeatVector({ n: 4 }), Dense: () => tf.layers.dense({ units: 5 }) }, [6]);
  });
  describe('on two inputs, in both orders', () => {
    it.each(Object.entries(onPairs))('%s', async (_, { other, layer }) => {
      const [first, second] = [tf.input({ shape: [11, 8, 3] }), tf.input({ shape: other })];
      await compare([first, second], layer().apply([first, second]) as tf.SymbolicTensor);
      await compare([second, first], layer().apply([second, first]) as tf.SymbolicTensor);
    });
    it('Dot', async () => {
      const [first, second] = [tf.input({ shape: [4, 6] }), tf.input({ shape: [5, 6] })];
      await compare([first, second], tf.layers.dot({ axes: -1 }).apply([first, second]) as tf.SymbolicTensor);
      await compare([first, second], tf.layers.dot({ axes: [2, 2] }).apply([first, second]) as tf.SymbolicTensor);
    });
  });
});

describe('channels first', () => {
  const shape = [3, 11, 8];
  const dataFormat = 'channelsFirst';
  it.each<[string, () => tf.layers.Layer]>([
    ['Conv2D', () => tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', dataFormat })],
    ['MaxPooling2D', () => tf.layers.maxPooling2d({ poolSize: 2, dataFormat })],
    [
      'ZeroPadding2D',
      () =>
        tf.layers.zeroPadding2d({
          padding: [
            [1, 2],
            [0, 3],
          ],
          dataFormat,
        }),
    ],
    [
      'Cropping2D',
      () =>
        tf.layers.cropping2D({
          cropping: [
            [1, 2],
            [0, 3],
          ],
          dataFormat,
        }),
    ],
    ['UpSampling2D', () => tf.layers.upSampling2d({ size: [2, 3], dataFormat })],
    ['GlobalAveragePooling2D', () => tf.layers.globalAveragePooling2d({ dataFormat })],
    ['DepthwiseConv2D', () => tf.layers.depthwiseConv2d({ kernelSize: 3, strides: 2, dataFormat })],
  ])('%s', async (_, layer) => {
    const input = tf.input({ shape });
    await compare([input], layer().apply(input) as tf.SymbolicTensor);
  });
});

describe('what tfjs does not work out itself', () => {
  it('Resizing, which tfjs saves but cannot run inside a model', async () => {
    const input = tf.input({ shape: [11, 8, 3] });
    const resizing = tf.layers.resizing({ height: 5, width: 9 });
    const graph = (
      await tfjsLayersFormat.open(
        sourceOf(await saveModel(tf.model({ inputs: input, outputs: resizing.apply(input) as tf.SymbolicTensor }))),
      )
    ).graph;
    expect(graph.tensors.get(resizing.name)?.shape).toEqual([null, 5, 9, 3]);
  });

  it('an open image size stays open through windows, and the channels stay known', async () => {
    const input = tf.input({ shape: [null, null, 3] });
    const conv = tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2 });
    const graph = (
      await tfjsLayersFormat.open(sourceOf(await saveModel(tf.model({ inputs: input, outputs: conv.apply(input) as tf.SymbolicTensor }))))
    ).graph;
    expect(graph.tensors.get(conv.name)?.shape).toEqual([null, null, null, 4]);
  });
});
