import { describe, expect, test } from 'vitest';
import { expandTile } from '../../../src/core/equivariance/measure/measurement';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { payloadSource } from '../../../src/engine/input/source';
import { measureOnnx } from './measuring';
import { largestDifference, oracleArray, oracleModel } from './oracle';
import { patchedBytes } from '../onnx/models';

/**
 * The reference's anti-aliased networks were made by hand in PyTorch; ours come out of the patcher. The recipe is the same,
 * stem included, so every layer corresponds.
 */
describe.each(['vgg_like', 'resnet_like'])('%s after our Tri-3 fix of every finding', (name) => {
  test('has the heatmaps of the network anti-aliased by hand', async () => {
    const original = oracleModel(`${name}.onnx`);
    const source = payloadSource(original);
    const plans = lintGraph(await onnxFormat.open(source)).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
    const patch = await (await onnxFormat.open(source)).patch(plans);
    expect(patch.outcomes.filter(({ ok }) => !ok)).toEqual([]);
    const { shape, data } = oracleArray(`${name}.input.npy`);
    const measurement = await measureOnnx(
      { ...original, bytes: await patchedBytes(original.bytes, patch) },
      { data, dims: shape },
      { metric: 'channel' },
    );
    const expected = oracleArray(`${name}.tri3.heatmaps.npy`);
    expect(measurement?.heatmaps).toHaveLength(expected.shape[0]!);
    for (const [row, { layer, tile }] of measurement!.heatmaps.entries()) {
      const map = expandTile(tile, layer.period, measurement!.size);
      expect(largestDifference(map, expected.data.subarray(row * 1024, (row + 1) * 1024)), layer.name).toBeLessThan(1e-4);
    }
  });
});
