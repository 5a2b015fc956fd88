import { expect, it } from 'vitest';
import { operations } from '../graph-builder';
import { act, describeRule, expectFlagged, findingsIn, stem } from './judging';

const { averagePool, globalPool } = operations;

describeRule('strided-avg-pool', [
  ['a stride of 2', [stem, act, ['layer', averagePool(2, 2)]], [['layer', 'strided-avg-pool']]],
  ['a global pool', [stem, ['layer', globalPool]], []],
  ['a pool over the whole map', [stem, ['layer', averagePool(32, 32)]], []],
]);

it('says that a box filter is all there is', () => {
  expectFlagged('strided-avg-pool', ['layer', averagePool(2, 2)], /box filter/);
});

it('timm: an average-pool with a stride is information, since it filters weakly', () => {
  expect(findingsIn([stem, act, ['aa', averagePool(2, 2)]])).toMatchObject([{ rule: 'strided-avg-pool', severity: 'information' }]);
});
