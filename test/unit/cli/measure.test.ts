import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeNpy } from '../../../src/core/report/npy';
import type { DeployedReport } from '../../../src/core/report/deployed-report';
import type { MeasureReport } from '../../../src/core/report/measure-report';
import { inTemporaryFolder, root, shiftlint } from './command-line';

const textbook = path.join(root, 'test/fixtures/textbook');
/** The textbook signal 0 0 1 1 0 0 1 1 in each format's own layout. */
const formats = [
  {
    label: 'ONNX',
    model: path.join(textbook, 'max-pool.onnx'),
    signal: path.join(textbook, 'signal-nchw.npy'),
    fixed: 'fixed.onnx',
    file: 'fixed.onnx',
  },
  {
    label: 'tfjs',
    model: path.join(textbook, 'max-pool-tfjs/model.json'),
    signal: path.join(textbook, 'signal-nhwc.npy'),
    fixed: 'fixed',
    file: 'fixed/model.json',
  },
] as const;

async function measureInto(folder: string, model: string, signal: string): Promise<{ report: MeasureReport; lastMap: Float32Array }> {
  const maps = path.join(folder, 'maps');
  const { code, stdout, stderr } = await shiftlint('measure', model, '--input', signal, '--maps', maps, '--json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const report = JSON.parse(stdout) as MeasureReport;
  const map = report.layers.at(-1)?.map ?? '';
  expect(await readdir(maps)).toContain(map.replace('.npy', '.png'));
  const { shape, data } = decodeNpy(await readFile(path.join(maps, map)), map);
  expect(shape).toEqual([1, 8]);
  return { report, lastMap: data };
}

describe.each(formats)('the textbook signal in $label', ({ model, signal, fixed, file }) => {
  it('gives 0.7071 behind MaxPool at shift 1 and 1 at shift 2', async () => {
    await inTemporaryFolder(async (folder) => {
      const { report, lastMap } = await measureInto(folder, model, signal);
      expect(report).toMatchObject({ protocol: 'circular', metric: 'flat', input: { height: 1, width: 8 } });
      expect(report.layers).toMatchObject([{ spatialStride: [1, 2], period: [1, 2], shape: [1, 1, 4] }]);
      [1, Math.SQRT1_2, 1, Math.SQRT1_2, 1, Math.SQRT1_2, 1, Math.SQRT1_2].forEach((value, shift) => {
        expect(lastMap[shift]).toBeCloseTo(value, 6);
      });
    });
  });

  it('gives 0.9487 after the Tri-3 fix, and nothing is left to fix', async () => {
    await inTemporaryFolder(async (folder) => {
      const output = path.join(folder, fixed);
      expect(await shiftlint('fix', model, '--filter', 'tri-3', '-o', output, '--json')).toMatchObject({ code: 0, stderr: '' });
      expect((await shiftlint('lint', path.join(folder, file))).code).toBe(0);
      const { lastMap } = await measureInto(folder, path.join(folder, file), signal);
      const blurred = 3 / Math.sqrt(10);
      [1, blurred, 1, blurred, 1, blurred, 1, blurred].forEach((value, shift) => {
        expect(lastMap[shift]).toBeCloseTo(value, 6);
      });
    });
  });
});

describe('the deployed protocol', () => {
  it('gives the same in both formats, with maps over the grid of shifts', async () => {
    await inTemporaryFolder(async (folder) => {
      const picture = path.join(root, 'test/fixtures/shapes/star.png');
      const words = ['--protocol', 'deployed', '--largest', '4', '--step', '2', '--input', picture, '--json'];
      const onnx = await shiftlint('measure', path.join(root, 'samples/shapes.onnx'), ...words, '--maps', folder);
      const tfjs = await shiftlint('measure', path.join(root, 'samples/shapes-tfjs'), ...words);
      expect([onnx.code, onnx.stderr, tfjs.code, tfjs.stderr]).toEqual([0, '', 0, '']);
      const [a, b] = [JSON.parse(onnx.stdout) as DeployedReport, JSON.parse(tfjs.stdout) as DeployedReport];
      expect(a).toMatchObject({
        protocol: 'deployed',
        input: { height: 32, width: 32 },
        shifts: { pattern: 'grid', largest: [4, 4], step: 2, rows: 5, columns: 5 },
      });
      expect(a.layers.length).toBeGreaterThan(10);
      expect(a.layers).toHaveLength(b.layers.length);
      a.layers.forEach(({ mean }, index) => {
        expect(b.layers[index]?.mean).toBeCloseTo(mean, 4);
      });
      const file = a.layers[0]?.map ?? '';
      const { shape, data } = decodeNpy(await readFile(path.join(folder, file)), file);
      expect(shape).toEqual([5, 5]);
      expect(data[12]).toBeCloseTo(1, 6);
    });
  });

  it.each([
    { words: ['--shifts', 'spiral'], message: '--shifts takes grid or diagonal, not "spiral".' },
    { words: ['--step', '0'], message: '--step takes a whole number from 1 on, not "0".' },
  ])('refuses $words', async ({ words, message }) => {
    const { code, stderr } = await shiftlint('measure', path.join(root, 'samples/shapes.onnx'), '--protocol', 'deployed', ...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
