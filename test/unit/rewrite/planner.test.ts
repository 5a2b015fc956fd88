import { describe, expect, it } from 'vitest';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { planFix } from '../../../src/core/rewrite/planner';
import { graphOf, operations, type LayerSpec, rewritable } from '../graph-builder';

const { convolution, maxPool, averagePool, relu, batchNormalization, add } = operations;
const tri3 = blurFilter('tri-3');
const stem: LayerSpec = ['stem', convolution(3, 1)];

describe('planFix', () => {
  it.each<[string, readonly LayerSpec[], string, string]>([
    ['a max-pool is blurred itself', [stem, ['layer', maxPool(2, 2)], ['relu', relu]], 'max-then-blur', 'layer'],
    ['a convolution behind its activation', [stem, ['layer', convolution(3, 2)], ['relu', relu]], 'convolution-then-blur', 'relu'],
    [
      'normalisation may lie between',
      [stem, ['layer', convolution(3, 2)], ['norm', batchNormalization], ['relu', relu]],
      'convolution-then-blur',
      'relu',
    ],
    [
      'a fused activation is part of the layer',
      [stem, ['layer', convolution(3, 2, { activation: 'relu' })]],
      'convolution-then-blur',
      'layer',
    ],
    [
      'without an activation directly behind',
      [stem, ['layer', convolution(3, 2)], ['norm', batchNormalization]],
      'convolution-then-blur',
      'layer',
    ],
    [
      'a shortcut is blurred before it convolves',
      [stem, ['layer', convolution(1, 2)], ['norm', batchNormalization]],
      'blur-then-convolution',
      'layer',
    ],
    ['a 1x1 convolution with an activation', [stem, ['layer', convolution(1, 2)], ['relu', relu]], 'convolution-then-blur', 'relu'],
    [
      'a second reader on the way stops the walk',
      [stem, ['layer', convolution(3, 2)], ['relu', relu], ['gate', add, ['layer', 'relu']]],
      'convolution-then-blur',
      'layer',
    ],
  ])('%s', (_, layers, recipe, blurAfter) => {
    const result = planFix(rewritable(graphOf(layers)), 'layer', tri3);
    expect(result).toMatchObject({ ok: true, inFixAll: true, plan: { recipe, blurAfter, layer: 'layer', stride: [2, 2] } });
  });

  it('stops where the map before the activation is an output of the model', () => {
    const graph = graphOf([stem, ['layer', convolution(3, 2)], ['relu', relu]], { outputs: ['layer', 'relu'] });
    expect(planFix(rewritable(graph), 'layer', tri3)).toMatchObject({ plan: { blurAfter: 'layer' } });
  });

  it('offers the stem but leaves it out of "fix all"', () => {
    const graph = graphOf([
      ['norm', batchNormalization],
      ['layer', convolution(7, 2)],
      ['relu', relu],
    ]);
    expect(planFix(rewritable(graph), 'layer', tri3)).toMatchObject({ ok: true, inFixAll: false });
  });

  it('says that every reader gets the blurred map', () => {
    const graph = graphOf([
      stem,
      ['layer', convolution(3, 2)],
      ['relu', relu],
      ['a', convolution(3, 1)],
      ['b', convolution(3, 1), ['relu']],
    ]);
    expect(planFix(rewritable(graph), 'layer', tri3)).toMatchObject({
      plan: { notes: [expect.stringContaining('All 2 readers of "relu"')] },
    });
  });

  it.each<[string, readonly LayerSpec[], RegExp]>([
    ['an average wider than every filter', [stem, ['layer', averagePool(40, 2)]], /wider than the widest filter/],
    ['a rearrangement', [stem, ['layer', { kind: 'space-to-depth', block: [2, 2] }]], /loses none/],
    ['patches', [['layer', convolution(4, 4)]], /cuts the image into patches/],
    ['a layer that is no window', [stem, ['layer', relu]], /has no rewrite/],
    ['an unknown layer', [stem], /no layer named "layer"/],
  ])('refuses %s with the reason', (_, layers, reason) => {
    expect(planFix(rewritable(graphOf(layers)), 'layer', tri3)).toEqual({
      ok: false,
      reason: expect.stringMatching(reason),
      nodes: ['layer'],
    });
  });
});
