import { describe, expect, it } from 'vitest';
import { expectFix, offerFor, type FixCase } from './fixing';
import { blurFilter } from '../../../../src/core/rewrite/filters';

const head = `import * as tf from '@tensorflow/tfjs';\n`;
const imports = (names: string) => `${head}import { ${names} } from './blurpool.js';\n`;

const cases: readonly FixCase[] = [
  {
    name: 'a max-pool keeps its options',
    before: `${head}const pool = tf.layers.maxPooling2d({poolSize: 3, strides: 2, padding: 'same'});\n`,
    after: `${imports('maxBlurPooling2d')}const pool = maxBlurPooling2d({poolSize: 3, strides: 2, padding: 'same'});\n`,
    title: 'Replace by maxBlurPooling2d (Tri-3)',
  },
  {
    name: 'an average-pool with a wider filter',
    before: `${head}const pool = tf.layers.averagePooling1d({poolSize: 2});\n`,
    after: `${imports('averageBlurPooling1d')}const pool = averageBlurPooling1d({poolSize: 2, filterSize: 6});\n`,
    title: 'Replace by averageBlurPooling1d (Bin-6)',
    context: { filter: blurFilter('bin-6') },
  },
  {
    name: 'an activation of its own is part of the layer',
    before: `${head}const model = tf.sequential();\nmodel.add(tf.layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, activation: 'relu' }));\nmodel.add(tf.layers.flatten());\n`,
    after: `${imports('blurPool2d')}const model = tf.sequential();\nmodel.add(tf.layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }));\nmodel.add(blurPool2d({ strides: 2 }));\nmodel.add(tf.layers.flatten());\n`,
    title: 'Blur after tf.layers.conv2d and its activation: blurPool2d (Tri-3), stride 2',
  },
  {
    name: 'layers that are applied, with the short form of an option',
    before: `${head}export function block(x, filters, strides = 2) {\n  x = tf.layers.conv2d({filters, kernelSize: 3, strides, padding: 'same'}).apply(x)\n  return tf.layers.reLU().apply(x)\n}\n`,
    after: `${imports('blurPool2d')}export function block(x, filters, strides = 2) {\n  x = tf.layers.conv2d({filters, kernelSize: 3, padding: 'same'}).apply(x)\n  return blurPool2d({strides, sameKernel: 3}).apply(tf.layers.reLU().apply(x))\n}\n`,
    title: 'Blur after tf.layers.reLU: blurPool2d (Tri-3), stride 2',
    language: 'javascript',
  },
  {
    name: 'an option that overrides spread ones is set, not deleted',
    before: `${head}const options = {kernelSize: 3};\nexport const run = (x) => tf.layers.conv2d({...options, filters: 8, strides: [2, 2]}).apply(x);\n`,
    after: `${imports('blurPool2d')}const options = {kernelSize: 3};\nexport const run = (x) => blurPool2d({strides: [2, 2]}).apply(tf.layers.conv2d({...options, filters: 8, strides: 1}).apply(x));\n`,
    title: 'Blur directly after tf.layers.conv2d: blurPool2d (Tri-3), stride 2 (no activation found behind it)',
    language: 'javascript',
  },
  {
    name: 'elements of a list',
    before: `${head}const model = tf.sequential({\n  layers: [\n    tf.layers.conv2d({filters: 8, kernelSize: 1, strides: 2}),\n    tf.layers.flatten(),\n  ],\n});\n`,
    after: `${imports('blurPool2d')}const model = tf.sequential({\n  layers: [\n    blurPool2d({strides: 2}),\n    tf.layers.conv2d({filters: 8, kernelSize: 1}),\n    tf.layers.flatten(),\n  ],\n});\n`,
    title: 'Blur before tf.layers.conv2d: blurPool2d (Tri-3), stride 2',
  },
  {
    name: 'operations',
    before: `${head}export const run = (x: tf.Tensor4D, w: tf.Tensor4D) => tf.relu(tf.conv2d(x, w, 2, 'same'));\n`,
    after: `${imports('blurPool')}export const run = (x: tf.Tensor4D, w: tf.Tensor4D) => blurPool(tf.relu(tf.conv2d(x, w, 1, 'same')), 2);\n`,
    title: 'Blur after tf.relu: blurPool (Tri-3), stride 2',
  },
  {
    name: 'a fused operation has its activation inside',
    before: `${head}export const run = (x, filter) => tf.fused.conv2d({x, filter, strides: 2, pad: 'same', activation: 'relu'});\n`,
    after: `${imports('blurPool')}export const run = (x, filter) => blurPool(tf.fused.conv2d({x, filter, strides: 1, pad: 'same', activation: 'relu'}), 2);\n`,
    title: 'Blur after tf.fused.conv2d and its activation: blurPool (Tri-3), stride 2',
    language: 'javascript',
  },
  {
    name: 'methods of a map: the convolution of a chain',
    before: `${head}export const run = (x, w) => x.conv2d(w, [2, 2], 'same').relu().maxPool(2, 2, 'valid');\n`,
    after: `${imports('blurPool')}export const run = (x, w) => blurPool(x.conv2d(w, 1, 'same').relu(), [2, 2]).maxPool(2, 2, 'valid');\n`,
    title: 'Blur after relu: blurPool (Tri-3), stride 2',
    language: 'javascript',
  },
  {
    name: 'methods of a map: the pool of a chain',
    before: `${head}export const run = (x, w) => x.conv2d(w, [2, 2], 'same').relu().maxPool(2, 2, 'valid');\n`,
    after: `${imports('maxBlurPool')}export const run = (x, w) => maxBlurPool(x.conv2d(w, [2, 2], 'same').relu(), 2, 2, 'valid');\n`,
    title: 'Replace by maxBlurPool (Tri-3)',
    index: 1,
    language: 'javascript',
  },
];

describe('TensorFlow.js', () => {
  it.each(cases.map((one) => ({ language: 'typescript' as const, ...one })))('$name', expectFix);

  it('refuses an operation with arguments that our module does not know', async () => {
    const { refusal } = await offerFor(`${head}export const run = (x) => tf.maxPool(x, 2, 2, 1, 'ceil');\n`, 0, 'javascript');
    expect(refusal).toBe('The BlurPool of TensorFlow.js knows no argument of tf.maxPool behind its padding.');
  });

  it('refuses an operation on a map with channels first', async () => {
    const { refusal } = await offerFor(`${head}export const run = (x, w) => tf.conv2d(x, w, 2, 'same', 'NCHW');\n`, 0, 'javascript');
    expect(refusal).toBe('The BlurPool of TensorFlow.js blurs maps with their channels last, and this one has them first.');
  });

  it('refuses options that are built elsewhere', async () => {
    const { refusal } = await offerFor(
      `${head}const options = {filters: 8, kernelSize: 3, strides: 2};\ntf.layers.conv2d(options);\n`,
      0,
      'javascript',
    );
    expect(refusal).toBe('The call does not show which argument of tf.layers.conv2d is the stride.');
  });

  it('refuses maps over three axes, which only layers blur', async () => {
    const { refusal } = await offerFor(`${head}export const run = (x) => tf.maxPool3d(x, 2, 2, 'same');\n`, 0, 'javascript');
    expect(refusal).toBe('The BlurPool module has nothing that takes the place of tf.maxPool3d.');
  });
});
