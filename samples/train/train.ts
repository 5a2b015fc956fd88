import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../src/engine/runtimes/tfjs/runtime';
import { exportOnnx } from './export-onnx';
import { recipes, type Recipe } from './networks';
import { classNames, drawShapes, side } from './shapes';
import { registerDepthwiseGradients } from './wasm-depthwise';
import { registerFilterGradient } from './wasm-training';
import { writeImages } from './write-images';

/** Trains a network on drawn shapes and writes it in both formats. See README.md beside this file. */

type TensorFlow = typeof import('@tensorflow/tfjs');

const testImages = 1200;

/** Of the drawings: training starts at 1, and epochs that draw anew lie this far apart. */
const seeds = { training: 1, test: 2, apart: 1000 };

/** Images and their classes, one-hot. */
interface Drawings {
  readonly [name: string]: Tensor;
  readonly images: Tensor;
  readonly classes: Tensor;
}

async function main(): Promise<void> {
  const { recipe, folder, onlyImages } = wanted();
  if (recipe.writesImages) writeImages(path.join(folder, 'images'));
  if (onlyImages) return;
  const { tf, backend } = await loadTensorFlow();
  if (tf.getBackend() === 'wasm') {
    registerFilterGradient(tf);
    registerDepthwiseGradients(tf);
  }
  console.log(`training on ${backend}`);
  const model = recipe.build(tf);
  await train(tf, model, recipe);
  mkdirSync(folder, { recursive: true });
  await saveLayersModel(tf, model, path.join(folder, `${recipe.fileName}-tfjs`));
  writeFileSync(path.join(folder, `${recipe.fileName}.onnx`), exportOnnx(model));
}

/** What the command line asks for: `[--network NAME] [--only-images] [-o FOLDER]`. */
function wanted(): { readonly recipe: Recipe; readonly folder: string; readonly onlyImages: boolean } {
  const { values } = parseArgs({
    options: {
      network: { type: 'string', default: 'plain' },
      'only-images': { type: 'boolean', default: false },
      output: { type: 'string', short: 'o' },
    },
  });
  const recipe = new Map<string, Recipe>(Object.entries(recipes)).get(values.network);
  if (recipe === undefined) throw new Error(`--network takes ${Object.keys(recipes).join(' or ')}, not "${values.network}".`);
  return { recipe, folder: values.output ?? recipe.folder, onlyImages: values['only-images'] };
}

async function train(tf: TensorFlow, model: LayersModel, recipe: Recipe): Promise<void> {
  const test = load(tf, testImages, seeds.test);
  let training: Drawings | undefined;
  for (let epoch = 0; epoch < recipe.epochs; epoch++) {
    if (recipe.drawsAnew) tf.dispose(training ?? {});
    if (training === undefined || recipe.drawsAnew) training = load(tf, recipe.trainingImages, seeds.training + epoch * seeds.apart);
    const loss = await runEpoch(tf, model, training, recipe, epoch);
    const [, accuracy] = model.evaluate(test.images, test.classes, { batchSize: 200 }) as { dataSync(): Float32Array }[];
    console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(4)}, test accuracy ${accuracy?.dataSync()[0]?.toFixed(4) ?? ''}`);
  }
}

/** A falling rate lets the weights settle; the data is in random order already, so no shuffling is needed. */
async function runEpoch(tf: TensorFlow, model: LayersModel, training: Drawings, recipe: Recipe, epoch: number): Promise<number> {
  const { batchSize, learningRate, decay } = recipe;
  model.compile({ optimizer: tf.train.adam(learningRate * decay ** epoch), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const { history } = await model.fit(training.images, training.classes, { batchSize, epochs: 1, shuffle: false });
  return Number(history['loss']?.[0]);
}

function load(tf: TensorFlow, count: number, seed: number): Drawings {
  const { images, classes } = drawShapes(count, seed);
  return {
    images: tf.tensor4d(images, [count, side, side, 3]),
    classes: tf.oneHot(tf.tensor1d(classes, 'int32'), classNames.length).toFloat(),
  };
}

async function saveLayersModel(tf: TensorFlow, model: LayersModel, target: string): Promise<void> {
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      mkdirSync(target, { recursive: true });
      const json = {
        format: 'layers-model',
        generatedBy: `TensorFlow.js tfjs-layers v${tf.version_layers}`,
        modelTopology: artifacts.modelTopology,
        weightsManifest: [{ paths: ['weights.bin'], weights: artifacts.weightSpecs }],
      };
      writeFileSync(path.join(target, 'model.json'), `${JSON.stringify(json, null, 2)}\n`);
      writeFileSync(path.join(target, 'weights.bin'), new Uint8Array(tf.io.CompositeArrayBuffer.join(artifacts.weightData)));
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } });
    }),
  );
}

void main();
