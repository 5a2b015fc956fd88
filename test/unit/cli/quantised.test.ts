import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AdviceReport, CompareReport } from '../../../src/core/report/compare-report';
import type { ConsistencyReport } from '../../../src/core/report/consistency-report';
import type { MeasureReport } from '../../../src/core/report/measure-report';
import { inTemporaryFolder, root, shiftlint } from './command-line';

const fixture = (name: string): string => path.join(root, 'test/fixtures/field/onnx', `${name}.onnx`);
const images = path.join(root, 'test/fixtures/shapes');

async function json<T>(...words: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await shiftlint(...words, '--json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as T;
}

/** What is compared and advised of quantised models is what measuring and classifying the files themselves gives. */
describe.each([
  ['q_qdq_small', 5, true],
  ['q_dyn_small', 4, true],
  ['qmini_fixed_qop', 1, false],
] as const)('%s', (name, fixes, classifies) => {
  it('is compared, advised on and classified', { timeout: 120_000 }, async () => {
    await inTemporaryFolder(async (folder) => {
      const study = classifies ? ['--images', images, '--pairs', '2'] : [];
      const compared = await json<CompareReport>('compare', fixture(name), '--filter', 'tri-3', ...study);
      const fixed = path.join(folder, 'fixed.onnx');
      expect((await shiftlint('fix', fixture(name), '-o', fixed)).code).toBe(0);
      for (const [place, model] of [fixture(name), fixed].entries()) {
        const measured = await json<MeasureReport>('measure', model);
        const last = compared.layers.at(-1)!;
        const mean = measured.layers.find(({ tensor }) => tensor === last.tensor)!.mean;
        expect(compared.variants[place]!.means.at(-1)).toBeCloseTo(mean, 6);
        if (!classifies) continue;
        const classified = await json<ConsistencyReport>('consistency', model, images, '--pairs', '2');
        expect(compared.variants[place]!.consistency).toEqual(classified.summary);
      }
      expect(compared.variants[1]!.fixed).toHaveLength(fixes);
      const advised = await json<AdviceReport>('advise', fixture(name), '--filter', 'tri-3');
      expect(advised.fixes).toHaveLength(fixes);
    });
  });
});
