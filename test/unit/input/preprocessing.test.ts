import { describe, expect, it } from 'vitest';
import { channelScale, guessPreprocessing, preprocessingPresets } from '../../../src/core/input/preprocessing';
import type { ModelGraph } from '../../../src/core/graph/model-graph';
import { preprocess } from '../../../src/engine/input/input';

function graphOf(producer: string, shape: readonly number[], firstOp: string): ModelGraph {
  return {
    format: 'onnx',
    producer,
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
    values.forEach((value, channel) => { expect(given[channel]).toBeCloseTo(value, 4); });
  });

  it('the last entry stands for further channels', () => {
    expect(channelScale({ channelOrder: 'rgb', mean: [0.5], deviation: [0.25] }, 2)).toEqual({ factor: 4, offset: -2 });
  });
});
