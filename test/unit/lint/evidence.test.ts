import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/core/graph/model-graph';
import { operations } from '../graph-builder';
import { findingsIn, stem } from '../rules/judging';

const { convolution } = operations;

describe('evidence', () => {
  const withKernels = (taps: readonly number[]): Operation =>
    convolution(3, 2, { kernels: { shape: [3, 3], values: Float32Array.from(taps.flatMap((a) => taps.map((b) => a * b))) } });

  it('is the share of the kernels beyond the new limit, and part of the message', () => {
    const [finding] = findingsIn([stem, ['layer', withKernels([1, -2, 1])]]);
    expect(finding).toMatchObject({
      severity: 'warning',
      message: expect.stringMatching(/\d\d % of its kernels' energy lies beyond the new sampling limit\.$/),
    });
    expect(finding!.aliasedEnergy).toBeGreaterThan(0.9);
  });

  it('lowers the severity one step for filters that low-pass by themselves', () => {
    const [finding] = findingsIn([stem, ['layer', withKernels([1, 2, 1])]]);
    expect(finding).toMatchObject({ severity: 'information', message: expect.stringContaining('Only 15 %') });
  });
});
