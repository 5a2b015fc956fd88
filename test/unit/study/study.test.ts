import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StudyRecord } from '../../../study/runs/record';
import { conditionName, conditionsOf, quickSettings } from '../../../study/settings';

const root = path.resolve(import.meta.dirname, '../../..');

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs the study as `npm run study -- WORDS` does. */
function study(...words: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['scripts/run-typescript.mjs', 'study/study.ts', ...words], { cwd: root });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code, output, errors });
    });
  });
}

describe('npm run study -- --quick', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-study-'));
  const file = path.join(folder, 'study.json');
  const recordOf = (): StudyRecord => JSON.parse(readFileSync(file, 'utf8')) as StudyRecord;
  let [first, second]: Ended[] = [];
  let whole: StudyRecord | undefined;

  // Interrupted after half of its runs, and started again.
  beforeAll(async () => {
    first = await study('--quick', '--workers', '2', '--out', folder);
    whole = recordOf();
    const half = { ...whole, runs: whole.runs.filter((_, index) => index % 2 === 0).map((run) => ({ ...run, seconds: 1000 })) };
    writeFileSync(file, JSON.stringify(half));
    second = await study('--quick', '--workers', '1', '--out', folder);
  }, 180_000);

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('trains every network once and says so', () => {
    expect(first, first?.errors).toMatchObject({ code: 0 });
    expect(first?.output).toContain('16 networks, 16 of them to train, 2 side by side');
    expect(whole?.runs.map(conditionName)).toEqual(conditionsOf(quickSettings('drawn')).map(conditionName));
    for (const { accuracy, consistency, trainingLoss } of whole?.runs ?? []) {
      for (const share of [accuracy, consistency]) expect(share >= 0 && share <= 1).toBe(true);
      expect(trainingLoss).toBeGreaterThan(0);
    }
  });

  it('goes on where it was interrupted, to the same figures with the same seed', () => {
    expect(second, second?.errors).toMatchObject({ code: 0 });
    expect(second?.output).toContain('16 networks, 8 of them to train, 1 side by side');
    const figures = (record: StudyRecord | undefined) => record?.runs.map((run) => ({ ...run, seconds: 0 }));
    expect(figures(recordOf())).toEqual(figures(whole));
    expect(recordOf().runs.filter(({ seconds }) => seconds === 1000)).toHaveLength(8);
  });

  it('writes the page and the scatter', () => {
    const page = readFileSync(path.join(folder, 'study.md'), 'utf8');
    expect(
      page.split('\n').filter((line) => /^\| (VGG|DenseNet) \| (none|shifts) \| (none|Rect-2|Tri-3|Bin-5) \| \d/.test(line)),
    ).toHaveLength(16);
    expect(readFileSync(path.join(folder, 'study.svg'), 'utf8')).toMatch(/^<svg [^]*<\/svg>\n$/);
  });
});

describe('npm run study', () => {
  it('says in one sentence what is wrong with a folder of CIFAR-10', async () => {
    const { code, errors, output } = await study('--quick', '--cifar', path.join(root, 'docs'), '--out', tmpdir());
    expect(code).toBe(2);
    expect(errors).toMatch(/^study: "[^"]*data_batch_1\.bin" could not be read [^\n]*\n$/);
    expect(output).toBe('');
  });

  it('says which words it takes', async () => {
    const { code, errors } = await study('--epochs', 'many');
    expect(code).toBe(2);
    expect(errors).toContain('--epochs takes a whole number from 1 up, not "many".\nnpm run study [-- [--cifar FOLDER]');
  });
});
