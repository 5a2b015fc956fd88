import { describe, expect, it } from 'vitest';
import { placeShifts } from '../../../src/core/equivariance/measure/deployed';
import type { AxisPair } from '../../../src/core/graph/model-graph';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import type { InputSpec } from '../../../src/engine/protocol/payload';
import { readModel } from '../../../src/engine/input/read-model';
import { overlapByDefinition, randomNumbers } from '../equivariance/brute-force';
import { inMemory } from './measuring';
import { NetworkBuilder } from './network-builder';
import { serve } from './serving';

const size: AxisPair = [14, 11];
const channels = 2;

/** A network whose maps neither divide the image nor wrap: VALID layers, zero padding, a stride on an odd size. */
function network() {
  const net = new NetworkBuilder();
  const first = net.node('Relu', [net.convolution('image', { from: 2, to: 3 }, { kernel: [3, 3] })]);
  const pooled = net.maxPool(first, { kernel: [3, 3], stride: [2, 2] });
  return inMemory(net.build([2, ...size], net.convolution(pooled, { from: 3, to: 4 }, { kernel: [3, 3], pads: [1, 1, 1, 1] })));
}

const image = randomNumbers(channels * size[0] * size[1], 5);
const input: InputSpec = { kind: 'tensor', shape: [1, channels, ...size], data: image };

/** The image moved by a shift, mirrored at its edges, taken pixel by pixel. */
function moved([down, right]: AxisPair): Float32Array {
  const mirror = (index: number, length: number): number => {
    const turned = Math.abs(index) % (2 * length - 2);
    return Math.min(turned, 2 * length - 2 - turned);
  };
  return Float32Array.from({ length: image.length }, (_, place) => {
    const [x, y, channel] = [place % size[1], Math.floor(place / size[1]) % size[0], Math.floor(place / size[0] / size[1])];
    return image[(channel * size[0] + mirror(y - down, size[0])) * size[1] + mirror(x - right, size[1])] ?? 0;
  });
}

async function measure(
  options: { readonly pattern: 'grid' | 'diagonal'; readonly metric: 'flat' | 'channel'; readonly memoryBudgetBytes?: number },
  cancelAt?: number,
) {
  const wanted = { memoryBudgetBytes: 2 ** 30, largest: 3, step: 1, ...options };
  const { result } = await serve('measure-deployed', { model: network(), input, options: wanted }, cancelAt);
  return result?.measurement;
}

describe('the deployed protocol', () => {
  it.each([
    { pattern: 'grid', metric: 'flat' },
    { pattern: 'grid', metric: 'channel' },
    { pattern: 'diagonal', metric: 'flat' },
    { pattern: 'grid', metric: 'flat', memoryBudgetBytes: 1 },
  ] as const)('equals the model run on every crop: $pattern, $metric', async (options) => {
    const measurement = await measure(options);
    if (measurement === undefined) throw new Error('nothing was measured');
    const { heatmaps, placed } = measurement;
    expect(heatmaps.map(({ op, size: map }) => [op, ...map])).toEqual([
      ['Conv', 12, 9],
      ['Relu', 12, 9],
      ['MaxPool', 5, 4],
      ['Conv', 5, 4],
    ]);
    expect(placed).toEqual(placeShifts({ pattern: options.pattern, largest: [3, 3], step: 1 }));
    const last = heatmaps.at(-1);
    const engine = await createOnnxEngine();
    const run = async (shift: AxisPair): Promise<Float32Array> => {
      const [output] = await engine.run(
        await readModel(network()),
        new Map([['image', { data: moved(shift), dims: [1, channels, ...size] }]]),
      );
      return output?.data ?? new Float32Array();
    };
    const unshifted = await run([0, 0]);
    for (const [index, shift] of placed.shifts.entries()) {
      const expected = overlapByDefinition(
        unshifted,
        await run(shift),
        { layout: 'channels-first', channels: 4, size: [5, 4] },
        size,
        shift,
        options.metric,
      );
      expect(last?.values[index]).toBeCloseTo(expected, 5);
    }
    expect(last?.mean).toBeCloseTo((last?.values ?? new Float32Array()).reduce((sum, value) => sum + value, 0) / placed.shifts.length, 6);
    expect(last?.min).toBeLessThan(0.99);
  });

  it('stops when it is cancelled', async () => {
    expect(await measure({ pattern: 'grid', metric: 'flat' }, 0)).toBeUndefined();
  });
});
