import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { AdviceReport, CompareReport } from '../../../src/core/report/compare-report';
import type { FeaturesReport } from '../../../src/core/report/features-report';
import type { MeasureReport } from '../../../src/core/report/measure-report';
import { GraphBuilder, float, ints, windowed } from '../tfjs-graph/graph-builder';
import { openSizeModels } from '../open-size-models';
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

it.each(openSizeModels)(
  'lint and fix say for which size they judged and fixed $format',
  { timeout: 60_000 },
  async ({ fileName, bytes }) => {
    await inTemporaryFolder(async (folder) => {
      const [file, out] = [path.join(folder, fileName), path.join(folder, 'out.onnx')];
      await writeFile(file, bytes);
      const note = 'The model leaves its image size open; its findings and fixes are for images of 16 x 24 pixels.';

      const forAll = await shiftlint('lint', file, '--json');
      expect(JSON.parse(forAll.stdout)).toMatchObject({ files: [{ notes: [], findings: [{ fixable: false }] }] });
      const forOne = await shiftlint('lint', file, '--size', '16x24', '--json');
      expect(JSON.parse(forOne.stdout)).toMatchObject({ files: [{ notes: [note], findings: [{ fixable: true }] }] });
      expect((await shiftlint('fix', file, '-o', out)).stdout).toContain('leaves open: choose the image size to fix it for');

      await writeFile(path.join(folder, 'shiftlint.json'), '{ "imageSize": "16x24" }');
      expect((await shiftlint('lint', file)).stdout).toContain(note);
      const fixed = await shiftlint('fix', file, '-o', out);
      expect(fixed.stdout).toContain(`, written to ${out}, for images of 16 x 24 pixels.`);
      const other = await shiftlint('fix', file, '--size', '15', '-o', out, '--force', '--json');
      expect(JSON.parse(other.stdout)).toMatchObject({ imageSize: { height: 15, width: 15 }, fixed: [{ layer: 'pool' }] });
      const measured = await shiftlint('measure', file, '--json');
      expect(JSON.parse(measured.stdout)).toMatchObject({ input: { height: 16, width: 24 } });
    });
  },
);
