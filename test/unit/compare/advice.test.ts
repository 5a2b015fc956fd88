import { describe, expect, it } from 'vitest';
import { bestWithin, rankGains, type MeasuredGain } from '../../../src/core/compare/advice';

const gain = (layer: string, equivariance: number, multiplyAddShare: number | null): MeasuredGain => ({
  layer,
  equivariance,
  multiplyAddShare,
  consistency: null,
});

describe('ranking fixes', () => {
  it('puts free gains first, then gain per multiply-add, and losses last', () => {
    const gains = [
      gain('loss', -0.1, 0.01),
      gain('dear', 0.2, 0.4),
      gain('free', 0.01, -0.1),
      gain('cheap', 0.05, 0.01),
      gain('small loss', -0.01, 0.2),
      gain('free and better', 0.02, 0),
    ];
    const ranked = rankGains(gains);
    expect(ranked.map(({ layer }) => layer)).toEqual(['free and better', 'free', 'cheap', 'dear', 'small loss', 'loss']);
    expect(ranked[2]?.gainPerMultiplyAdd).toBeCloseTo(5, 10);
    expect(ranked[0]?.gainPerMultiplyAdd).toBeNull();
  });
});

describe('the best fixes within a price', () => {
  it('is the subset of most gain, not the greedy one', () => {
    // By gain per multiply-add alone "a" would be taken and leave no room for "b" and "c".
    const gains = [gain('a', 0.06, 0.06), gain('b', 0.045, 0.05), gain('c', 0.045, 0.05)];
    expect(bestWithin(gains, 0.1).map(({ layer }) => layer)).toEqual(['b', 'c']);
  });

  it('takes what costs nothing and spends what that saves', () => {
    const gains = [gain('saves', 0.01, -0.05), gain('dear', 0.2, 0.14), gain('loss', -0.1, 0.001), gain('unknown', 0.5, null)];
    expect(bestWithin(gains, 0.1).map(({ layer }) => layer)).toEqual(['saves', 'dear']);
    expect(bestWithin([gain('dear', 0.2, 0.14)], 0.1)).toEqual([]);
  });

  it('stays within the price for any number of fixes, and is never worse than the best single one', () => {
    let state = 7;
    const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    for (const count of [1, 5, 12, 16, 17, 40]) {
      const gains = Array.from({ length: count }, (_, index) => gain(`${index}`, random() - 0.2, random() * 0.1));
      const chosen = bestWithin(gains, 0.15);
      expect(chosen.reduce((sum, { multiplyAddShare }) => sum + (multiplyAddShare ?? 0), 0)).toBeLessThanOrEqual(0.15);
      const single = Math.max(...gains.map(({ equivariance }) => equivariance));
      if (count <= 16 && single > 0) expect(chosen.reduce((sum, { equivariance }) => sum + equivariance, 0)).toBeGreaterThanOrEqual(single);
      expect(chosen.every(({ equivariance }) => equivariance > 0)).toBe(true);
    }
  });
});
