import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AdviceReport, CompareReport } from '../../../src/core/report/compare-report';
import type { ConsistencyReport } from '../../../src/core/report/consistency-report';
import type { MeasureReport } from '../../../src/core/report/measure-report';
import { inTemporaryFolder, root, shiftlint } from './command-line';

const onnx = path.join(root, 'samples/shapes.onnx');
const tfjs = path.join(root, 'samples/shapes-tfjs');
const images = path.join(root, 'test/fixtures/shapes');
const picture = path.join(images, 'star.png');

async function json<T>(...words: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await shiftlint(...words, '--json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as T;
}

describe('shiftlint compare', () => {
  it('gives what fixing, measuring and classifying by hand give', async () => {
    await inTemporaryFolder(async (folder) => {
      const report = await json<CompareReport>(
        'compare',
        onnx,
        '--filter',
        'bin-5',
        '--input',
        picture,
        '--images',
        images,
        '--pairs',
        '3',
      );
      const fixed = path.join(folder, 'fixed.onnx');
      await shiftlint('fix', onnx, '--filter', 'bin-5', '-o', fixed);
      for (const [place, model] of [onnx, fixed].entries()) {
        const measured = await json<MeasureReport>('measure', model, '--input', picture);
        const means = new Map(measured.layers.map(({ tensor, mean }) => [tensor, mean]));
        report.layers.forEach(({ tensor }, index) => {
          // A layer in the middle of what is blurred later is compared at its own, finer map.
          const mean = means.get(tensor);
          if (mean !== undefined) expect(report.variants[place]?.means[index]).toBeCloseTo(mean, 6);
        });
        const classified = await json<ConsistencyReport>('consistency', model, images, '--pairs', '3');
        expect(report.variants[place]?.consistency).toEqual(classified.summary);
      }
      expect(report.variants.map(({ filter }) => filter)).toEqual(['none', 'bin-5']);
      expect(report.variants[0]).toMatchObject({ fixed: [], fidelity: { value: 1 } });
      expect(report.variants[1]?.fixed).toHaveLength(4);
    });
  });

  it('sets the same layers beside each other in both formats', async () => {
    const [a, b] = [
      await json<CompareReport>('compare', onnx, '--filter', 'tri-3'),
      await json<CompareReport>('compare', tfjs, '--filter', 'tri-3'),
    ];
    expect(a.layers).toHaveLength(b.layers.length);
    for (const place of [0, 1]) {
      a.variants[place]?.means.forEach((mean, index) => {
        expect(b.variants[place]?.means[index]).toBeCloseTo(mean ?? Number.NaN, 4);
      });
    }
    const pool = b.layers.findIndex(({ label }) => label === 'pool1');
    expect(b.variants[1]?.means[pool]).toBeGreaterThan(b.variants[0]?.means[pool] ?? 1);
    expect(b.variants[1]?.means[pool]).toBeLessThan(1);
  });

  it('the identity filter changes nothing', async () => {
    const report = await json<CompareReport>('compare', onnx, '--filter', 'identity', '--images', images, '--pairs', '3');
    const [none, identity] = report.variants;
    for (const [index, { tensor }] of report.layers.entries()) {
      if (/conv3_1|norm3_1/.test(tensor)) continue;
      expect(identity?.means[index]).toBeCloseTo(none?.means[index] ?? Number.NaN, 5);
    }
    expect(identity).toMatchObject({ fidelity: { value: 1 } });
    expect(identity?.consistency?.consistency).toEqual(none?.consistency?.consistency);
  });

  it('refuses a filter that there is not', async () => {
    expect(await shiftlint('compare', onnx, '--filter', 'box-9')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('shiftlint advise', () => {
  it('gains what a comparison of each fix alone shows, and measures the chosen set as a whole', async () => {
    await inTemporaryFolder(async (folder) => {
      const advice = await json<AdviceReport>('advise', onnx, '--within', '5');
      expect(advice.fixes).toHaveLength(4);
      const chosen = advice.best?.layers ?? [];
      expect(chosen.length).toBeGreaterThan(0);
      expect(advice.best?.multiplyAddShare).toBeLessThanOrEqual(0.05);
      const last = async (model: string): Promise<number> =>
        (await json<MeasureReport>('measure', model)).layers.find(({ tensor }) => tensor === advice.lastSpatialLayer?.tensor)?.mean ??
        Number.NaN;
      expect(advice.equivariance).toBeCloseTo(await last(onnx), 6);
      for (const { layer, equivariance } of advice.fixes.slice(0, 2)) {
        const alone = path.join(folder, 'alone.onnx');
        await shiftlint('fix', onnx, '--layer', layer, '-o', alone);
        expect((await last(alone)) - (advice.equivariance ?? 0)).toBeCloseTo(equivariance, 6);
      }
      const together = path.join(folder, 'together.onnx');
      await shiftlint('fix', onnx, ...chosen.flatMap(({ label }) => ['--layer', label]), '-o', together);
      expect(advice.best?.equivariance).toBeCloseTo(await last(together), 6);
    });
  });

  it('refuses a price that is none', async () => {
    const { code, stderr } = await shiftlint('advise', onnx, '--within', 'much');
    expect(code).toBe(2);
    expect(stderr).toContain('--within takes a percentage of more multiply-adds, such as 10, not "much".');
  });
});
