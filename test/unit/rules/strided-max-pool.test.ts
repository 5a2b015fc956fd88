import { expect, it } from 'vitest';
import { operations, window } from '../graph-builder';
import { describeRule, expectFlagged, findingsIn, stem } from './judging';

const { maxPool } = operations;

describeRule('strided-max-pool', [
  ['a stride of 2', [stem, ['layer', maxPool(2, 2)]], [['layer', 'strided-max-pool']]],
  ['overlapping windows', [stem, ['layer', maxPool(3, 2)]], [['layer', 'strided-max-pool']]],
  ['a stride of 1', [stem, ['layer', maxPool(3, 1)]], []],
  ['a pool over the whole map', [stem, ['layer', maxPool(32, 32)]], []],
]);

it('names the layer, the kernel, the stride and the remedy', () => {
  expectFlagged('strided-max-pool', ['layer', maxPool(2, 2)], /^max-pool "layer" \(2x2, stride 2\).*BlurPool/);
});

it('names a stride of its own for each axis', () => {
  const [finding] = findingsIn([stem, ['layer', { kind: 'max-pool', window: { ...window(2, 2), stride: [2, 1] } }]]);
  expect(finding).toMatchObject({ rule: 'strided-max-pool', message: expect.stringContaining('stride 2x1'), stride: [2, 1] });
});
