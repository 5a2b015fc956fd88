import { describe, expect, it } from 'vitest';
import { binomialSize } from '../../../../src/code/fix/filter';
import { blurFilter, blurFilterNames } from '../../../../src/core/rewrite/filters';
import { expectFix, type FixCase } from './fixing';

/** A filter that no length stands for. */
const context = { filter: { label: 'Flat-3', taps: [0.3, 0.4, 0.3] } };

const torch = 'import torch.nn as nn\n';
const keras = 'from keras import layers\n';
const tensorflow = 'import tensorflow as tf\n';
const flax = 'import flax.linen as nn\n';
const tfjs = `import * as tf from '@tensorflow/tfjs';\n`;

const cases: readonly FixCase[] = [
  {
    name: 'PyTorch: a drop-in',
    before: `${torch}pool = nn.MaxPool2d(2)\n`,
    after: `${torch}from blurpool_torch import MaxBlurPool2d\npool = MaxBlurPool2d(2, taps=[0.3, 0.4, 0.3])\n`,
    title: 'Replace by MaxBlurPool2d (Flat-3)',
  },
  {
    name: 'PyTorch: a convolution that blurs',
    before: `${torch}conv = nn.Conv2d(8, 8, 3, stride=2)\n`,
    after: `${torch}from blurpool_torch import BlurConv2d\nconv = BlurConv2d(8, 8, 3, stride=2, taps=[0.3, 0.4, 0.3])\n`,
    title: 'Replace by BlurConv2d (Flat-3): blurs directly after the convolution (no activation found behind it)',
  },
  {
    name: 'PyTorch: libraries know binomial filters only, so our module serves',
    before: `${torch}pool = nn.MaxPool2d(2)\n`,
    after: `${torch}from blurpool_torch import MaxBlurPool2d\npool = MaxBlurPool2d(2, taps=[0.3, 0.4, 0.3])\n`,
    title: 'Replace by MaxBlurPool2d (Flat-3)',
    context: { ...context, library: 'timm' },
  },
  {
    name: 'PyTorch: an average over an even window cannot be centred under an odd filter',
    before: `${torch}pool = nn.AvgPool2d(2)\n`,
    after: `${torch}from blurpool_torch import AvgBlurPool2d\npool = AvgBlurPool2d(2)\n`,
    title: 'Replace by AvgBlurPool2d (Bin-4)',
  },
  {
    name: 'PyTorch: an average over an odd one takes it',
    before: `${torch}pool = nn.AvgPool2d(3, 2)\n`,
    after: `${torch}from blurpool_torch import AvgBlurPool2d\npool = AvgBlurPool2d(3, 2, taps=[0.3, 0.4, 0.3])\n`,
    title: 'Replace by AvgBlurPool2d (Flat-3)',
  },
  {
    name: 'Keras: a pool without arguments',
    before: `${keras}pool = layers.MaxPooling2D()\n`,
    after: `from blurpool_keras import MaxBlurPool2D\n${keras}pool = MaxBlurPool2D(taps=[0.3, 0.4, 0.3])\n`,
    title: 'Replace by MaxBlurPool2D (Flat-3)',
  },
  {
    name: 'TensorFlow: an operation',
    before: `${tensorflow}run = lambda x, w: tf.nn.relu(tf.nn.conv2d(x, w, 2, "SAME"))\n`,
    after: `${tensorflow}from blurpool_tensorflow import blur_pool\nrun = lambda x, w: blur_pool(tf.nn.relu(tf.nn.conv2d(x, w, 1, "SAME")), strides=2, taps=[0.3, 0.4, 0.3])\n`,
    title: 'Blur after tf.nn.relu: blur_pool (Flat-3), stride 2',
  },
  {
    name: 'Flax: a pool',
    before: `${flax}run = lambda x: nn.max_pool(x, (2, 2), strides=(2, 2))\n`,
    after: `${flax}from blurpool_flax import max_blur_pool\nrun = lambda x: max_blur_pool(x, (2, 2), strides=(2, 2), taps=[0.3, 0.4, 0.3])\n`,
    title: 'Replace by max_blur_pool (Flat-3)',
  },
  {
    name: 'TensorFlow.js: an option of a layer',
    before: `${tfjs}const pool = tf.layers.maxPooling2d({poolSize: 2});\n`,
    after: `${tfjs}import { maxBlurPooling2d } from './blurpool.js';\nconst pool = maxBlurPooling2d({poolSize: 2, taps: [0.3, 0.4, 0.3]});\n`,
    title: 'Replace by maxBlurPooling2d (Flat-3)',
    language: 'javascript',
  },
  {
    name: 'TensorFlow.js: an operation takes the taps by position',
    before: `${tfjs}export const run = (x) => tf.maxPool(x, 2, 2, 'same');\n`,
    after: `${tfjs}import { maxBlurPool } from './blurpool.js';\nexport const run = (x) => maxBlurPool(x, 2, 2, 'same', [0.3, 0.4, 0.3]);\n`,
    title: 'Replace by maxBlurPool (Flat-3)',
    language: 'javascript',
  },
  {
    name: 'TensorFlow.js: a method of a map, with a binomial filter by its length',
    before: `${tfjs}export const run = (x, w) => x.conv2d(w, 1, 'same').maxPool(2, 2, 'same');\n`,
    after: `${tfjs}import { maxBlurPool } from './blurpool.js';\nexport const run = (x, w) => maxBlurPool(x.conv2d(w, 1, 'same'), 2, 2, 'same', 5);\n`,
    title: 'Replace by maxBlurPool (Bin-5)',
    language: 'javascript',
    context: { filter: blurFilter('bin-5') },
  },
];

describe('a fix writes the filter that it is given', () => {
  it.each(cases.map((one) => ({ context, ...one })))('$name', expectFix);

  it('by its length where it is binomial, else by its taps', () => {
    expect(blurFilterNames.map((name) => binomialSize(blurFilter(name)))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(binomialSize({ label: '', taps: [0.3, 0.4, 0.3] })).toBeNull();
    expect(binomialSize({ label: '', taps: [0.25, 0.5] })).toBeNull();
    expect(binomialSize({ label: '', taps: [1, 8, 28, 56, 70, 56, 28, 8, 1].map((tap) => tap / 256) })).toBeNull();
  });
});
