import { expect, test } from 'vitest';
import { equivarianceAt, referenceMap } from '../../../src/core/equivariance/measure/closed-form';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { measureEquivariance } from '../../../src/core/equivariance/walk/polyphase';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import { payloadSource } from '../../../src/engine/input/source';
import { readModel } from '../../../src/engine/input/read-model';
import { randomNumbers } from '../equivariance/brute-force';
import { runShifted } from '../equivariance/every-shift';
import { inMemory } from './measuring';
import { NetworkBuilder } from './network-builder';

/** An image of more shifts than a tail is run for, with a map and a vector behind a positional embedding. */
function model() {
  const net = new NetworkBuilder();
  const pooled = net.maxPool(net.convolution('image', { from: 1, to: 2 }, { kernel: [3, 3], pads: [1, 1, 1, 1] }), {
    kernel: [2, 2],
    stride: [2, 2],
  });
  const map = net.maxPool(net.embed(pooled, [2, 36, 36]), { kernel: [2, 2], stride: [2, 2] });
  return inMemory(net.build([1, 72, 72], map, net.dense(net.node('Flatten', [map]), 2 * 18 * 18, 5)));
}

test('a tail of many shifts is run for a lattice of them, where it equals the model run for each', async () => {
  const payload = model();
  const { graph } = await onnxFormat.open(payloadSource(payload));
  const plan = planMeasurement(graph);
  const circular = await (await createOnnxEngine()).openCircular(await readModel(payload), plan);
  const image = { data: randomNumbers(72 * 72, 5), dims: [1, 1, 72, 72] };
  const measured = await measureEquivariance({ plan, graph, model: circular }, image, {
    metric: 'flat',
    memoryBudgetBytes: 2 ** 26,
    cancellation: { cancelled: false },
  });
  const heatmap = measured!.heatmaps.at(-1)!;
  const output = measured!.output;
  if ('reason' in output) throw new Error(output.reason);
  expect(heatmap.layer).toMatchObject({ op: 'MaxPool', step: [3, 3], period: [72, 72] });
  expect([heatmap.tile.length, output.tile.length]).toEqual([24 * 24, 24 * 24 * 5]);

  const geometry = { layout: graph.layout, channels: 2, size: [18, 18] as const };
  const unshifted = await runShifted(plan, circular, image, graph.layout, [0, 0]);
  const reference = referenceMap(unshifted.get(heatmap.layer.tensor)!.data, geometry, 'flat');
  for (const [row, column] of [
    [0, 0],
    [0, 1],
    [5, 0],
    [7, 11],
    [13, 22],
    [23, 23],
  ] as const) {
    const shift = [row * 3, column * 3] as const;
    const shifted = await runShifted(plan, circular, image, graph.layout, shift);
    const at = row * 24 + column;
    expect(heatmap.tile[at]).toBeCloseTo(equivarianceAt(reference, shifted.get(heatmap.layer.tensor)!.data, shift, [4, 4]), 5);
    shifted.get(plan.output.ok ? plan.output.tensor : '')!.data.forEach((value, index) => {
      expect(output.tile[at * 5 + index]).toBeCloseTo(value, 4);
    });
  }
  await circular.dispose();
});
