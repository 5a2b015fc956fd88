import { encodeModel, encodeNode, encodeValueInfo } from '../../src/core/formats/onnx/wire/write';

/** A model that leaves its image size open, in one of the formats. */
export interface OpenSizeModel {
  readonly format: 'onnx' | 'tfjs-layers' | 'tfjs-graph';
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/** One max-pool of 3x3 by 2 on images of one channel. Its padding is SAME: which fix it needs depends on the image's size. */
export const openSizeModels: readonly OpenSizeModel[] = [
  { format: 'onnx', fileName: 'open.onnx', bytes: onnxModel() },
  { format: 'tfjs-layers', fileName: 'model.json', bytes: json('layers-model', layersTopology()) },
  { format: 'tfjs-graph', fileName: 'model.json', bytes: json('graph-model', graphTopology()) },
];

function onnxModel(): Uint8Array {
  const attributes = { kernel_shape: { ints: [3, 3] }, strides: { ints: [2, 2] }, auto_pad: { text: 'SAME_UPPER' } };
  return encodeModel({
    irVersion: 8,
    opsets: { '': 17 },
    nodes: [encodeNode({ name: 'pool', opType: 'MaxPool', inputs: ['x'], outputs: ['y'], attributes })],
    inputs: [encodeValueInfo('x', 1, [1, 1, 'height', 'width'])],
    outputs: [encodeValueInfo('y', 1, [1, 1, 'h', 'w'])],
  });
}

function json(format: string, modelTopology: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ format, modelTopology, weightsManifest: [{ paths: [], weights: [] }] }, null, 1));
}

function layersTopology(): object {
  const pool = { name: 'pool', pool_size: [3, 3], strides: [2, 2], padding: 'same', data_format: 'channels_last' };
  const layers = [{ class_name: 'MaxPooling2D', config: { ...pool, batch_input_shape: [null, null, null, 1] } }];
  return { class_name: 'Sequential', config: { name: 'open', layers } };
}

function graphTopology(): object {
  const ints = (...values: readonly number[]): object => ({ list: { i: values.map(String) } });
  const bytes = (text: string): object => ({ s: Buffer.from(text).toString('base64') });
  const type = { type: 'DT_FLOAT' };
  const shape = { shape: { dim: [-1, -1, -1, 1].map((size) => ({ size: `${size}` })) } };
  const window = { ksize: ints(1, 3, 3, 1), strides: ints(1, 2, 2, 1), padding: bytes('SAME'), data_format: bytes('NHWC'), T: type };
  return {
    node: [
      { name: 'image', op: 'Placeholder', attr: { dtype: type, shape } },
      { name: 'pool', op: 'MaxPool', input: ['image'], attr: window },
    ],
  };
}
