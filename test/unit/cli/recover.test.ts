import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdviceReport, CompareReport } from '../../../src/core/report/compare-report';
import type { RecoveryReport } from '../../../src/core/report/recovery-report';
import { pooled, residual, threes } from '../recover/pooled-network';
import { writeNoise } from '../recover/linear-network';
import { root, shiftlint } from './command-line';

let folder = '';
let model = '';
let noise = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shiftlint-'));
  model = path.join(folder, 'net.onnx');
  noise = path.join(folder, 'noise');
  await writeFile(model, pooled(residual).bytes);
  writeNoise(noise, 20, 16);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function json<Report>(...words: readonly string[]): Promise<Report> {
  const { code, stdout, stderr } = await shiftlint(...words, '--json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Report;
}

async function fixInto(name: string, ...words: readonly string[]) {
  const output = path.join(folder, name);
  const { recovery } = await json<{ recovery: RecoveryReport }>('fix', model, '--filter', 'bin-5', ...words, '-o', output);
  return { recovery, bytes: await readFile(output) };
}

const share = { value: expect.any(Number) as number };
const beforeAfter = { before: share, after: share };

describe('shiftlint fix --recover', () => {
  it('reports what the held-out images say, and writes the same bytes for the same seed', async () => {
    const words = ['--recover', noise, '--images', '15', '--seed', '3', '--pairs', '2'];
    const { recovery, bytes } = await fixInto('one.onnx', ...words);
    expect(recovery).toMatchObject({
      images: 15,
      heldOut: 3,
      seed: 3,
      fidelity: beforeAfter,
      top5: beforeAfter,
      cosine: { before: expect.any(Number) as number, after: expect.any(Number) as number },
      consistency: { original: share, ...beforeAfter },
      failed: [],
      left: [],
    });
    expect(recovery.layers).toHaveLength(4);
    for (const layer of recovery.layers)
      expect(layer).toMatchObject({
        layer: expect.any(String) as string,
        errorBefore: expect.any(Number) as number,
        errorAfter: expect.any(Number) as number,
        kept: expect.any(Boolean) as boolean,
      });
    expect((await fixInto('two.onnx', ...words)).bytes).toEqual(bytes);
  });

  it('goes by the seed and by how far it is to reach', async () => {
    const words = ['--recover', noise, '--images', '15', '--pairs', '0', '--recover-layers', 'next'];
    const one = await fixInto('three.onnx', ...words, '--seed', '3');
    expect(one.recovery.layers).toHaveLength(2);
    expect(one.recovery.consistency).toBeNull();
    expect((await fixInto('four.onnx', ...words, '--seed', '4')).bytes).not.toEqual(one.bytes);
  });

  it('ends in one sentence for people', async () => {
    const { code, stdout } = await shiftlint('fix', model, '--recover', noise, '-o', path.join(folder, 'text.onnx'));
    expect(code).toBe(0);
    expect(stdout.trim().split('\n').at(-1)).toMatch(
      /^1 fixed \(.*\), written to .*text\.onnx\. Same class as before on \d+ % \(\d+ % without recovery\); consistency \d+ → \d+ %, on 4 held-out images; \d of 4 layers have new weights\.$/,
    );
  });

  it('is refused in one sentence for a folder that it cannot learn from, and writes nothing', async () => {
    const made = async (name: string, files: Readonly<Record<string, string>>): Promise<string> => {
      const place = path.join(folder, name);
      await mkdir(place);
      for (const [file, text] of Object.entries(files)) await writeFile(path.join(place, file), text);
      return place;
    };
    const few = path.join(folder, 'few');
    writeNoise(few, 4, 16);
    const cases: readonly (readonly [string, RegExp])[] = [
      [path.join(folder, 'missing'), /^shiftlint: ".*missing" is not a folder that can be read\.$/],
      [await made('empty', {}), /^shiftlint: ".*empty" holds no image \(jpg, png, webp, bmp, tif\)\.$/],
      [await made('texts', { 'a.txt': 'no image' }), /^shiftlint: ".*texts" holds no image \(jpg, png, webp, bmp, tif\)\.$/],
      [few, /^shiftlint: Recovery needs at least 5 images, and 4 of 4 can be used\.$/],
      [
        await made('broken', { 'a.png': 'no image', 'b.png': 'no image' }),
        /^shiftlint: Recovery needs at least 5 images, and 0 of 2 can be used: .*[ab]\.png.*\.$/,
      ],
    ];
    const output = path.join(folder, 'none.onnx');
    for (const [images, message] of cases) {
      const { code, stdout, stderr } = await shiftlint('fix', model, '--recover', images, '-o', output);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.trimEnd()).toMatch(message);
    }
    expect(existsSync(output)).toBe(false);
  });

  it('scales images of another size to what the model takes', async () => {
    const large = path.join(folder, 'large');
    writeNoise(large, 5, 24);
    const { recovery } = await fixInto('scaled.onnx', '--recover', large, '--pairs', '0');
    expect(recovery).toMatchObject({ images: 5, heldOut: 1, failed: [] });
  });

  it.each([
    [['--images', '20'], /^shiftlint: --images is for a recovery: name a folder of images by --recover FOLDER\.$/m],
    [['--recover-layers', 'all'], /^shiftlint: --recover-layers is for a recovery:/m],
    [['--seed', '1'], /^shiftlint: --seed is for a recovery:/m],
    [['--recover', 'images', '--images', '4'], /^shiftlint: --images takes a whole number from 5 on, not "4"\.$/m],
    [['--recover', 'test', '--recover-layers', 'some'], /^shiftlint: --recover-layers takes all or next, not "some"\.$/m],
  ])('%j exits with 2 and says how', async (words, message) => {
    const call = words.map((word) => (word === 'images' || word === 'test' ? noise : word));
    const { code, stdout, stderr } = await shiftlint('fix', model, ...call, '-o', path.join(folder, 'none.onnx'));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('leaves nothing behind where it is interrupted', async () => {
    const target = path.join(folder, 'interrupted');
    await mkdir(target);
    const words = ['fix', path.join(root, 'samples/shapes.onnx'), '--recover', noise, '--pairs', '500', '-o', path.join(target, 'o.onnx')];
    const child = spawn(process.execPath, [path.join(root, 'scripts/shiftlint.mjs'), ...words], { detached: true, stdio: 'ignore' });
    const ended = new Promise<void>((resolve) =>
      child.on('close', () => {
        resolve();
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    if (child.exitCode === null) process.kill(-child.pid!, 'SIGINT');
    await ended;
    expect(child.signalCode ?? child.exitCode).not.toBe(0);
    expect(await readdir(target)).toEqual([]);
  });
});

describe('shiftlint compare --recover', () => {
  it('has a column for the recovered model, which is what fix --recover writes, judged by images that no layer learned from', async () => {
    const words = ['--recover', noise, '--seed', '3', '--pairs', '2'];
    const report = await json<CompareReport>('compare', model, '--filter', 'bin-5', ...words);
    expect(report.variants.map(({ filter, recovery }) => [filter, recovery !== null])).toEqual([
      ['none', false],
      ['bin-5', false],
      ['bin-5', true],
    ]);
    const [, , recovered] = report.variants;
    const { recovery } = await fixInto('compared.onnx', ...words);
    expect(recovered!.recovery!.layers).toEqual(recovery.layers);
    const { original, before, after } = recovery.consistency!;
    expect(report.variants.map(({ consistency }) => consistency!.consistency)).toEqual([original, before, after]);
    expect(report.notes.join('\n')).toContain('from 16 of 20 images; the other 4, which no layer learned from, judge all models.');
  });

  it('compares models that have no classes too, by their maps alone', async () => {
    const mapped = path.join(folder, 'mapped.onnx');
    await writeFile(mapped, pooled((builder, map) => builder.convolution(map, { from: 8, to: 4 }, threes)).bytes);
    const report = await json<CompareReport>('compare', mapped, '--filter', 'tri-3', '--recover', noise);
    expect(report.variants.map(({ consistency, fidelity }) => [consistency, fidelity])).toEqual([1, 2, 3].map(() => [null, null]));
    expect(report.variants[2]!.recovery!.cosine.after).toBeGreaterThan(report.variants[2]!.recovery!.cosine.before);
    expect(report.notes.join('\n')).not.toContain('judge all models');
  });

  it.each(['compare', 'advise'])('%s refuses options of a recovery without a folder', async (command) => {
    const { code, stderr } = await shiftlint(command, model, '--recover-images', '20');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^shiftlint: --recover-images is for a recovery: name a folder of images by --recover FOLDER\.$/m);
  });
});

describe('shiftlint advise --recover', () => {
  it('judges each fix by what remains after its recovery', async () => {
    const report = await json<AdviceReport>('advise', model, '--recover', noise, '--pairs', '2', '--within', '50');
    expect(report.fixes).toHaveLength(1);
    const [fix] = report.fixes;
    expect(fix!.recovery!.layers).toHaveLength(4);
    expect(report.best).toMatchObject({
      layers: [{ layer: fix!.layer, label: fix!.label }],
      fidelity: fix!.fidelity,
      recovery: { images: 20, heldOut: 4 },
    });
  });
});
