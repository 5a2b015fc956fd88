import { describe, expect, it } from 'vitest';
import { drawShiftPairs, largestShift } from '../../../src/core/consistency/shift-pairs';

describe('pairs of shifts', () => {
  it('depend on the seed and the image alone', () => {
    expect(drawShiftPairs([32, 32], 5, 1, 'a.png')).toEqual(drawShiftPairs([32, 32], 5, 1, 'a.png'));
    expect(drawShiftPairs([32, 32], 5, 1, 'a.png')).not.toEqual(drawShiftPairs([32, 32], 5, 2, 'a.png'));
    expect(drawShiftPairs([32, 32], 5, 1, 'a.png')).not.toEqual(drawShiftPairs([32, 32], 5, 1, 'b.png'));
  });

  it('begin alike whatever their number, so that more pairs only add to fewer', () => {
    expect(drawShiftPairs([32, 48], 8, 7, 'x').slice(0, 3)).toEqual(drawShiftPairs([32, 48], 3, 7, 'x'));
  });

  it('cover every shift up to a quarter of each side evenly', () => {
    const [down, right] = largestShift([16, 24]);
    expect([down, right]).toEqual([4, 6]);
    const counts = new Map<string, number>();
    const pairs = drawShiftPairs([16, 24], 50_000, 3, 'image');
    for (const shift of pairs.flat()) counts.set(shift.join(), (counts.get(shift.join()) ?? 0) + 1);
    const kinds = (2 * down + 1) * (2 * right + 1);
    expect(counts.size).toBe(kinds);
    const expected = (2 * pairs.length) / kinds;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // Mean 116, standard deviation 15.2 for 116 degrees of freedom.
    expect(chiSquare).toBeGreaterThan(60);
    expect(chiSquare).toBeLessThan(180);
  });

  it('are no shift at all on an image too small to move', () => {
    expect(drawShiftPairs([3, 3], 1, 0, 'tiny')).toEqual([
      [
        [0, 0],
        [0, 0],
      ],
    ]);
  });
});
