import { describe, expect, it } from 'vitest';
import { operations, type LayerSpec } from '../graph-builder';
import { act, findingsIn, stem, tri } from '../rules/judging';

const { add, averagePool, batchNormalization, blur, convolution, globalPool, maxPool, relu, resize, slice } = operations;

describe('existing anti-aliasing is recognised', () => {
  const shortcut: readonly LayerSpec[] = [stem, act, ['main', convolution(3, 1)], ['main act', relu]];
  it.each<[string, readonly LayerSpec[]]>([
    ['antialiased-cnns: max, then blur', [stem, act, ['max', maxPool(2, 1)], ['blur', blur([1, 3, 3, 1], 2)]]],
    [
      'antialiased-cnns: stem blurred twice',
      [stem, act, ['a', blur([1, 3, 3, 1], 2)], ['max', maxPool(3, 1)], ['b', blur([1, 3, 3, 1], 2)]],
    ],
    [
      'antialiased-cnns: convolution, activation, blur',
      [stem, act, ['c', convolution(3, 1)], ['r', relu], ['blur', blur([1, 4, 6, 4, 1], 2)], ['d', convolution(1, 1)]],
    ],
    [
      'antialiased-cnns: shortcut',
      [
        ...shortcut,
        ['down', blur(tri, 2), ['act']],
        ['proj', convolution(1, 1)],
        ['norm', batchNormalization],
        ['main blur', blur(tri, 2), ['main act']],
        ['sum', add, ['norm', 'main blur']],
      ],
    ],
    [
      'antialiased-cnns: DenseNet transition',
      [
        stem,
        ['n', batchNormalization],
        act,
        ['c', convolution(1, 1)],
        ['blur', blur([1, 3, 3, 1], 2)],
        ['n2', batchNormalization],
        ['r2', relu],
      ],
    ],
    [
      'timm: BlurPool2d behind the activation',
      [stem, ['n', batchNormalization], act, ['blur', blur([1, 2, 1], 2)], ['c', convolution(3, 1)]],
    ],
    ['timm: dense average in a shortcut', [stem, act, ['avg', averagePool(2, 1)], ['proj', convolution(1, 2)], ['n', batchNormalization]]],
    ['kornia: MaxBlurPool2D', [stem, act, ['max', maxPool(3, 1)], ['blur', blur(tri, 2)]]],
    ['tf.nn.avg_pool as a blur in front of a slice', [stem, act, ['avg', averagePool(3, 1)], ['pick', slice(2)]]],
    ['a blur in front of a resize', [stem, act, ['blur', blur(tri, 1)], ['small', resize('nearest')]]],
    ['Rect-2 at stride 2', [stem, act, ['blur', blur([1, 1], 2)]]],
    ['a dense blur that guards nothing', [stem, ['blur', blur(tri, 1)], act]],
  ])('%s', (_, layers) => {
    expect(findingsIn(layers)).toEqual([]);
  });

  it.each<[string, LayerSpec]>([
    ['a global pool', ['layer', globalPool]],
    ['a pool over the whole map', ['layer', averagePool(32, 32)]],
  ])('%s is no subsampling', (_, layer) => {
    expect(findingsIn([stem, layer])).toEqual([]);
  });
});
