import { describe, expect, it, test } from 'vitest';
import { circularRanges } from '../../../src/core/graph/circle';
import { commonMultiple, greatestCommonDivisor, largestPeriod, periodOf } from '../../../src/core/graph/period';

describe('periods', () => {
  it('are joined by least common multiples, axis by axis', () => {
    expect(commonMultiple([4, 6], [6, 4])).toEqual([12, 12]);
    expect(commonMultiple([1, 8], [3, 2])).toEqual([3, 8]);
  });

  test.each([
    ['of an encoder are its strides', [2, 2], [4, 4], [4, 4]],
    ['stay behind an upsampling', [4, 4], [2, 2], [4, 4]],
    ['stay where a map is finer than the image', [2, 2], [0.5, 0.25], [2, 2]],
    ['take the whole pixels out of a fraction', [1, 1], [1.5, 2 / 3], [3, 2]],
  ] as const)('%s', (_, period, stride, expected) => {
    expect(periodOf(period, stride)).toEqual(expected);
  });

  it('of strides beyond every image stay finite whole numbers', () => {
    for (const stride of [2 ** 60, 2 ** 1023, Infinity]) {
      expect(periodOf([1, 1], [stride, 2])).toEqual([largestPeriod, 2]);
      expect(periodOf([largestPeriod, 3], [stride, 3])).toEqual([largestPeriod, 3]);
    }
    expect(commonMultiple([largestPeriod, largestPeriod - 1], [3, largestPeriod])).toEqual([largestPeriod, largestPeriod]);
    expect(greatestCommonDivisor(largestPeriod, largestPeriod)).toBe(largestPeriod);
  });
});

test.each([
  ['around both ends', 4, 1, 2, [3, 0, 1, 2, 3, 0, 1]],
  ['more than once', 2, 3, 1, [1, 0, 1, 0, 1, 0]],
  ['less where it crops', 4, -1, -1, [1, 2]],
] as const)('ranges on a circle run %s', (_, length, begin, end, expected) => {
  const samples = circularRanges(length, begin, end).flatMap((range) =>
    Array.from({ length: range.end - range.start }, (__, index) => range.start + index),
  );
  expect(samples).toEqual(expected);
});
