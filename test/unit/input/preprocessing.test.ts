import { describe, expect, it } from 'vitest';
import { decodeModel } from '../../../src/core/formats/onnx/wire/proto';
import {
  encodeFloatTensor,
  encodeModel,
  encodeNode,
  encodeTensor,
  encodeValueInfo,
  type AttributeValue,
  type NodeParts,
} from '../../../src/core/formats/onnx/wire/write';
import {
  channelScale,
  choosePreprocessing,
  guessPreprocessing,
  parsePreprocessing,
  preprocessingPresets,
  preprocessingText,
} from '../../../src/core/input/preprocessing';
import type { ModelGraph } from '../../../src/core/graph/model-graph';
import { preprocess } from '../../../src/engine/input/input';
import { floatTensor, model, read } from '../onnx/models';

function graphOf(producer: string, shape: readonly number[], firstOp: string, metadata: Readonly<Record<string, string>> = {}): ModelGraph {
  return {
    format: 'onnx',
    producer,
    metadata: new Map(Object.entries(metadata)),
    layout: 'channels-first',
    inputs: ['image'],
    outputs: ['out'],
    layers: [{ name: 'first', op: firstOp, inputs: ['image'], outputs: ['out'], operation: { kind: 'pointwise' } }],
    tensors: new Map([['image', { name: 'image', shape }]]),
  } as unknown as ModelGraph;
}

describe('guessing how pixels are given', () => {
  it.each([
    { producer: 'pytorch 2.4.0', shape: [1, 3, 224, 224], op: 'Conv', name: 'imagenet' },
    { producer: 'pytorch 2.4.0', shape: [1, 3, 32, 32], op: 'Conv', name: 'unit' },
    { producer: 'pytorch 2.4.0', shape: [1, 1, 224, 224], op: 'Conv', name: 'unit' },
    { producer: 'keras 3.0', shape: [1, 3, 224, 224], op: 'Conv', name: 'unit' },
    { producer: 'keras 3.0', shape: [1, 3, 224, 224], op: 'Rescaling', name: 'bytes' },
    { producer: 'pytorch 2.4.0', shape: [1, 3, 224, 224], op: 'Sub', name: 'bytes' },
  ])('$producer, $shape, first $op: $name', ({ producer, shape, op, name }) => {
    const guess = guessPreprocessing(graphOf(producer, shape, op));
    expect(guess.name).toBe(name);
    expect(guess.reason).not.toBe('');
  });
});

describe('models of less precise numbers', () => {
  const guessed = async (type: number, nodes: readonly NodeParts[]): Promise<string> => {
    const scales = [
      encodeFloatTensor('scale', [], [0.02]),
      encodeTensor({ name: 'zero', dims: [], dataType: 2, rawData: Uint8Array.of(9) }),
    ];
    const bytes = model({
      nodes: [...nodes.map(encodeNode), encodeNode({ opType: 'Conv', inputs: ['x', 'w'], outputs: ['y'] })],
      inputs: [encodeValueInfo('image', type, [1, 3, 32, 32])],
      outputs: [encodeValueInfo('y')],
      initializers: [floatTensor('w', [2, 3, 3, 3], 1), ...scales],
    });
    return guessPreprocessing(await read(bytes)).name;
  };
  const to = (type: number): Record<string, AttributeValue> => ({ to: { int: type } });

  it('bring the image into their own numbers, which scales nothing', async () => {
    expect(await guessed(1, [{ opType: 'Cast', inputs: ['image'], outputs: ['x'], attributes: to(10) }])).toBe('unit');
    const quantised = [
      { opType: 'QuantizeLinear', inputs: ['image', 'scale', 'zero'], outputs: ['q'] },
      { opType: 'DequantizeLinear', inputs: ['q', 'scale', 'zero'], outputs: ['x'] },
    ];
    expect(await guessed(1, quantised)).toBe('unit');
    expect(
      await guessed(1, [
        { opType: 'Cast', inputs: ['image'], outputs: ['h'], attributes: to(10) },
        { opType: 'Div', inputs: ['h', 'scale'], outputs: ['x'] },
      ]),
    ).toBe('bytes');
  });

  it('that take whole numbers take bytes', async () => {
    expect(await guessed(2, [{ opType: 'Cast', inputs: ['image'], outputs: ['x'], attributes: to(1) }])).toBe('bytes');
    expect(await guessed(2, [{ opType: 'DequantizeLinear', inputs: ['image', 'scale', 'zero'], outputs: ['x'] }])).toBe('bytes');
  });
});

describe("what the model's metadata says", () => {
  it.each([
    { metadata: { 'Image.NominalPixelRange': 'NominalRange_0_255' }, name: 'bytes' },
    { metadata: { 'Image.NominalPixelRange': 'NominalRange_0_255', 'Image.BitmapPixelFormat': 'Bgr8' }, name: 'bytes-bgr' },
    { metadata: { 'Image.NominalPixelRange': 'Normalized_1_1' }, name: 'symmetric' },
    { metadata: { author: 'Ultralytics' }, name: 'unit' },
  ])('$metadata: $name', ({ metadata, name }) => {
    expect(guessPreprocessing(graphOf('pytorch 2.4.0', [1, 3, 224, 224], 'Conv', metadata)).name).toBe(name);
  });

  it('is read from an ONNX file', () => {
    const metadata = { 'Image.NominalPixelRange': 'Normalized_0_1', other: '' };
    const bytes = encodeModel({ irVersion: 8, opsets: { '': 13 }, nodes: [], inputs: [], outputs: [], metadata });
    expect(Object.fromEntries(decodeModel(bytes, 'm.onnx').metadata)).toEqual(metadata);
  });
});

describe('numbers of the user', () => {
  it.each([
    { text: 'caffe', wanted: 'caffe' },
    { text: 'bgr:0.5,0.25:0.5', wanted: { channelOrder: 'bgr', mean: [0.5, 0.25], deviation: [0.5] } },
    { text: 'RGB:0:1', wanted: { channelOrder: 'rgb', mean: [0], deviation: [1] } },
    { text: 'rgb:0:0', wanted: undefined },
    { text: 'rgb:0:', wanted: undefined },
    { text: 'rgb:0,x:1', wanted: undefined },
    { text: 'hsv:0:1', wanted: undefined },
    { text: 'rgb:0:1:2', wanted: undefined },
    { text: '', wanted: undefined },
  ] as const)('"$text" is $wanted', ({ text, wanted }) => {
    const parsed = parsePreprocessing(text);
    expect(parsed).toEqual(wanted);
    if (parsed !== undefined) expect(preprocessingText(parsed)).toBe(text.toLowerCase());
  });

  it('win over the guess and need no reason', () => {
    const graph = graphOf('pytorch 2.4.0', [1, 3, 224, 224], 'Conv');
    expect(choosePreprocessing(graph, { channelOrder: 'bgr', mean: [0], deviation: [2] })).toMatchObject({ name: 'bgr:0:2', reason: '' });
    expect(choosePreprocessing(graph)).toMatchObject({ name: 'imagenet', preprocessing: preprocessingPresets.imagenet });
  });
});

describe('the presets', () => {
  /** One pixel: red 1, green 0.5, blue 0. */
  const pixel = [1, 0.5, 0].map((value) => ({ height: 1, width: 1, data: Float32Array.of(value) }));
  it.each([
    { name: 'unit', values: [1, 0.5, 0] },
    { name: 'symmetric', values: [1, 0, -1] },
    { name: 'imagenet', values: [(1 - 0.485) / 0.229, (0.5 - 0.456) / 0.224, -0.406 / 0.225] },
    { name: 'bytes', values: [255, 127.5, 0] },
    { name: 'bytes-bgr', values: [0, 127.5, 255] },
    { name: 'caffe', values: [-103.939, 127.5 - 116.779, 255 - 123.68] },
  ] as const)('$name', ({ name, values }) => {
    const given = preprocess(pixel, preprocessingPresets[name]).map(({ data }) => data[0] ?? Number.NaN);
    values.forEach((value, channel) => {
      expect(given[channel]).toBeCloseTo(value, 4);
    });
  });

  it('the last entry stands for further channels', () => {
    expect(channelScale({ channelOrder: 'rgb', mean: [0.5], deviation: [0.25] }, 2)).toEqual({ factor: 4, offset: -2 });
  });
});
