import { describe, expect, it } from 'vitest';
import { lostEquivariance, parseKeptMeasurement } from '../../../src/core/report/kept-measurement';
import { belowThresholds, parseThreshold } from '../../../src/core/report/thresholds';

describe('thresholds', () => {
  it.each([
    ['0.9', { name: null, least: 0.9 }],
    ['1', { name: null, least: 1 }],
    ['.5', { name: null, least: 0.5 }],
    ['a=b/c=0.95', { name: 'a=b/c', least: 0.95 }],
    ...['', '=0.9', 'a=', '1.1', '-0.5', '1e-3', '90', '0.9%', 'NaN'].map((text): [string, undefined] => [text, undefined]),
  ])('are read from "%s"', (text, threshold) => {
    expect(parseThreshold(text)).toEqual(threshold);
  });

  it('count for all figures, or for those that they name, which then go by them alone', () => {
    const figures = [
      { names: ['net.a', 'a'], label: 'a', value: 0.9 },
      { names: ['net.b', 'b'], label: 'b', value: 0.7 },
      { names: ['c'], label: 'c', value: null },
    ];
    expect(belowThresholds(figures, [])).toEqual({ below: [], unknown: [] });
    expect(belowThresholds(figures, [{ name: null, least: 0.9 }]).below).toEqual(['b is 0.7000, below 0.9.', 'c is unknown, below 0.9.']);
    const named = [
      { name: null, least: 0.9 },
      { name: 'b', least: 0.6 },
      { name: 'net.a', least: 0.95 },
      { name: 'd', least: 0.1 },
    ];
    expect(belowThresholds(figures, named)).toEqual({ below: ['a is 0.9000, below 0.95.', 'c is unknown, below 0.9.'], unknown: ['d'] });
  });
});

describe('an earlier measurement', () => {
  const input = { height: 8, width: 8 };
  const measured = {
    metric: 'flat',
    input,
    layers: [
      { label: 'a', mean: 0.9 },
      { label: 'b', mean: 0.8 },
    ],
  };
  const consistency = (value: number): object => ({ consistency: { value, low: 0, high: 1 } });
  const compared = {
    ...{ metric: 'flat', input, layers: [{ label: 'a' }, { label: 'b' }] },
    variants: [
      { means: [0.9, null], consistency: consistency(0.7) },
      { means: [1, 1], consistency: null },
    ],
  };
  const kept = (report: object): NonNullable<ReturnType<typeof parseKeptMeasurement>> => parseKeptMeasurement(JSON.stringify(report))!;

  it('is read from what measure or compare printed, of a comparison the model as it was', () => {
    expect(kept(measured)).toEqual({
      metric: 'flat',
      input,
      means: new Map([
        ['a', 0.9],
        ['b', 0.8],
      ]),
      consistency: null,
    });
    expect(kept(compared)).toEqual({
      metric: 'flat',
      input,
      means: new Map([
        ['a', 0.9],
        ['b', null],
      ]),
      consistency: 0.7,
    });
  });

  it.each([
    '',
    '[]',
    '{}',
    '{"input": {}, "layers": []}',
    '{"metric": "flat", "input": {"height": 1, "width": 1}, "layers": [{"mean": 1}]}',
  ])('is not read from %s', (text) => {
    expect(parseKeptMeasurement(text)).toBeUndefined();
  });

  it('tells layers that have lost more than is tolerated, or are gone, and the consistency where both have one', () => {
    const now = kept({
      ...measured,
      layers: [
        { label: 'a', mean: 0.895 },
        { label: 'new', mean: 0.1 },
      ],
    });
    expect(lostEquivariance(kept(measured), now, 0.01)).toEqual([{ label: 'b', before: 0.8, now: null }]);
    expect(lostEquivariance(kept(measured), now, 0)).toEqual([
      { label: 'a', before: 0.9, now: 0.895 },
      { label: 'b', before: 0.8, now: null },
    ]);
    const worse = kept({ ...compared, variants: [{ means: [0.95, 0.1], consistency: consistency(0.6) }] });
    expect(lostEquivariance(kept(compared), worse, 0.01)).toEqual([{ label: 'consistency', before: 0.7, now: 0.6 }]);
    expect(lostEquivariance(kept(compared), kept(measured), 0.01)).toEqual([]);
  });

  it('is not held against another size or metric', () => {
    expect(lostEquivariance(kept(measured), kept({ ...measured, metric: 'channel' }), 0)).toMatch(/"channel"/);
    expect(lostEquivariance(kept(measured), kept({ ...measured, input: { height: 9, width: 8 } }), 0)).toMatch(/9x8/);
  });
});
