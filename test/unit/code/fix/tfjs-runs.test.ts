import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allFixed, findingsOf, fixed } from './fixing';
import { load, resultOf } from './running';

const head = `import * as tf from '@tensorflow/tfjs';\n`;

const programs: Readonly<Record<string, string>> = {
  sequential: `${head}
export const inputShape = [1, 33, 32, 3];
export function build() {
  const model = tf.sequential();
  model.add(tf.layers.conv2d({inputShape: [33, 32, 3], filters: 4, kernelSize: 3, strides: 2, activation: 'relu'}));
  model.add(tf.layers.conv2d({filters: 4, kernelSize: 3, strides: 2, padding: 'same'}));
  model.add(tf.layers.reLU());
  model.add(tf.layers.maxPooling2d({poolSize: 2, strides: 2, padding: 'same'}));
  model.add(tf.layers.averagePooling2d({poolSize: [2, 1]}));
  model.add(tf.layers.flatten());
  return model;
}
`,
  functional: `${head}
export const inputShape = [1, 32, 30, 3];
const block = (x: tf.SymbolicTensor, filters: number, strides = 1): tf.SymbolicTensor => {
  const shortcut = tf.layers.conv2d({ filters, kernelSize: 1, strides }).apply(x) as tf.SymbolicTensor;
  let y = tf.layers.depthwiseConv2d({ kernelSize: 3, strides, padding: 'same' }).apply(x);
  y = tf.layers.batchNormalization().apply(y);
  y = tf.layers.reLU().apply(y);
  y = tf.layers.conv2d({ filters, kernelSize: 1 }).apply(y) as tf.SymbolicTensor;
  return tf.layers.add().apply([y as tf.SymbolicTensor, shortcut]) as tf.SymbolicTensor;
};
export function build(): tf.LayersModel {
  const input = tf.input({ shape: [32, 30, 3] });
  const stem = tf.layers.conv2d({ filters: 4, kernelSize: 7, strides: 2, padding: 'same' }).apply(input) as tf.SymbolicTensor;
  const pooled = tf.layers.maxPooling2d({ poolSize: 3, strides: 2 }).apply(stem) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: block(block(pooled, 4), 8, 2) });
}
`,
  operations: `${head}
export const inputShape = [1, 33, 30, 2];
export const build = () => (x: tf.Tensor4D) => {
  const w = tf.ones<tf.Rank.R4>([3, 3, 2, 2]);
  let y = tf.relu(tf.conv2d(x, w, 2, 'same'));
  y = tf.maxPool(y, 2, 2, 'valid');
  return y.conv2d(w, [2, 2], 'same').relu().avgPool([2, 2], [2, 2], 'same').maxPool(2, 1, 'same');
};
`,
};

const corpus = fileURLToPath(new URL('../../../fixtures/code/tfjs', import.meta.url));

/** Sources of the corpus that give a model; the others are read, not run. */
const sources = readdirSync(corpus)
  .filter((name) => /\.(?:[cm]?js|tsx?)$/.test(name))
  .map((name) => [name, readFileSync(path.join(corpus, name), 'utf8'), /\.tsx?$/.test(name) ? 'typescript' : 'javascript'] as const)
  .filter(([, source]) => /\bbuild\b/.test(source) && /\b(?:const|let) inputShape\b/.test(source));

async function expectSameResults(source: string, language: 'javascript' | 'typescript'): Promise<void> {
  const loader = language === 'typescript' ? 'ts' : 'js';
  const expected = await resultOf(await load(source, loader));
  const findings = await findingsOf(source, language);
  expect(findings.length).toBeGreaterThan(0);
  for (const [index, { callee }] of findings.entries()) {
    const { text, title, fix } = await fixed(source, index, language);
    if (fix === null) continue;
    expect(await resultOf(await load(text, loader)), `${callee}: ${title}`).toEqual(expected);
  }
  const { text } = await allFixed(source, language);
  expect(await resultOf(await load(text, loader))).toEqual(expected);
}

describe('every fix of a program of TensorFlow.js leaves shapes and weights as they were', () => {
  it.each(Object.entries(programs))('%s', (_name, source) => expectSameResults(source, 'typescript'));

  it.each(sources)('corpus: %s', (_name, source, language) => expectSameResults(source, language));
});
