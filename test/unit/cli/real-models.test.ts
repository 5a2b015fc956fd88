import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MeasureReport } from '../../../src/core/report/measure-report';
import { realModels } from '../real-models';
import { inTemporaryFolder, shiftlint } from './command-line';

async function measure(model: string): Promise<MeasureReport> {
  const { code, stdout, stderr } = await shiftlint('measure', model, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as MeasureReport;
}

/** Mean of the layer that gives the same map before and after the fix. */
function meanOf(report: MeasureReport, name: string): number {
  return report.layers.find((layer) => layer.name === name)!.mean;
}

describe.skipIf(realModels === undefined)('trained models, fixed, saved, loaded and measured', () => {
  it.each([
    {
      model: 'doodlenet/model.json',
      output: 'fixed',
      file: 'fixed/model.json',
      left: [],
      pairs: [
        ['max_pooling2d', 'max_pooling2d_blur'],
        ['max_pooling2d_2', 'max_pooling2d_2_blur'],
      ],
    },
    {
      model: 'onnx/opt-mnist.onnx',
      output: 'fixed.onnx',
      file: 'fixed.onnx',
      left: [],
      pairs: [
        ['Pooling66_Output_0', 'Pooling66_Output_0'],
        ['Pooling160_Output_0', 'Pooling160_Output_0'],
      ],
    },
    {
      model: 'emotion/emotion.json',
      output: 'fixed',
      file: 'fixed/emotion.json',
      // The stem is not part of "fix all".
      left: ['StatefulPartitionedCall/model_1/block1_conv1_act/Relu'],
      pairs: [1, 2].map(
        (pool) =>
          [
            `StatefulPartitionedCall/model_1/max_pooling2d_${pool}/MaxPool`,
            `StatefulPartitionedCall/model_1/max_pooling2d_${pool}/MaxPool`,
          ] as const,
      ),
    },
  ] as const)('$model is more equivariant behind every pool', async ({ model, output, file, left, pairs }) => {
    await inTemporaryFolder(async (folder) => {
      const original = path.join(realModels!, model);
      expect((await shiftlint('fix', original, '--filter', 'tri-3', '-o', path.join(folder, output))).code).toBe(0);
      const lint = JSON.parse((await shiftlint('lint', path.join(folder, file), '--json')).stdout) as {
        files: { findings: { layer: string }[] }[];
      };
      expect(lint.files[0]?.findings.map(({ layer }) => layer)).toEqual(left);
      const [before, after] = [await measure(original), await measure(path.join(folder, file))];
      expect(after.input).toEqual(before.input);
      for (const [strided, blurred] of pairs) expect(meanOf(after, blurred), blurred).toBeGreaterThan(meanOf(before, strided));
    });
  });
});
