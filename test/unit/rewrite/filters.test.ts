import { describe, expect, it } from 'vitest';
import { blurFilter, blurFilterNames, blurKernel, centredPadding, isBlurFilterName } from '../../../src/core/rewrite/filters';

const weightsOf = [
  ['identity', [1]],
  ['rect-2', [1, 1]],
  ['tri-3', [1, 2, 1]],
  ['bin-4', [1, 3, 3, 1]],
  ['bin-5', [1, 4, 6, 4, 1]],
  ['bin-6', [1, 5, 10, 10, 5, 1]],
  ['bin-7', [1, 6, 15, 20, 15, 6, 1]],
] as const;

describe('blurFilter', () => {
  it.each(weightsOf)('%s is binomial', (name, weights) => {
    const sum = weights.reduce((total: number, weight) => total + weight, 0);
    expect(blurFilter(name).taps).toEqual(weights.map((weight) => weight / sum));
  });

  it('lists every name once and nothing else', () => {
    expect(blurFilterNames).toEqual(weightsOf.map(([name]) => name));
    expect(isBlurFilterName('tri-3')).toBe(true);
    expect(isBlurFilterName('Tri-3')).toBe(false);
  });
});

describe('blurKernel', () => {
  it('is the outer product over the axes that subsample', () => {
    expect(blurKernel(blurFilter('rect-2'), [2, 2])).toEqual({ shape: [2, 2], values: [0.25, 0.25, 0.25, 0.25] });
    expect(blurKernel(blurFilter('tri-3'), [1, 2])).toEqual({ shape: [1, 3], values: [0.25, 0.5, 0.25] });
    expect(blurKernel(blurFilter('tri-3'), [2, 2, 2]).values).toHaveLength(27);
  });
});

describe('centredPadding', () => {
  it.each([
    [1, 0, 0],
    [2, 0, 1],
    [3, 1, 1],
    [4, 1, 2],
    [7, 3, 3],
  ])('of %i taps is %i before and %i after', (taps, before, after) => {
    expect(centredPadding(taps)).toEqual({ before, after });
  });
});
