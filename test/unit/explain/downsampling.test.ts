import { describe, expect, it } from 'vitest';
import { agreement, agreementAt, equivarianceByShift } from '../../../src/core/explain/agreement';
import { downsample, edgeDetector, shifted, type Downsampling } from '../../../src/core/explain/downsampling';
import { textbookSignal } from '../../../src/core/explain/explained-layer';
import { blurFilterNames } from '../../../src/core/rewrite/filters';

const signal = [0, 0, 1, 1, 0, 0, 1, 1];
const maxPool: Downsampling = { step: 'maximum', kernel: 2, stride: 2, filter: 'identity' };
const maxBlurPool: Downsampling = { ...maxPool, filter: 'tri-3' };

describe('the signal of Zhang 2019, section 3.1', () => {
  it('is drawn as far as the stride needs', () => {
    expect(textbookSignal(2)).toEqual(signal);
    expect(textbookSignal(4)).toEqual(signal);
    expect(textbookSignal(3)).toHaveLength(9);
    expect(textbookSignal(8)).toHaveLength(16);
  });

  it('gives 0 1 0 1 under MaxPool, and 1 1 1 1 once it is shifted', () => {
    expect(downsample(signal, maxPool)).toEqual({
      signal,
      dense: [0, 1, 1, 1, 0, 1, 1, 1],
      blurred: [0, 1, 1, 1, 0, 1, 1, 1],
      output: [0, 1, 0, 1],
      upsampled: [0, 0, 1, 1, 0, 0, 1, 1],
    });
    expect(downsample(shifted(signal, 1), maxPool).output).toEqual([1, 1, 1, 1]);
  });

  it('gives softer values under MaxBlurPool, which change less', () => {
    expect(downsample(signal, maxBlurPool).output).toEqual([0.5, 1, 0.5, 1]);
    expect(downsample(shifted(signal, 1), maxBlurPool).output).toEqual([0.75, 0.75, 0.75, 0.75]);
  });

  it('keeps 0.7071 of equivariance under MaxPool and 0.9487 under MaxBlurPool, and all of it at a shift of two', () => {
    expect(agreementAt(signal, maxPool, 1).equivariance.cosine).toBeCloseTo(Math.SQRT1_2, 10);
    expect(agreementAt(signal, maxBlurPool, 1).equivariance.cosine).toBeCloseTo(0.9487, 4);
    expect(agreementAt(signal, maxPool, 1).equivariance.differing).toEqual([1, 2, 5, 6]);
    expect(agreementAt(signal, maxPool, 2)).toMatchObject({ equivariance: { cosine: 1, differing: [] } });
    // Equivariant, but not invariant: the output moves along.
    expect(agreementAt(signal, maxPool, 2).invariance.differing).toHaveLength(8);
    expect(agreementAt(signal, maxPool, 4).invariance.differing).toEqual([]);
  });

  it.each(blurFilterNames)('%s leaves it equivariant at multiples of the stride alone', (filter) => {
    for (const stride of [2, 3, 4]) {
      // No period of its own that would hide the stride's.
      const irregular = Array.from({ length: stride * 4 }, (_, place) => ((place * 7) % 5) + (place === 0 ? 3 : 0));
      equivarianceByShift(irregular, { step: 'maximum', kernel: 2, stride, filter }).forEach((cosine, shift) => {
        if (shift % stride === 0) expect(cosine).toBeCloseTo(1, 12);
        else expect(cosine).toBeLessThan(0.9999);
      });
    }
  });

  it('is equivariant at every shift where nothing is dropped', () => {
    expect(equivarianceByShift(signal, { ...maxPool, stride: 1 }).every((cosine) => cosine === 1)).toBe(true);
  });
});

describe('the other layers', () => {
  it('average, find rising edges, or only drop', () => {
    const of = (step: Downsampling['step'], kernel: number): readonly number[] => downsample(signal, { ...maxPool, step, kernel }).dense;
    expect(of('average', 2)).toEqual([0, 0.5, 1, 0.5, 0, 0.5, 1, 0.5]);
    expect(of('convolution', 2)).toEqual([0, 1, 0, 0, 0, 1, 0, 0]);
    expect(of('convolution', 3)).toEqual([0, 1, 1, 0, 0, 1, 1, 0]);
    expect(of('convolution', 1)).toEqual(signal);
    expect(of('nothing', 1)).toEqual(signal);
  });

  it.each([2, 3, 4, 7])('an edge detector of %i weights ignores what is constant', (length) => {
    expect(edgeDetector(length).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(0, 12);
  });
});

describe('agreement', () => {
  it('of two signals of zeros is full, of zeros and others none', () => {
    expect(agreement([0, 0], [0, 0])).toEqual({ cosine: 1, differing: [] });
    expect(agreement([0, 0], [0, 1])).toEqual({ cosine: 0, differing: [1] });
  });
});
