import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { decodePng } from 'image-js';
import { describe, expect, it } from 'vitest';
import { decodeNpy } from '../../../src/core/report/npy';
import type { FeaturesReport } from '../../../src/core/report/features-report';
import { inTemporaryFolder, root, shiftlint } from './command-line';

const textbook = path.join(root, 'test/fixtures/textbook');
/** The textbook signal 0 0 1 1 0 0 1 1 in each format's own layout. */
const formats = [
  { label: 'ONNX', model: path.join(textbook, 'max-pool.onnx'), signal: path.join(textbook, 'signal-nchw.npy') },
  { label: 'tfjs', model: path.join(textbook, 'max-pool-tfjs/model.json'), signal: path.join(textbook, 'signal-nhwc.npy') },
] as const;

async function layerOf(model: string, signal: string): Promise<string> {
  const { stdout } = await shiftlint('measure', model, '--input', signal, '--json');
  return (JSON.parse(stdout) as { readonly layers: readonly { readonly name: string }[] }).layers[0]!.name;
}

describe.each(formats)('shiftlint features on the textbook signal in $label', ({ model, signal }) => {
  it.each([
    { at: '0,1', shift: [0, 1], equivariance: Math.SQRT1_2, shifted: [1, 1, 1, 1] },
    { at: '0,3', shift: [0, 3], equivariance: Math.SQRT1_2, shifted: [1, 1, 1, 1] },
    { at: '0,2', shift: [0, 2], equivariance: 1, shifted: [1, 0, 1, 0] },
    { at: '0,12', shift: [0, 4], equivariance: 1, shifted: [0, 1, 0, 1] },
  ])('writes what MaxPool gives at $at', async ({ at, shift, equivariance, shifted }) => {
    await inTemporaryFolder(async (folder) => {
      const layer = await layerOf(model, signal);
      const { code, stdout, stderr } = await shiftlint('features', model, layer, '--at', at, '--maps', folder, '--input', signal, '--json');
      expect([code, stderr]).toEqual([0, '']);
      const report = JSON.parse(stdout) as FeaturesReport;
      expect(report).toMatchObject({
        protocol: 'circular',
        layer: { name: layer, shape: [1, 1, 4] },
        shift,
        channels: { first: 0, count: 1 },
      });
      expect(report.equivariance).toBeCloseTo(equivariance, 6);
      const original = decodeNpy(await readFile(path.join(folder, report.maps.original)), 'original');
      expect([original.shape, [...original.data]]).toEqual([
        [1, 1, 4],
        [0, 1, 0, 1],
      ]);
      expect([...decodeNpy(await readFile(path.join(folder, report.maps.shifted)), 'shifted').data]).toEqual(shifted);
    });
  });
});

describe('shiftlint features on the sample', () => {
  const sample = path.join(root, 'samples/shapes.onnx');

  it('draws the channels that were asked for, in rows', async () => {
    await inTemporaryFolder(async (folder) => {
      const layer = await layerOf(sample, path.join(root, 'test/fixtures/shapes/star.png'));
      const { code, stdout, stderr } = await shiftlint('features', sample, layer, '--at', '1,0', '--maps', folder, '--channels', '2-6');
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(
        /^.+ at 1 px down, 0 px right: [01]\.\d{4}\nchannels 2 to 6 of \d+ in .+\.original\.npy and .+\.shifted\.npy, with pictures$/m,
      );
      const [original = '', shifted = ''] = (await readdir(folder)).filter((name) => name.endsWith('.png')).sort();
      expect([original, shifted]).toEqual([
        expect.stringMatching(/^000-.+\.original\.png$/),
        expect.stringMatching(/^000-.+\.shifted\.png$/),
      ]);
      const sheet = decodePng(await readFile(path.join(folder, original)));
      // Five maps of 32 x 32, drawn twice as large, in two rows of three with two pixels between.
      expect([sheet.height, sheet.width, sheet.colorModel]).toEqual([130, 196, 'GREY']);
      const brightest = Math.max(...sheet.getRawImage().data, ...decodePng(await readFile(path.join(folder, shifted))).getRawImage().data);
      expect(brightest).toBe(255);
    });
  });

  it.each([
    {
      words: ['nowhere', '--at', '1,0', '--maps', 'maps'],
      message: 'The model has no layer "nowhere"; measuring it lists those that have a map.',
    },
    { words: ['relu', '--maps', 'maps'], message: '--at takes a shift as DOWN,RIGHT in pixels, such as 1,0, not "".' },
    { words: ['relu', '--at', '1', '--maps', 'maps'], message: '--at takes a shift as DOWN,RIGHT in pixels, such as 1,0, not "1".' },
    { words: ['relu', '--at', '1,0'], message: 'Name the folder to write to with --maps.' },
    {
      words: ['relu', '--at', '1,0', '--maps', 'maps', '--channels', '7-3'],
      message: '--channels takes FIRST-LAST, counted from 0, such as 64-127, not "7-3".',
    },
    { words: ['--at', '1,0', '--maps', 'maps'], message: 'Name a model file and one of its layers.' },
  ])('refuses $words', async ({ words, message }) => {
    const { code, stderr } = await shiftlint('features', sample, ...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
