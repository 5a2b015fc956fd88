import { describe, expect, it } from 'vitest';
import { lintGraph } from '../../../src/core/lint/linter';
import { isSuppressed } from '../../../src/core/lint/suppression';
import { graphOf, operations, rewritable } from '../graph-builder';
import { stem } from '../rules/judging';

const { convolution, maxPool } = operations;

describe('suppression by layer name', () => {
  it.each<[string, string, boolean]>([
    ['conv1', 'conv1', true],
    ['conv1', 'conv10', false],
    ['stem*', 'stem/conv', true],
    ['*/downsample/*', 'layer1/downsample/conv', true],
    ['*a*a*', 'a', false],
    ['*', 'anything', true],
    ['a*b', 'ab', true],
    ['ab*b', 'ab', false],
    ['a.b', 'axb', false],
  ])('%s and %s', (layers, name, expected) => {
    expect(isSuppressed([{ layers }], 'strided-conv', name)).toBe(expected);
  });

  it('concerns the named rules only', () => {
    const graph = graphOf([stem, ['down/pool', maxPool(2, 2)], ['down/conv', convolution(3, 2)]]);
    const findings = lintGraph(rewritable(graph), { ignoreLayers: [{ layers: 'down/*', rules: ['strided-max-pool'] }] });
    expect(findings.map(({ layer }) => layer)).toEqual(['down/conv']);
  });
});
