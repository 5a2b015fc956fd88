import { describe, expect, it } from 'vitest';
import { elementType } from '../../../src/core/formats/onnx/wire/schema';
import type { InputSpec } from '../../../src/engine/protocol/payload';
import { randomNumbers } from '../equivariance/brute-force';
import { inMemory } from './measuring';
import { NetworkBuilder } from './network-builder';
import { answer } from './serving';

const size = 8;

/** A picture and a mask, and a whole number that is held; scores and a map. */
function network() {
  const net = new NetworkBuilder();
  const window = { kernel: [3, 3], stride: [2, 2], pads: [1, 1, 1, 1] };
  const map = net.node('Add', [
    net.convolution('image', { from: 3, to: 4 }, window),
    net.convolution(net.input('mask', [1, size, size]), { from: 1, to: 4 }, window),
  ]);
  const step = net.node('Cast', [net.input('step', [1], elementType.int64)], { to: { int: elementType.float } });
  const pooled = net.node('Flatten', [net.node('GlobalMaxPool', [map])]);
  return inMemory(net.build([3, size, size], net.dense(net.concat(pooled, step), 5, 3), map));
}

const tensor: InputSpec = { kind: 'tensor', shape: [1, 4, size, size], data: randomNumbers(4 * size * size, 3) };

describe('a model of two images and a whole number', () => {
  it.each([
    ['the test pattern', { kind: 'pattern' }],
    ['a tensor of all their channels', tensor],
  ] satisfies [string, InputSpec][])('is measured on %s, and says what moves and what does not', async (_, input) => {
    const options = { metric: 'flat', memoryBudgetBytes: 2 ** 26 } as const;
    const { measurement } = await answer('measure', { model: network(), input, options });
    expect(measurement.notes).toEqual([
      'The images "image", "mask" move together. Each is given the same picture; a tensor holds their channels one behind the other.',
      'The input "step" of shape [1, 1] is no image: it is held at zeros.',
    ]);
    expect(measurement.heatmaps.map(({ layer }) => layer.op)).toEqual(['Conv', 'Conv', 'Add']);
    expect('reason' in measurement.output ? 0 : measurement.output.values).toBe(3);
  });

  it('is measured as deployed', async () => {
    const options = { metric: 'flat', memoryBudgetBytes: 2 ** 26, pattern: 'grid', largest: 2, step: 2 } as const;
    const { measurement } = await answer('measure-deployed', { model: network(), input: { kind: 'pattern' }, options });
    expect(measurement.placed.shifts.length).toBe(9);
    expect(measurement.heatmaps.map(({ op }) => op)).toEqual(['Conv', 'Conv', 'Add']);
    for (const { values } of measurement.heatmaps) expect(values[4]).toBeCloseTo(1, 6);
  });

  it('runs as it is, the number by its own type', async () => {
    const { outputs } = await answer('run', { model: network(), input: tensor });
    expect(outputs.map(({ dims }) => dims)).toEqual([
      [1, 3],
      [1, 4, size / 2, size / 2],
    ]);
  });

  it('refuses a tensor of one of the images', async () => {
    const input: InputSpec = { kind: 'tensor', shape: [1, 3, size, size], data: randomNumbers(3 * size * size, 3) };
    const options = { metric: 'flat', memoryBudgetBytes: 2 ** 26 } as const;
    await expect(answer('measure', { model: network(), input, options })).rejects.toThrow('[1, 4, height, width]');
  });
});
