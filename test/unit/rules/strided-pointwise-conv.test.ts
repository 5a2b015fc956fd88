import { it } from 'vitest';
import { operations } from '../graph-builder';
import { act, describeRule, expectFlagged, stem, tri } from './judging';

const { averagePool, blur, convolution } = operations;

describeRule('strided-pointwise-conv', [
  ['a shortcut', [stem, act, ['layer', convolution(1, 2)]], [['layer', 'strided-pointwise-conv']]],
  ['a shortcut behind a dense average', [stem, act, ['average', averagePool(2, 1)], ['layer', convolution(1, 2)]], []],
  [
    'a shortcut behind a blur that itself subsamples',
    [stem, act, ['blur', blur(tri, 2)], ['layer', convolution(1, 2)]],
    [['layer', 'strided-pointwise-conv']],
  ],
  ['a stride of 1', [stem, act, ['layer', convolution(1, 1)]], []],
]);

it('counts the samples that are dropped', () => {
  expectFlagged('strided-pointwise-conv', ['layer', convolution(1, 2)], /drops 3 of every 4 samples/);
});
