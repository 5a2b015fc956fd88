import { describe, expect, it } from 'vitest';
import type { ImageRow } from '../../../src/core/consistency/image-row';
import { fidelity } from '../../../src/core/consistency/summary';
import {
  consistencyReport,
  mergeReports,
  parseConsistencyReport,
  type ConsistencySettings,
} from '../../../src/core/report/consistency-report';

const settings: ConsistencySettings = {
  model: 'm.onnx',
  digest: 'abc',
  backend: 'ONNX Runtime',
  protocol: 'circular',
  input: { height: 32, width: 32 },
  preprocessing: 'unit',
  pairs: 7,
  seed: 3,
  largestShift: [8, 8],
};

/** Rows whose sums depend on the order they are taken in. */
const rows: readonly ImageRow[] = Array.from({ length: 101 }, (_, index) => ({
  image: `${(index * 37) % 101}.png`,
  top: index % 5,
  pairs: 7,
  agreeing: (index * 3) % 8,
  invariance: Math.sin(index * index) / 3,
  label: index % 4 === 0 ? null : index % 3,
  correctShifts: index % 4 === 0 ? null : Math.abs(Math.cos(index)) / 7,
}));

const whole = consistencyReport(settings, [], null, rows, [{ image: 'broken.png', reason: 'It is empty.' }]);
const parts = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    file: `part-${index}.json`,
    report: consistencyReport(
      settings,
      [],
      { index, count },
      rows.filter((__, place) => place % count === index),
      index === 0 ? whole.failed : [],
    ),
  }));

describe('merging parts', () => {
  it.each([1, 2, 3, 10, 101])('gives what one run gives, to the last digit, from %i parts in any order', (count) => {
    const shuffled = parts(count).reverse();
    const read = shuffled.map(({ file, report }) => ({ file, report: parseConsistencyReport(JSON.stringify(report), file) }));
    expect(JSON.stringify(mergeReports(read))).toBe(JSON.stringify(whole));
  });

  it('is refused for missing, repeated and foreign parts', () => {
    const [a, b, c] = parts(3);
    if (a === undefined || b === undefined || c === undefined) throw new Error('three parts were made');
    expect(() => mergeReports([a, c])).toThrow('The parts 1/3 are missing.');
    expect(() => mergeReports([a, b, { ...a, file: 'again.json' }])).toThrow('"again.json" and "part-0.json" are the same part, 0/3.');
    const foreign = { file: 'other.json', report: { ...c.report, settings: { ...settings, digest: 'other' } } };
    expect(() => mergeReports([a, b, foreign])).toThrow('"other.json" and "part-0.json" differ in "digest"');
    expect(() => mergeReports([{ file: 'whole.json', report: whole }])).toThrow('"whole.json" is not a part of a folder');
    expect(() => mergeReports([])).toThrow('There is nothing to merge');
  });

  it.each(['', '[]', '{}', '{"kind":"shiftlint consistency","version":1,"settings":{},"shard":null,"notes":[],"images":[{}],"failed":[]}'])(
    'refuses %j, naming the file',
    (text) => {
      expect(() => parseConsistencyReport(text, 'x.json')).toThrow('"x.json"');
    },
  );
});

it('fidelity compares images by name at shift 0', () => {
  const changed = rows.slice(0, 50).map((row, index) => (index < 10 ? { ...row, top: row.top + 1 } : row));
  expect(fidelity(rows, [...changed].reverse())?.value).toBe(0.8);
  expect(fidelity(rows, [])).toBeNull();
});
