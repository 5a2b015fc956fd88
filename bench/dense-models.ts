import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodePng, Image } from 'image-js';
import { seededRandom } from '../src/core/consistency/random';
import { elementType } from '../src/core/formats/onnx/wire/schema';
import { encodeModel, encodeNode, encodeTensor, encodeValueInfo } from '../src/core/formats/onnx/wire/write';
import type { ImageFile } from '../src/engine/protocol/classifying';

/** Images of the models: little to run, so that a recovery takes seconds and what it moves is nearly all of its work. */
const side = 14;
const channels = 512;
const features = channels * (side / 2) ** 2;

/** Nearly all weights behind the one layer that is fixed: a convolution, a max-pool and a dense layer of about so many bytes. */
export function writeDenseOnnx(file: string, bytes: number): void {
  const outputs = outputsOf(bytes);
  const tensor = (name: string, dims: readonly number[], values: Float32Array): Uint8Array =>
    encodeTensor({ name, dims, dataType: elementType.float, rawData: new Uint8Array(values.buffer) });
  const model = encodeModel({
    irVersion: 8,
    producerName: 'shiftlint-bench',
    opsets: { '': 17 },
    nodes: [
      encodeNode({ opType: 'Conv', inputs: ['image', 'kernel'], outputs: ['map'], attributes: { pads: { ints: [1, 1, 1, 1] } } }),
      encodeNode({ opType: 'Relu', inputs: ['map'], outputs: ['positive'] }),
      encodeNode({
        opType: 'MaxPool',
        inputs: ['positive'],
        outputs: ['pooled'],
        attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
      }),
      encodeNode({ opType: 'Flatten', inputs: ['pooled'], outputs: ['row'] }),
      encodeNode({ opType: 'Gemm', inputs: ['row', 'dense'], outputs: ['scores'] }),
    ],
    initializers: [
      tensor('kernel', [channels, 3, 3, 3], noise(channels * 27)),
      tensor('dense', [features, outputs], noise(features * outputs)),
    ],
    inputs: [encodeValueInfo('image', elementType.float, [null, 3, side, side])],
    outputs: [encodeValueInfo('scores', elementType.float, [null, outputs])],
  });
  writeFileSync(file, model);
}

/** The same network as a layers-model: `model.json` and its one file of weights. */
export function writeDenseLayers(folder: string, bytes: number): void {
  const outputs = outputsOf(bytes);
  const layer = (class_name: string, config: object): object => ({ class_name, config });
  const layers = [
    layer('Conv2D', {
      name: 'conv',
      filters: channels,
      kernel_size: [3, 3],
      padding: 'same',
      activation: 'relu',
      use_bias: false,
      batch_input_shape: [null, side, side, 3],
    }),
    layer('MaxPooling2D', { name: 'pool', pool_size: [2, 2], strides: [2, 2], padding: 'same' }),
    layer('Flatten', { name: 'flatten' }),
    layer('Dense', { name: 'dense', units: outputs, use_bias: false }),
  ];
  const weights = [
    { name: 'conv/kernel', shape: [3, 3, 3, channels], dtype: 'float32' },
    { name: 'dense/kernel', shape: [features, outputs], dtype: 'float32' },
  ];
  const modelTopology = { model_config: { class_name: 'Sequential', config: { name: 'net', layers } } };
  mkdirSync(folder, { recursive: true });
  const model = { format: 'layers-model', modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights }] };
  writeFileSync(path.join(folder, 'model.json'), JSON.stringify(model, null, 1));
  const values = [noise(channels * 27), noise(features * outputs)].map(({ buffer }) => new Uint8Array(buffer));
  writeFileSync(path.join(folder, 'weights.bin'), Buffer.concat(values));
}

/** Images of noise; the same ones for all models of one side. */
export function writeNoise(folder: string, count: number, side: number): readonly ImageFile[] {
  mkdirSync(folder, { recursive: true });
  return Array.from({ length: count }, (_, index): ImageFile => {
    const name = `${index}.png`;
    const random = seededRandom(0, name);
    const data = Uint8Array.from({ length: 3 * side ** 2 }, () => Math.floor(256 * random()));
    writeFileSync(path.join(folder, name), encodePng(new Image(side, side, { data })));
    return { name, path: path.join(folder, name), label: null };
  });
}

function outputsOf(bytes: number): number {
  return Math.round(bytes / 4 / features);
}

function noise(length: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, index) => Math.sin(index * 12.9898) * 0.1);
}
