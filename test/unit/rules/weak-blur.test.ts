import { expect, it } from 'vitest';
import { operations, type LayerSpec } from '../graph-builder';
import { act, describeRule, findingsIn, stem, tri } from './judging';

const { averagePool, batchNormalization, blur, convolution, maxPool, relu, slice } = operations;

/** As Composer writes it. */
const blurBeforeConvolution: readonly LayerSpec[] = [
  stem,
  act,
  ['blur', blur(tri, 1)],
  ['conv', convolution(3, 2)],
  ['n', batchNormalization],
  ['r', relu],
];

describeRule('weak-blur', [
  ['narrower than its stride', [stem, act, ['layer', blur([1, 1], 3)]], [['layer', 'weak-blur']]],
  ['not normalised', [stem, act, ['layer', blur(tri, 2, 1.5)]], [['layer', 'weak-blur']]],
  ['between a convolution and its activation', [stem, ['layer', blur(tri, 2)], act], [['layer', 'weak-blur']]],
  ['the same with a normalisation', [stem, ['norm', batchNormalization], ['layer', blur(tri, 2)], act], [['layer', 'weak-blur']]],
  [
    'in front of a strided maximum',
    [stem, act, ['layer', blur(tri, 1)], ['pool', maxPool(2, 2)]],
    [
      ['layer', 'weak-blur'],
      ['pool', 'strided-max-pool'],
    ],
  ],
  [
    'a dense average narrower than the stride behind',
    [stem, act, ['layer', averagePool(2, 1)], ['pick', slice(4)]],
    [['layer', 'weak-blur']],
  ],
  ['Composer: in front of the convolution, which is then no strided one', blurBeforeConvolution, [['blur', 'weak-blur']]],
  ['Tri-3 at stride 2 behind the activation', [stem, act, ['layer', blur(tri, 2)]], []],
]);

it('names the nonlinearity that it is in front of', () => {
  expect(findingsIn(blurBeforeConvolution)[0]).toMatchObject({
    severity: 'information',
    message: expect.stringContaining('in front of the nonlinearity "r"'),
  });
});
