import { describe, expect, it } from 'vitest';
import type { NamedLayer } from '../../../src/core/graph/layer-labels';
import { asItIsText, bestWithinText } from '../../../src/core/report/advice-text';

const named = (label: string): NamedLayer => ({ layer: `node_${label}`, label, node: `node_${label}`, tensor: `${label}_output` });

describe('advice as text', () => {
  it('says what the model reaches before any fix', () => {
    expect(asItIsText({ lastSpatialLayer: named('conv5'), equivariance: 0.97312, consistency: 0.88 })).toBe(
      'As it is: mean equivariance 0.9731 at conv5, consistency 88.00 %.',
    );
    expect(asItIsText({ lastSpatialLayer: null, equivariance: null, consistency: null })).toBe(
      'As it is: mean equivariance unknown at no layer.',
    );
  });

  it('says what the best fixes within a price reach together', () => {
    const best = {
      within: 0.1,
      layers: [named('pool1'), named('pool2')],
      multiplyAddShare: 0.052,
      equivariance: 0.99,
      consistency: 0.9,
      fidelity: 0.8,
      recovery: null,
    };
    expect(bestWithinText(best)).toBe(
      'Best within +10 %: pool1, pool2 (+5.2 % multiply-adds), together mean equivariance 0.9900, consistency 90.00 %.',
    );
    expect(bestWithinText({ ...best, consistency: null })).toBe(
      'Best within +10 %: pool1, pool2 (+5.2 % multiply-adds), together mean equivariance 0.9900.',
    );
    expect(bestWithinText({ ...best, layers: [] })).toBe('Best within +10 %: none of the fixes.');
  });
});
