import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { estimate } from '../../../study/report/interval';
import { studyPage } from '../../../study/report/page';
import { scatterSvg } from '../../../study/report/scatter';
import type { StudyRecord } from '../../../study/runs/record';
import { conditionsOf, drawnSettings } from '../../../study/settings';

const docs = path.resolve(import.meta.dirname, '../../../docs');

/** Every run of the study; blurs add what the paper found, seeds a known spread. */
function madeUp(): StudyRecord {
  const gains = { none: 0, 'rect-2': 0.04, 'tri-3': 0.06, 'bin-5': 0.05 };
  const runs = conditionsOf(drawnSettings).map((condition) => ({
    ...condition,
    accuracy: 0.7 + gains[condition.blur] / 2 + condition.seed / 100,
    // The gain of Bin-5 differs from seed to seed, the others' does not.
    consistency:
      0.8 + gains[condition.blur] + (condition.augmented ? 0.05 : 0) + (condition.blur === 'bin-5' ? condition.seed / 25 - 0.08 : 0),
    trainingLoss: 1,
    seconds: 30,
    backend: 'tfjs 4 WASM (no reason)',
  }));
  return { digests: { vgg: '', densenet: '' }, settings: drawnSettings, runs };
}

const rowsOf = (page: string): readonly (readonly string[])[] =>
  page
    .split('\n')
    .filter((line) => /^\| (VGG|DenseNet) /.test(line))
    .map((line) => line.slice(2, -2).split(' | '));

describe('an estimate over seeds', () => {
  it("is the mean with Student's interval", () => {
    // s = 1, t = 4.303 for two degrees of freedom: 4.303 / sqrt(3).
    const { mean, interval } = estimate([1, 2, 3]);
    expect(mean).toBe(2);
    expect(interval?.low).toBeCloseTo(2 - 2.4843, 3);
    expect(interval?.high).toBeCloseTo(2 + 2.4843, 3);
  });

  it('has no interval for a single seed', () => {
    expect(estimate([0.5])).toEqual({ mean: 0.5, interval: undefined });
  });
});

describe('the page of a study', () => {
  const page = studyPage(madeUp());

  it('has a row a network, augmentation and blur, in order', () => {
    const rows = rowsOf(page);
    expect(rows).toHaveLength(16);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([7]));
    expect(rows.slice(3, 6).map((row) => row.slice(0, 3))).toEqual([
      ['VGG', 'none', 'Bin-5'],
      ['VGG', 'shifts', 'none'],
      ['VGG', 'shifts', 'Rect-2'],
    ]);
  });

  it('has means, intervals and gains seed by seed', () => {
    // Accuracies 0.74, 0.75, 0.76 and consistencies 0.86; the gains do not depend on the seed.
    expect(rowsOf(page)[2]?.slice(3)).toEqual(['75.0 (72.5 to 77.5)', '86.0 (86.0 to 86.0)', '+3.0 (+3.0 to +3.0)', '+6.0 (+6.0 to +6.0)']);
    expect(rowsOf(page)[0]?.slice(5)).toEqual(['', '']);
  });

  it('says what the figures say', () => {
    const words = page.replace(/\s+/g, ' ');
    expect(words).toContain(
      '**VGG, without augmentation**: consistency Rect-2 +4.0, Tri-3 +6.0, Bin-5 +5.0 (not beyond the seeds); accuracy Rect-2 +2.0',
    );
    expect(words).toContain('from 80.0 %, augmentation alone brings consistency to 85.0 %; Tri-3 alone to 86.0 %, more than that.');
    expect(words).toContain(
      'none, Rect-2, Tri-3, Bin-5 rise in this order in 0 of 4 cases. It does not in: VGG, without augmentation; VGG, with',
    );
    expect(words).toContain('All 48 runs on the drawn set: 1600 training images, 1000 test images, 3 seeds.');
    expect(words).toContain('24 minutes of training and testing in all, one thread a network, on tfjs 4 WASM.');
  });

  it('says that a study is not finished, and of what set', () => {
    const record = madeUp();
    const part = { ...record, settings: { ...record.settings, data: 'cifar' as const }, runs: record.runs.slice(0, 10) };
    expect(studyPage(part)).toContain('**Unfinished:** 10 of 48 runs on CIFAR-10: ');
    expect(studyPage(part)).not.toContain('**No natural images.**');
    expect(rowsOf(studyPage(part))).toHaveLength(8);
  });
});

describe('the scatter of a study', () => {
  const points = (svg: string): readonly RegExpMatchArray[] => [
    ...svg
      .slice(0, svg.lastIndexOf('</g>\n<g class="none"'))
      .matchAll(/<g class="([\w-]+)( shifted)?" transform="translate\(([\d.]+) ([\d.]+)\)">/g),
  ];

  it('has a point a run, more consistent ones further right and more accurate ones further up', () => {
    const svg = scatterSvg(madeUp());
    const all = points(svg);
    expect(all).toHaveLength(48);
    expect(all.filter(([, , shifted]) => shifted !== undefined)).toHaveLength(24);
    const [plain, triangle] = ['none', 'tri-3'].map((blur) => all.find(([, name]) => name === blur)!);
    expect(Number(triangle![3])).toBeGreaterThan(Number(plain![3]));
    expect(Number(triangle![4])).toBeLessThan(Number(plain![4]));
    expect(all.every(([, , , x, y]) => Number(x) <= 330 && Number(y) <= 260)).toBe(true);
  });

  it('suits light and dark pages', () => {
    expect(scatterSvg(madeUp())).toContain('@media (prefers-color-scheme: dark)');
  });
});

describe('the committed study', () => {
  const record = JSON.parse(readFileSync(path.join(docs, 'study.json'), 'utf8')) as StudyRecord;

  it('is what its runs come to', () => {
    expect(readFileSync(path.join(docs, 'study.md'), 'utf8')).toBe(studyPage(record));
    expect(readFileSync(path.join(docs, 'study.svg'), 'utf8')).toBe(scatterSvg(record));
  });

  it('is the study that npm run study makes', () => {
    expect(record.settings).toEqual(drawnSettings);
    expect(record.runs.length).toBeGreaterThan(0);
  });
});
