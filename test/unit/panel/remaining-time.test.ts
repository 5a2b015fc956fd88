import { describe, expect, it } from 'vitest';
import { RemainingTime } from '../../../src/extension/platform/remaining-time';
import { remainingText } from '../../../src/panel-protocol/remaining-text';

/** What is told after each share, of work that reports them at these milliseconds. */
function told(shares: readonly (readonly [at: number, done: number])[]): readonly (number | undefined)[] {
  let clock = 0;
  const remaining = new RemainingTime(() => clock);
  return shares.map(([at, done]) => {
    clock = at;
    return remaining.after(done);
  });
}

describe('the time that is left', () => {
  it('is that of the share that is left, at the pace since the first share: loading is not counted', () => {
    expect(
      told([
        [0, 0],
        [9_000, 0.125],
        [11_000, 0.25],
        [15_000, 0.5],
        [27_000, 1],
      ]),
    ).toEqual([undefined, undefined, 12_000, 8_000, 0]);
  });

  it('is not told after too little time or too little work, and anew for work that begins again', () => {
    expect(
      told([
        [0, 0.125],
        [1_900, 0.625],
        [2_000, 0.625],
        [3_000, 0.0625],
        [9_000, 0.0703125],
        [13_000, 0.3125],
      ]),
    ).toEqual([undefined, undefined, 1_500, undefined, undefined, 27_500]);
  });

  it.each([
    [1_200, 'a few seconds left'],
    [5_000, 'about 5 s left'],
    [31_000, 'about 35 s left'],
    [55_000, 'about 1 min left'],
    [61_000, 'about 2 min left'],
    [5_900_000, 'about 99 min left'],
    [6_000_000, 'about 2 h left'],
  ])('of %i ms is said as %s', (milliseconds, text) => {
    expect(remainingText(milliseconds)).toBe(text);
  });
});
