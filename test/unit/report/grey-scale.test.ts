import { expect, it } from 'vitest';
import { greyOf, jointScale } from '../../../src/core/report/grey-scale';

it('spans all maps that are looked at together', () => {
  const scale = jointScale(Float32Array.of(-1, 0), Float32Array.of(0.5, 3));
  expect(scale).toEqual({ low: -1, high: 3 });
  expect([-1, 1, 3, 9, -9, Number.NaN].map((value) => greyOf(value, scale))).toEqual([0, 128, 255, 255, 0, 0]);
});

it('draws maps without contrast black', () => {
  expect(greyOf(2, jointScale(Float32Array.of(2, 2)))).toBe(0);
  expect(greyOf(2, jointScale(new Float32Array()))).toBe(0);
});
