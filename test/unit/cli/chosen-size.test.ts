import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { AdviceReport, CompareReport } from '../../../src/core/report/compare-report';
import type { FeaturesReport } from '../../../src/core/report/features-report';
import type { MeasureReport } from '../../../src/core/report/measure-report';
import { GraphBuilder, float, ints, windowed } from '../tfjs-graph/graph-builder';
import { inTemporaryFolder, shiftlint } from './command-line';

async function json<T>(...words: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await shiftlint(...words, '--size', '16x24', '--json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as T;
}

it(
  'a model of TensorFlow.js that leaves its size open is fixed, measured, compared and advised on for a size',
  { timeout: 120_000 },
  async () => {
    await inTemporaryFolder(async (folder) => {
      const builder = new GraphBuilder();
      const image = builder.input([-1, -1, -1, 3]);
      const pool = builder.op('MaxPool', 'pool', [image], { ...windowed([2, 2], 'SAME'), ksize: ints(1, 3, 3, 1), T: float });
      const relu = builder.op('Relu', 'relu', [
        builder.op('Conv2D', 'conv', [pool, builder.weight('w', [3, 3, 3, 4])], windowed([2, 2], 'SAME')),
      ]);
      builder.op('Conv2D', 'end', [relu, builder.weight('v', [1, 1, 4, 2])], windowed([1, 1], 'SAME'));
      const { text, files } = builder.model(['end']);
      const [model, fixed] = [path.join(folder, 'open'), path.join(folder, 'fixed')];
      await mkdir(model);
      await writeFile(path.join(model, 'model.json'), text);
      for (const [name, bytes] of files) await writeFile(path.join(model, name), bytes);

      expect((await shiftlint('fix', model, '-o', fixed)).code).toBe(1);
      await json('fix', model, '-o', fixed);
      const compared = await json<CompareReport>('compare', model, '--filter', 'tri-3');
      expect(compared.input).toMatchObject({ height: 16, width: 24 });
      for (const [place, each] of [model, fixed].entries()) {
        const measured = await json<MeasureReport>('measure', each);
        expect(measured.input).toMatchObject({ height: 16, width: 24 });
        expect(compared.variants[place]!.means.at(-1)).toBeCloseTo(measured.layers.at(-1)!.mean, 6);
      }
      expect((await json<AdviceReport>('advise', model)).fixes).toHaveLength(2);
      const features = await json<FeaturesReport>('features', model, 'conv', '--at', '1,0', '--maps', path.join(folder, 'maps'));
      expect(features.input).toMatchObject({ height: 16, width: 24 });
    });
  },
);
