import { describe, expect, it } from 'vitest';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import type { InputSpec, ModelPayload } from '../../../src/engine/protocol/payload';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { payloadSource } from '../../../src/engine/input/source';
import { randomNumbers } from '../equivariance/brute-force';
import { inMemory } from './measuring';
import { NetworkBuilder } from './network-builder';
import { answer } from './serving';

const length = 24;

/** The same network for signals, or for images of height 1; equal weights, since they depend on their number alone. */
function network(isSignal: boolean): ModelPayload {
  const axes = (value: number, missing: number): number[] => (isSignal ? [value] : [missing, value]);
  const pads = (amount: number): number[] => (isSignal ? [amount, amount] : [0, amount, 0, amount]);
  const net = new NetworkBuilder();
  const stem = net.convolution('image', { from: 2, to: 3 }, { kernel: axes(5, 1), stride: axes(2, 1), pads: pads(2) });
  const pooled = net.maxPool(net.node('Relu', [stem]), { kernel: axes(3, 1), stride: axes(2, 1), pads: pads(1) });
  return inMemory(net.build(isSignal ? [2, length] : [2, 1, length], pooled));
}

async function measured(isSignal: boolean, input: InputSpec) {
  const options = { metric: 'flat', memoryBudgetBytes: 2 ** 26 } as const;
  return (await answer('measure', { model: network(isSignal), input, options })).measurement;
}

const data = randomNumbers(2 * length, 3);
const signal: InputSpec = { kind: 'tensor', shape: [1, 2, length], data };

describe('a model of signals', () => {
  it.each([
    ['the same tensor', signal, { kind: 'tensor', shape: [1, 2, 1, length], data }],
    ['the test pattern', { kind: 'pattern' }, { kind: 'pattern' }],
  ] satisfies [string, InputSpec, InputSpec][])(
    'measures as the same model of images of height 1 does, on %s',
    async (_, asSignal, asImage) => {
      const [one, two] = [await measured(true, asSignal), await measured(false, asImage)];
      expect(one.heatmaps.map(({ layer }) => [layer.op, layer.size, layer.period])).toEqual([
        ['Conv', [1, 12], [1, 2]],
        ['Relu', [1, 12], [1, 2]],
        ['MaxPool', [1, 6], [1, 4]],
      ]);
      // The runtime may sum in another order for another rank.
      const differences = one.heatmaps.flatMap(({ tile }, index) =>
        [...tile].map((value, shift) => Math.abs(value - (two.heatmaps[index]?.tile[shift] ?? Number.NaN))),
      );
      expect(Math.max(...differences)).toBeLessThan(1e-6);
    },
  );

  it('is measured as deployed too', async () => {
    const options = { metric: 'flat', memoryBudgetBytes: 2 ** 26, pattern: 'grid', largest: 4, step: 2 } as const;
    const { measurement } = await answer('measure-deployed', { model: network(true), input: signal, options });
    expect(measurement.placed.shifts).toEqual([-4, -2, 0, 2, 4].map((x) => [0, x]));
    expect(measurement.heatmaps.length).toBe(3);
  });

  it('refuses a picture, and a tensor with a height', async () => {
    await expect(measured(true, { kind: 'image', path: 'a.png', bytes: new Uint8Array() })).rejects.toThrow(
      /takes signals, not images.*\[1, channels, length\]/,
    );
    await expect(measured(true, { kind: 'tensor', shape: [1, 2, 1, length], data })).rejects.toThrow('[1, 2, length]');
  });

  it('is refused by the planner unless it is described as one of images', async () => {
    const { graph } = await onnxFormat.open(payloadSource(network(true)));
    expect(() => planMeasurement(graph)).toThrow(/has shape/);
  });
});
