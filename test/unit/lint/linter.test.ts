import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/core/graph/model-graph';
import { lintGraph } from '../../../src/core/lint/linter';
import { graphOf, operations, window, type LayerSpec, rewritable } from '../graph-builder';

const { convolution, maxPool, averagePool, relu, globalPool } = operations;
const stem: LayerSpec = ['stem', convolution(3, 1)];
const blur: Operation = convolution(3, 2, {
  groups: 4,
  sharedKernel: { shape: [3, 3], values: [1, 2, 1, 2, 4, 2, 1, 2, 1].map((weight) => weight / 16) },
});

describe('lintGraph', () => {
  it.each<[string, Operation]>([
    ['a BlurPool', blur],
    ['a global pool', globalPool],
    ['an average over the whole map', averagePool(32, 32)],
    ['an activation', relu],
  ])('does not flag %s', (_, operation) => {
    expect(lintGraph(rewritable(graphOf([stem, ['layer', operation]])))).toEqual([]);
  });

  it.each<[string, Operation]>([
    ['a learned depthwise kernel', convolution(3, 2, { sharedKernel: { shape: [3, 3], values: [-1, 0, 1, -2, 0, 2, -1, 0, 1] } })],
    ['an unnormalised kernel', convolution(3, 2, { sharedKernel: { shape: [3, 3], values: Array.from({ length: 9 }, () => 1) } })],
    ['a lopsided kernel', convolution(2, 2, { sharedKernel: { shape: [2, 2], values: [1, 0, 0, 0] } })],
  ])('does not take %s for a BlurPool', (_, operation) => {
    expect(lintGraph(rewritable(graphOf([stem, ['layer', operation]])))).toHaveLength(1);
  });

  it('does not flag a linear layer that a low-pass filter precedes, but does flag a maximum', () => {
    const smooth: Operation = { ...blur, window: window(3, 1) } as Operation;
    expect(lintGraph(rewritable(graphOf([stem, ['blur', smooth], ['pool', averagePool(2, 2)]])))).toEqual([]);
    expect(lintGraph(rewritable(graphOf([stem, ['blur', smooth], ['pool', maxPool(2, 2)]])))).toMatchObject([
      { rule: 'weak-blur', layer: 'blur' },
      { rule: 'strided-max-pool', layer: 'pool' },
    ]);
  });

  it('ignores a stride along an axis of size 1', () => {
    const graph = graphOf([['layer', { kind: 'max-pool', window: window(2, 2, { padding: { kind: 'valid' } }) }]], { size: 2 });
    expect(lintGraph(rewritable(graph))).toEqual([]);
  });

  it('carries the cumulative stride before and after', () => {
    const [, second] = lintGraph(rewritable(graphOf([stem, ['first', maxPool(2, 2)], ['second', maxPool(2, 2)]])));
    expect(second).toMatchObject({ cumulativeStrideBefore: [2, 2], cumulativeStride: [4, 4] });
  });

  it('obeys severities from the settings', () => {
    const graph = graphOf([stem, ['pool', maxPool(2, 2)], ['conv', convolution(3, 2)]]);
    const findings = lintGraph(rewritable(graph), { severities: { 'strided-max-pool': 'off', 'strided-conv': 'hint' } });
    expect(findings).toMatchObject([{ layer: 'conv', severity: 'hint' }]);
  });
});
