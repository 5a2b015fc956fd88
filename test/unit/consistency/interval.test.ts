import { describe, expect, it } from 'vitest';
import { shareOf, wilson } from '../../../src/core/consistency/interval';

describe("Wilson's interval", () => {
  // Bounds by the closed formula, worked out by hand with z = 1.959964.
  it.each([
    { value: 0.95, trials: 100, low: 0.88825, high: 0.97846 },
    { value: 0.5, trials: 10, low: 0.23659, high: 0.76341 },
    { value: 0, trials: 10, low: 0, high: 0.27753 },
    { value: 1, trials: 10, low: 0.72247, high: 1 },
  ])('of $value in $trials trials', ({ value, trials, low, high }) => {
    const interval = wilson(value, trials);
    expect(interval.low).toBeCloseTo(low, 5);
    expect(interval.high).toBeCloseTo(high, 5);
  });
});

describe('a share over images', () => {
  it('counts an image once where its trials all agree with each other', () => {
    const clusters = Array.from({ length: 10 }, (_, index) => ({ successes: index < 5 ? 20 : 0, trials: 20 }));
    expect(shareOf(clusters)).toEqual({ value: 0.5, ...wilson(0.5, 10) });
  });

  it('counts every trial where images do not differ more than chance', () => {
    const clusters = Array.from({ length: 10 }, () => ({ successes: 10, trials: 20 }));
    expect(shareOf(clusters)).toEqual({ value: 0.5, ...wilson(0.5, 200) });
  });

  it('is cautious where nothing varies: each image is one trial', () => {
    expect(
      shareOf([
        { successes: 20, trials: 20 },
        { successes: 20, trials: 20 },
      ]),
    ).toEqual({ value: 1, ...wilson(1, 2) });
  });

  it('covers the truth about 95 times in 100 for correlated trials', () => {
    let state = 1;
    const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    const [truth, images, pairs, runs] = [0.8, 60, 10, 400];
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      // Half of all trials repeat their image's own verdict, the others are free: a strong correlation.
      const clusters = Array.from({ length: images }, () => {
        const own = random() < truth;
        const verdicts = Array.from({ length: pairs }, () => (random() < 0.5 ? own : random() < truth));
        return { successes: verdicts.filter(Boolean).length, trials: pairs };
      });
      const share = shareOf(clusters);
      if (share !== undefined && share.low <= truth && truth <= share.high) covered++;
    }
    expect(covered / runs).toBeGreaterThan(0.92);
    expect(covered / runs).toBeLessThan(0.99);
  });

  it('is unknown without a trial', () => {
    expect(shareOf([])).toBeUndefined();
  });
});
