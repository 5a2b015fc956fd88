import * as tf from '@tensorflow/tfjs';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { disposeModel } from '../../../src/engine/runtimes/tfjs/load-model';
import { saveModel } from '../tfjs-layers/memory-model';

type Tensor = tf.SymbolicTensor;

/** A network as a function from its input; layers get Keras' automatic names. */
type Build = (image: Tensor, others: { readonly mask: Tensor; readonly style: Tensor }) => Tensor;

const apply = (layer: tf.layers.Layer, ...inputs: Tensor[]): Tensor => layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as Tensor;
const convolution = (
  input: Tensor,
  filters: number,
  kernelSize: number,
  more: Partial<Parameters<typeof tf.layers.conv2d>[0]> = {},
): Tensor =>
  apply(tf.layers.conv2d({ filters, kernelSize, padding: 'same', activation: 'relu', biasInitializer: 'randomNormal', ...more }), input);

/** A small network. */
export interface Family {
  readonly name: string;
  readonly size: [number, number];
  readonly build: Build;
  /** Whether it takes a mask and a style beside the image. */
  readonly hasOthers?: boolean;
}

/** Networks of images. */
export const families: readonly Family[] = [
  {
    name: 'VGG with a dense head',
    size: [8, 12],
    build: (image) => {
      const pooled = apply(tf.layers.maxPooling2d({ poolSize: 2 }), convolution(image, 3, 3));
      const deeper = apply(tf.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }), convolution(pooled, 4, 3));
      return apply(tf.layers.dense({ units: 5 }), apply(tf.layers.flatten(), deeper));
    },
  },
  {
    name: 'ResNet with ZeroPadding and VALID, strided shortcut, global average',
    size: [16, 16],
    build: (image) => {
      const padded = apply(
        tf.layers.zeroPadding2d({
          padding: [
            [3, 3],
            [3, 3],
          ],
        }),
        image,
      );
      const stem = convolution(padded, 3, 7, { strides: 2, padding: 'valid', activation: 'linear' });
      const normal = apply(tf.layers.reLU(), apply(tf.layers.batchNormalization(), stem));
      const main = convolution(normal, 4, 3, { strides: 2 });
      const shortcut = convolution(normal, 4, 1, { strides: 2, activation: 'linear' });
      return apply(tf.layers.globalAveragePooling2d({}), apply(tf.layers.add(), main, shortcut));
    },
  },
  {
    name: 'MobileNet: depthwise and separable, average pool, LeakyReLU',
    size: [8, 8],
    build: (image) => {
      const depthwise = apply(tf.layers.depthwiseConv2d({ kernelSize: 3, strides: 2, padding: 'same' }), image);
      const separable = apply(
        tf.layers.separableConv2d({ filters: 4, kernelSize: 3, padding: 'same' }),
        apply(tf.layers.leakyReLU(), depthwise),
      );
      return apply(tf.layers.averagePooling2d({ poolSize: 2 }), separable);
    },
  },
  {
    name: 'a model inside the model, called twice, and a shared pool',
    size: [16, 8],
    build: (image) => {
      const inside = tf.input({ shape: [null, null, 3] });
      const block = tf.model({ inputs: inside, outputs: convolution(apply(tf.layers.reLU(), inside), 3, 3) });
      const pool = tf.layers.maxPooling2d({ poolSize: 2 });
      return apply(pool, apply(block, apply(pool, apply(block, convolution(image, 3, 3)))));
    },
  },
  {
    name: 'U-Net: transposed convolutions of either padding, upsampling, skip connections',
    size: [8, 12],
    build: (image) => {
      const first = convolution(image, 3, 3);
      const second = convolution(apply(tf.layers.maxPooling2d({ poolSize: 2 }), first), 4, 3);
      const deepest = apply(tf.layers.maxPooling2d({ poolSize: 2 }), second);
      const up = apply(
        tf.layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', biasInitializer: 'randomNormal' }),
        deepest,
      );
      const joined = convolution(apply(tf.layers.concatenate(), second, up), 3, 3);
      const nearest = apply(tf.layers.upSampling2d({ size: [2, 2] }), joined);
      const linear = apply(tf.layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }), joined);
      const valid = apply(tf.layers.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2, padding: 'valid' }), joined);
      return apply(tf.layers.concatenate(), first, nearest, linear, valid);
    },
  },
  {
    name: 'resizes to half, and short transposed convolutions',
    size: [8, 8],
    build: (image) => {
      const half = tf.layers.resizing({ height: 4, width: 4, interpolation: 'bilinear', cropToAspectRatio: true });
      const short = apply(
        tf.layers.conv2dTranspose({ filters: 2, kernelSize: 1, strides: 2, padding: 'same' }),
        convolution(image, 3, 3, { strides: 2 }),
      );
      // TensorFlow.js (4.22) works out a shape without batch for what follows a Resizing, so nothing can.
      return apply(half, short);
    },
  },
  {
    name: 'DenseNet: concatenation, dilation, stride 3 in one axis',
    size: [6, 9],
    build: (image) => {
      const dilated = convolution(image, 3, 3, { dilationRate: 2 });
      const joined = apply(tf.layers.concatenate(), image, dilated);
      return convolution(joined, 4, 4, { strides: [1, 3] });
    },
  },
  {
    name: 'squeeze-excite across a stride, even kernels',
    size: [8, 8],
    build: (image) => {
      const map = convolution(image, 4, 4, { strides: 2 });
      const squeezed = apply(tf.layers.reshape({ targetShape: [1, 1, 4] }), apply(tf.layers.globalAveragePooling2d({}), map));
      const gate = apply(
        tf.layers.dense({ units: 4, activation: 'sigmoid', biasInitializer: 'randomNormal' }),
        apply(tf.layers.dense({ units: 2, activation: 'relu', biasInitializer: 'randomNormal' }), squeezed),
      );
      return convolution(apply(tf.layers.multiply(), map, gate), 3, 2, { strides: 2 });
    },
  },
  {
    name: 'two images and a held vector',
    size: [8, 8],
    hasOthers: true,
    build: (image, { mask, style }) => {
      const map = apply(
        tf.layers.maxPooling2d({ poolSize: 2 }),
        apply(tf.layers.concatenate(), convolution(image, 3, 3), convolution(mask, 2, 3)),
      );
      const gate = apply(
        tf.layers.reshape({ targetShape: [1, 1, 5] }),
        apply(tf.layers.dense({ units: 5, activation: 'sigmoid', biasInitializer: 'randomNormal' }), style),
      );
      return apply(tf.layers.averagePooling2d({ poolSize: 2 }), apply(tf.layers.multiply(), map, gate));
    },
  },
];

/** Signals are images of height 1 to everything but the file. */
/** Networks of signals. */
export const signals: typeof families = [
  {
    name: 'audio: strided and dilated 1-D convolutions, pools, dense head',
    size: [1, 24],
    build: (signal) => {
      const stem = apply(tf.layers.conv1d({ filters: 3, kernelSize: 5, strides: 2, padding: 'same', activation: 'relu' }), signal);
      const dilated = apply(tf.layers.conv1d({ filters: 4, kernelSize: 3, dilationRate: 2, padding: 'same' }), stem);
      const pooled = apply(
        tf.layers.averagePooling1d({ poolSize: 2 }),
        apply(tf.layers.maxPooling1d({ poolSize: 3, strides: 3, padding: 'same' }), dilated),
      );
      return apply(tf.layers.dense({ units: 4 }), apply(tf.layers.flatten(), pooled));
    },
  },
  {
    name: 'audio: VALID, global average',
    size: [1, 16],
    build: (signal) =>
      apply(
        tf.layers.globalAveragePooling1d({}),
        apply(tf.layers.maxPooling1d({ poolSize: 4 }), apply(tf.layers.conv1d({ filters: 3, kernelSize: 4 }), signal)),
      ),
  },
];

/** The network as a file. */
export async function layersFile({ name, size, build, hasOthers = false }: Family): Promise<ModelPayload> {
  const lengths = name.startsWith('audio') ? [size[1]] : size;
  const image = tf.input({ shape: [...lengths, 2], name: 'image' });
  const others = { style: tf.input({ shape: [4], name: 'style' }), mask: tf.input({ shape: [...size, 1], name: 'mask' }) };
  const model = tf.model({ inputs: hasOthers ? [others.style, image, others.mask] : image, outputs: build(image, others) });
  const { text, files } = await saveModel(model);
  disposeModel(model);
  return { path: 'model.json', bytes: new TextEncoder().encode(text), folder: '.', overlay: Object.fromEntries(files) };
}
