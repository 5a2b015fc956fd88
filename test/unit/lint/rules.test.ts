import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/core/graph/model-graph';
import { lintGraph } from '../../../src/core/lint/linter';
import { isSuppressed } from '../../../src/core/lint/suppression';
import type { RuleId } from '../../../src/core/rules/registry';
import { graphOf, operations, type LayerSpec } from '../graph-builder';
import { indexGraph } from '../../../src/core/graph/dataflow';

const { convolution, maxPool, averagePool, relu, batchNormalization, add, slice, resize, spaceToDepth, blur, globalPool } = operations;
const stem: LayerSpec = ['stem', convolution(3, 1)];
const act: LayerSpec = ['act', relu];
const tri = [1, 2, 1];

type Expected = readonly (readonly [layer: string, rule: RuleId])[];
const rulesOf = (layers: readonly LayerSpec[]): Expected => lintGraph(indexGraph(graphOf(layers))).map(({ layer, rule }) => [layer, rule]);

describe('every rule finds what it is for', () => {
  it.each<[string, readonly LayerSpec[], Expected]>([
    ['a strided slice', [stem, ['layer', slice(2)]], [['layer', 'strided-subsample']]],
    ['a max-pool of one sample', [stem, ['layer', maxPool(1, 2)]], [['layer', 'strided-subsample']]],
    ['an average of one sample', [stem, ['layer', averagePool(1, 2)]], [['layer', 'strided-subsample']]],
    ['a nearest resize to half', [stem, ['layer', resize('nearest')]], [['layer', 'strided-subsample']]],
    ['a linear resize to half', [stem, ['layer', resize('linear')]], [['layer', 'strided-subsample']]],
    ['an antialiased resize', [stem, ['layer', resize('linear', true)]], []],
    [
      'patches of the image',
      [
        ['layer', convolution(16, 16)],
        ['norm', batchNormalization],
      ],
      [['layer', 'patchify-conv']],
    ],
    [
      'patches of a normalised image',
      [
        ['norm', batchNormalization],
        ['layer', convolution(4, 4)],
      ],
      [['layer', 'patchify-conv']],
    ],
    ['a stem with overlapping windows', [['layer', convolution(7, 4)]], [['layer', 'strided-conv']]],
    ['kernel = stride inside the network', [stem, act, ['layer', convolution(4, 4)]], [['layer', 'strided-conv']]],
    ['a space-to-depth', [stem, ['layer', spaceToDepth(2)]], [['layer', 'space-to-depth']]],
    ['a space-to-depth of blocks of one', [stem, ['layer', spaceToDepth(1)]], []],
    ['a blur narrower than its stride', [stem, act, ['layer', blur([1, 1], 3)]], [['layer', 'weak-blur']]],
    ['a blur that is not normalised', [stem, act, ['layer', blur(tri, 2, 1.5)]], [['layer', 'weak-blur']]],
    ['a blur between a convolution and its activation', [stem, ['layer', blur(tri, 2)], act], [['layer', 'weak-blur']]],
    ['the same with a normalisation', [stem, ['norm', batchNormalization], ['layer', blur(tri, 2)], act], [['layer', 'weak-blur']]],
    [
      'a blur in front of a strided maximum',
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
  ])('%s', (_, layers, expected) => {
    expect(rulesOf(layers)).toEqual(expected);
  });
});

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
    expect(rulesOf(layers)).toEqual([]);
  });

  it('Composer: a blur in front of the convolution is a weak blur, and no strided convolution', () => {
    const layers: readonly LayerSpec[] = [
      stem,
      act,
      ['blur', blur(tri, 1)],
      ['conv', convolution(3, 2)],
      ['n', batchNormalization],
      ['r', relu],
    ];
    expect(rulesOf(layers)).toEqual([['blur', 'weak-blur']]);
    expect(lintGraph(indexGraph(graphOf(layers)))[0]).toMatchObject({
      severity: 'information',
      message: expect.stringContaining('in front of the nonlinearity "r"'),
    });
  });

  it('timm: an average-pool with a stride is information, since it filters weakly', () => {
    expect(lintGraph(indexGraph(graphOf([stem, act, ['aa', averagePool(2, 2)]])))).toMatchObject([
      { rule: 'strided-avg-pool', severity: 'information' },
    ]);
  });

  it('a kernel with one weight is no blur', () => {
    expect(rulesOf([stem, act, ['pick', blur([0, 1, 0], 2)]])).toEqual([['pick', 'strided-conv']]);
  });

  it.each<[string, LayerSpec]>([
    ['a global pool', ['layer', globalPool]],
    ['a pool over the whole map', ['layer', averagePool(32, 32)]],
  ])('%s is no subsampling', (_, layer) => {
    expect(rulesOf([stem, layer])).toEqual([]);
  });
});

describe('evidence', () => {
  const withKernels = (taps: readonly number[]): Operation =>
    convolution(3, 2, { kernels: { shape: [3, 3], values: Float32Array.from(taps.flatMap((a) => taps.map((b) => a * b))) } });

  it('is the share of the kernels beyond the new limit, and part of the message', () => {
    const [finding] = lintGraph(indexGraph(graphOf([stem, ['layer', withKernels([1, -2, 1])]])));
    expect(finding).toMatchObject({
      severity: 'warning',
      message: expect.stringMatching(/\d\d % of its kernels' energy lies beyond the new sampling limit\.$/),
    });
    expect(finding!.aliasedEnergy).toBeGreaterThan(0.9);
  });

  it('lowers the severity one step for filters that low-pass by themselves', () => {
    const [finding] = lintGraph(indexGraph(graphOf([stem, ['layer', withKernels([1, 2, 1])]])));
    expect(finding).toMatchObject({ severity: 'information', message: expect.stringContaining('Only 15 %') });
  });
});

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
    const findings = lintGraph(indexGraph(graph), { ignoreLayers: [{ layers: 'down/*', rules: ['strided-max-pool'] }] });
    expect(findings.map(({ layer }) => layer)).toEqual(['down/conv']);
  });
});
