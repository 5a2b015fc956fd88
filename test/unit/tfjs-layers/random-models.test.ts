import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import { editsTakenBack, patched, sourceOf, type MemoryModel } from '../tfjs-files';
import { loadModel, saveModel } from './memory-model';

type Layer = tf.layers.Layer;
type Tensor = tf.SymbolicTensor;

const seeds = Array.from({ length: 250 }, (_, index) => index + 1);
const counts = { plans: 0, shared: 0, nested: 0, refused: 0 };

/** Numbers from 0 up to a limit, the same for a seed whatever the machine. */
function dice(seed: number): (limit: number) => number {
  let state = seed * 2654435761;
  return (limit) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
    return (state >>> 8) % limit;
  };
}

/** Builds layers on two channels; some are used again and again. */
class Workshop {
  private count = 0;
  private readonly used: Layer[] = [];

  constructor(
    private readonly prefix: string,
    private readonly roll: (limit: number) => number,
  ) {}

  layer(isOpen: boolean): Layer {
    if (this.used.length > 0 && this.roll(3) === 0) return this.used[this.roll(this.used.length)]!;
    const layer = this.make(isOpen);
    this.used.push(layer);
    return layer;
  }

  /** SAME windows of a stride need a size; models for maps of any size do without. */
  private make(isOpen: boolean): Layer {
    const name = `${this.prefix}layer${this.count++}`;
    const padding = isOpen || this.roll(2) === 0 ? 'valid' : 'same';
    const kernelSize = 1 + this.roll(3);
    const strides = 1 + this.roll(3);
    switch (this.roll(7)) {
      case 0:
        return tf.layers.maxPooling2d({ name, poolSize: kernelSize, strides, padding });
      case 1:
        return tf.layers.conv2d({ name, filters: 2, kernelSize, strides, padding, biasInitializer: 'randomNormal' });
      case 2:
        return tf.layers.conv2d({ name, filters: 2, kernelSize, strides: [1 + this.roll(2), strides], padding, activation: 'relu' });
      case 3:
        return tf.layers.depthwiseConv2d({ name, kernelSize, strides, padding });
      case 4:
        return tf.layers.batchNormalization({ name, betaInitializer: 'randomNormal' });
      case 5:
        return tf.layers.zeroPadding2d({
          name,
          padding: [
            [0, 1],
            [1, 0],
          ],
        });
      default:
        return tf.layers.reLU({ name });
    }
  }
}

function grow(tensors: Tensor[], roll: (limit: number) => number, layerFor: () => Layer, steps: number, prefix: string): void {
  for (let step = 0; step < steps; step++) {
    const input = tensors[Math.max(0, tensors.length - 1 - roll(3))]!;
    const [, height, width] = input.shape;
    if ((height ?? 9) < 5 || (width ?? 9) < 5) continue;
    const twin = tensors.find((tensor) => tensor !== input && tensor.shape.join() === input.shape.join() && tensor.shape[1] !== null);
    const joins = twin !== undefined && roll(4) === 0;
    tensors.push((joins ? tf.layers.add({ name: `${prefix}add${step}` }).apply([input, twin]) : layerFor().apply(input)) as Tensor);
  }
}

function randomModel(seed: number): tf.LayersModel {
  const roll = dice(seed);
  const models: tf.LayersModel[] = [];
  // TensorFlow.js does not load a model that stands at two depths.
  const isNestedTwice = roll(2) === 0;
  for (let index = 0; index < 2; index++) {
    const inside = new Workshop(`m${index}_`, roll);
    const open = tf.input({ shape: [null, null, 2], name: `open${index}` });
    const tensors = [open];
    grow(tensors, roll, () => (index > 0 && isNestedTwice && roll(3) === 0 ? models[0]! : inside.layer(true)), 4, `m${index}_`);
    models.push(tf.model({ name: `model${index}`, inputs: open, outputs: tensors.at(-1)! }));
  }
  const own = new Workshop('', roll);
  const image = tf.input({ shape: [19 + roll(6), 19 + roll(6), 2], name: 'image' });
  const tensors = [image];
  grow(tensors, roll, () => (roll(4) === 0 ? models[isNestedTwice ? 1 : roll(2)]! : own.layer(false)), 12, 'top_');
  return tf.model({
    inputs: image,
    outputs: [...new Set(tensors.slice(1).filter((tensor, index) => index % 4 === 3 || tensor === tensors.at(-1)))],
  });
}

async function fixAll(model: MemoryModel, name: BlurFilterName) {
  const source = sourceOf(model);
  const findings = lintGraph(await tfjsLayersFormat.open(source), { filter: blurFilter(name) });
  const plans = findings.flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
  const patch = await (await tfjsLayersFormat.open(source)).patch(plans);
  if (patch.kind !== 'text') throw new Error('A layers-model is patched as text.');
  expect(patch.outcomes.filter(({ ok }) => !ok)).toEqual([]);
  return { plans, refused: findings.length - plans.length, patch, fixed: patched(model, patch) };
}

const outputsOf = (model: tf.LayersModel, image: tf.Tensor): tf.Tensor[] => [model.predict(image)].flat();

describe(`random models of shared layers and models within models (${seeds.length} seeds)`, () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each(seeds)('seed %i', async (seed) => {
    const original = await saveModel(randomModel(seed));
    // TensorFlow.js may number the calls of a shared layer, and so the outputs, otherwise when it loads.
    const model = await loadModel(original);
    const image = tf.randomNormal([1, ...(model.inputs[0]!.shape.slice(1) as number[])], 0, 1, 'float32', seed);
    const expected = outputsOf(model, image);
    const identity = await fixAll(original, 'identity');
    const actual = outputsOf(await loadModel(identity.fixed), image);
    actual.forEach((tensor, index) => {
      expect(tensor.shape).toEqual(expected[index]!.shape);
      expect(tensor.size === 0 ? 0 : tensor.sub(expected[index]!).abs().max().dataSync()[0]!).toBeLessThan(1e-5);
    });
    const { plans, refused, patch, fixed } = await fixAll(original, 'tri-3');
    expect(outputsOf(await loadModel(fixed), image).map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
    expect(editsTakenBack(fixed.text, patch.edits, original.text)).toBe(original.text);
    const done = new Set(patch.outcomes.filter(({ ok }) => ok).map(({ layer }) => layer));
    const left = lintGraph(await tfjsLayersFormat.open(sourceOf(fixed)));
    expect(left.filter(({ layer, rule }) => rule !== 'weak-blur' && done.has(layer.replace(/ \(call \d+\)$/, '')))).toEqual([]);
    counts.plans += done.size;
    counts.refused += refused;
    counts.shared += plans.filter(({ furtherCalls }) => furtherCalls.length > 0).length;
    counts.nested += plans.filter(({ layer }) => layer.includes('/')).length;
    tf.disposeVariables();
  });

  it('meet every kind of plan', () => {
    console.log(`Random layers-models: ${JSON.stringify(counts)}.`);
    expect(Math.min(counts.plans, counts.shared, counts.nested)).toBeGreaterThan(10);
    expect(counts.refused).toBeGreaterThan(0);
  });
});
