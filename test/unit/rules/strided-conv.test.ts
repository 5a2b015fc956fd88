import { it } from 'vitest';
import { operations } from '../graph-builder';
import { act, describeRule, expectFlagged, stem } from './judging';

const { blur, convolution } = operations;

describeRule('strided-conv', [
  ['a stem with overlapping windows', [['layer', convolution(7, 4)]], [['layer', 'strided-conv']]],
  ['kernel = stride inside the network', [stem, act, ['layer', convolution(4, 4)]], [['layer', 'strided-conv']]],
  ['a kernel with one weight, which is no blur', [stem, act, ['pick', blur([0, 1, 0], 2)]], [['pick', 'strided-conv']]],
  ['a stride of 1', [stem, ['layer', convolution(3, 1)]], []],
]);

it.each([
  ['names the layer, the kernel, the stride and the remedy', convolution(3, 2), /\(3x3, stride 2\).*BlurPool/],
  ['flags a depthwise convolution', convolution(3, 2, { groups: 4 }), /alias/],
])('%s', (_, layer, message) => {
  expectFlagged('strided-conv', ['layer', layer], message);
});
