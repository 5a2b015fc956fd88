import { describe, expect, test } from 'vitest';
import { expandTile, type Measurement, type Metric } from '../../../src/core/equivariance/measure/measurement';
import { measureOnnx } from './measuring';
import { largestDifference, oracleArray, oracleModel } from './oracle';

const tolerance = 1e-4;
/** Relative to the largest logit: those of the ResNet reach 294, where float32 itself has steps of 3e-5. */
const logitTolerance = 1e-5;
const generous = 2 ** 30;
/** Holds F_0 and little more, so that every level runs in many chunks. */
const tiny = 700_000;

async function measure(
  model: string,
  input: string,
  metric: Metric,
  memoryBudgetBytes: number,
): Promise<{ measurement: Measurement; order: number[] }> {
  const { shape, data } = oracleArray(input);
  const order: number[] = [];
  const options = { metric, memoryBudgetBytes, onHeatmap: (index: number) => order.push(index) };
  const measurement = await measureOnnx(oracleModel(model), { data, dims: shape }, options);
  return { measurement: measurement!, order };
}

describe.each([
  { model: 'vgg_like', metric: 'flat', budget: generous, expected: 'heatmaps_flat' },
  { model: 'vgg_like', metric: 'flat', budget: tiny, expected: 'heatmaps_flat' },
  { model: 'vgg_like', metric: 'channel', budget: generous, expected: 'heatmaps' },
  { model: 'resnet_like', metric: 'flat', budget: generous, expected: 'heatmaps_flat' },
  { model: 'resnet_like', metric: 'channel', budget: generous, expected: 'heatmaps' },
  { model: 'resnet_like', metric: 'channel', budget: tiny, expected: 'heatmaps' },
  { model: 'vgg_like.tri3', metric: 'channel', budget: generous, expected: 'heatmaps' },
  { model: 'vgg_like.tri3p', metric: 'channel', budget: generous, expected: 'heatmaps' },
  { model: 'resnet_like.tri3', metric: 'channel', budget: generous, expected: 'heatmaps' },
] as const)('$model, $metric metric, $budget bytes', ({ model, metric, budget, expected }) => {
  const run = measure(`${model}.onnx`, `${model.split('.')[0]!}.input.npy`, metric, budget);

  test('every heatmap agrees with brute force over all shifts', async () => {
    const { measurement } = await run;
    const { shape, data } = oracleArray(`${model}.${expected}.npy`);
    expect(measurement.heatmaps).toHaveLength(shape[0]!);
    for (const [row, { layer, tile }] of measurement.heatmaps.entries()) {
      const map = expandTile(tile, layer.period, measurement.size);
      expect(largestDifference(map, data.subarray(row * 1024, (row + 1) * 1024)), layer.name).toBeLessThan(tolerance);
    }
  });

  test('the logits of every shift agree', async () => {
    const { measurement } = await run;
    const { output, size } = measurement;
    if ('reason' in output) throw new Error(output.reason);
    const logits = expandTile(output.tile, output.period, size, output.values);
    const expectedLogits = oracleArray(`${model}.logits_circ.npy`).data;
    const scale = Math.max(...expectedLogits.map(Math.abs));
    expect(largestDifference(logits, expectedLogits) / scale).toBeLessThan(logitTolerance);
  });

  test('every heatmap is announced once', async () => {
    const { measurement, order } = await run;
    expect([...order].sort((a, b) => a - b)).toEqual(measurement.heatmaps.map((_, index) => index));
  });
});

test('a cancelled pass stops between runs and gives nothing', async () => {
  const cancellation = { cancelled: false };
  const heard: number[] = [];
  const { shape, data } = oracleArray('vgg_like.input.npy');
  const measurement = await measureOnnx(
    oracleModel('vgg_like.onnx'),
    { data, dims: shape },
    {
      cancellation,
      onHeatmap: (index) => {
        heard.push(index);
        cancellation.cancelled = true;
      },
    },
  );
  expect(measurement).toBeUndefined();
  expect(heard.length).toBeLessThan(16);
});

test('with room for breadth, heatmaps complete in depth order', async () => {
  const { order } = await measure('vgg_like.onnx', 'vgg_like.input.npy', 'flat', generous);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});
