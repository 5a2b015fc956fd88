import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConsistencyReport } from '../../../src/core/report/consistency-report';
import type { MeasureReport } from '../../../src/core/report/measure-report';
import { inTemporaryFolder, root, shiftlint } from './command-line';

const model = path.join(root, 'samples/shapes.onnx');
const tfjs = path.join(root, 'samples/shapes-tfjs');
const images = path.join(root, 'test/fixtures/shapes');

async function json(...words: readonly string[]): Promise<ConsistencyReport> {
  const { code, stdout, stderr } = await shiftlint(...words, '--json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as ConsistencyReport;
}

describe('shiftlint consistency', () => {
  it('gives exactly the same whole and in parts', async () => {
    await inTemporaryFolder(async (folder) => {
      const words = ['consistency', model, images, '--pairs', '4', '--seed', '9'];
      const whole = await shiftlint(...words, '--json');
      const files = [];
      for (const index of [2, 0, 1]) {
        const file = path.join(folder, `${index}.json`);
        await writeFile(file, (await shiftlint(...words, '--shard', `${index}/3`, '--json')).stdout);
        files.push(file);
      }
      const merged = await shiftlint('merge', ...files, '--json');
      expect(merged).toEqual({ code: 0, stdout: whole.stdout, stderr: '' });
      const text = await shiftlint('merge', ...files);
      expect(text.stdout).toContain('6 images, 4 pairs of shifts each');
      expect(await shiftlint('merge', ...files.slice(1))).toMatchObject({ code: 2, stderr: 'shiftlint: The parts 2/3 are missing.\n' });
    });
  });

  it('agrees with the class map of a measurement', async () => {
    const { code, stdout } = await shiftlint('measure', model, '--input', path.join(images, 'star.png'), '--json');
    expect(code).toBe(0);
    const { output } = JSON.parse(stdout) as MeasureReport;
    const star = (await json('consistency', model, images, '--pairs', '5')).images.find(({ image }) => image === 'star.png');
    expect(output.classes?.unshifted).toBe(star?.top);
    expect(output.classes?.shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10);
    expect(output.classes?.shares[0]?.share).toBeGreaterThan(0);
  });

  it('answers alike in both formats, and knows accuracy from subfolders and from a labels file', async () => {
    await inTemporaryFolder(async (folder) => {
      const names = ['circle', 'cross', 'ring', 'square', 'star', 'triangle'];
      for (const name of names) await cp(path.join(images, `${name}.png`), path.join(folder, name, 'a.png'));
      const labelled = await json('consistency', model, folder, '--pairs', '3');
      const labels = path.join(folder, 'labels.csv');
      await writeFile(labels, ['image,label', ...names.map((name, index) => `${name}/a.png,${index}`)].join('\n'));
      expect((await json('consistency', model, folder, '--pairs', '3', '--labels', labels)).images).toEqual(labelled.images);
      const other = await json('consistency', tfjs, folder, '--pairs', '3');
      expect(other.images.map(({ top, agreeing, label }) => [top, agreeing, label])).toEqual(
        labelled.images.map(({ top, agreeing, label }) => [top, agreeing, label]),
      );
      expect(labelled.summary.accuracy).not.toBeNull();
      expect(labelled.images.map(({ label }) => label)).toEqual([0, 1, 2, 3, 4, 5]);
    });
  });

  it.each([
    { words: [model], message: 'Name a model file and a folder of images.' },
    { words: [model, images, '--pairs', '0'], message: '--pairs takes a whole number from 1 on, not "0".' },
    { words: [model, images, '--shard', '3/3'], message: '--shard takes I/N with I from 0 to N - 1, not "3/3".' },
    { words: [model, images, '--protocol', 'linear'], message: '--protocol takes circular or deployed, not "linear".' },
    {
      words: [model, images, '--preprocessing', 'magic'],
      message:
        '--preprocessing takes unit, symmetric, imagenet, bytes, bytes-bgr, caffe, or numbers as rgb:MEAN,…:DEVIATION,…, not "magic".',
    },
    { words: [model, path.join(root, 'src')], message: 'holds no image (jpg, png, webp, bmp, tif).' },
    { words: [model, path.join(root, 'nowhere')], message: 'is not a folder that can be read.' },
  ])('refuses $words: $message', async ({ words, message }) => {
    const { code, stdout, stderr } = await shiftlint('consistency', ...words);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });
});
