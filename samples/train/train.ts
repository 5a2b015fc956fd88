import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodePng, Image } from 'image-js';
import { loadTensorFlow } from '../../src/engine/runtimes/tfjs/runtime';
import { exportOnnx } from './export-onnx';
import { shapesNetwork } from './network';
import { seededRandom } from './random';
import { classNames, drawShape, drawShapes, side } from './shapes';
import { registerFilterGradient } from './wasm-training';

/** Trains the sample network and writes it in both formats with a few input images. See README.md beside this file. */

const trainingImages = 9000;
const testImages = 1200;
const epochs = 10;
const batchSize = 60;
const folder = 'samples';

async function main(): Promise<void> {
  const { tf, backend } = await loadTensorFlow();
  if (tf.getBackend() === 'wasm') registerFilterGradient(tf);
  console.log(`training on ${backend}`);
  const load = (count: number, seed: number) => {
    const { images, classes } = drawShapes(count, seed);
    return {
      images: tf.tensor4d(images, [count, side, side, 3]),
      classes: tf.oneHot(tf.tensor1d(classes, 'int32'), classNames.length).toFloat(),
    };
  };
  const training = load(trainingImages, 1);
  const test = load(testImages, 2);
  const model = shapesNetwork(tf);
  for (let epoch = 0; epoch < epochs; epoch++) {
    // A falling rate lets the weights settle; the data is in random order already, so no shuffling is needed.
    model.compile({ optimizer: tf.train.adam(0.004 * 0.7 ** epoch), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    const { history } = await model.fit(training.images, training.classes, { batchSize, epochs: 1, shuffle: false });
    const [, accuracy] = model.evaluate(test.images, test.classes, { batchSize: 200 }) as { dataSync(): Float32Array }[];
    console.log(
      `epoch ${epoch + 1}: loss ${Number(history['loss']?.[0]).toFixed(4)}, test accuracy ${accuracy?.dataSync()[0]?.toFixed(4) ?? ''}`,
    );
  }
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      const target = path.join(folder, 'shapes-tfjs');
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
  writeFileSync(path.join(folder, 'shapes.onnx'), exportOnnx(model));
  writeImages();
}

/** One image of every class, drawn apart from training and test. */
function writeImages(): void {
  const random = seededRandom(3);
  mkdirSync(path.join(folder, 'images'), { recursive: true });
  classNames.forEach((name, kind) => {
    const data = Uint8Array.from(drawShape(kind, random), (value) => Math.round(value * 255));
    writeFileSync(path.join(folder, 'images', `${name}.png`), encodePng(new Image(side, side, { data })));
  });
}

void main();
