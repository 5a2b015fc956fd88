import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { lintGraph } from '../../../src/core/lint/linter';
import type { Finding } from '../../../src/core/rules/finding';
import { encodeNode, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { memorySource, model, floatTensor } from '../onnx/models';

/** Models that users reported, remade small; what is right for each is what their own framework computes. */
const fixtures = path.resolve(import.meta.dirname, '../../fixtures/field/onnx');

async function lint(bytes: Uint8Array): Promise<readonly Finding[]> {
  return lintGraph(await onnxFormat.open(memorySource(bytes)));
}

const lintFile = (name: string): Promise<readonly Finding[]> => lint(readFileSync(path.join(fixtures, `${name}.onnx`)));

test('a model quantized while it runs has the strides of its float parent: scales beside the maps are no maps', async () => {
  const found = await lintFile('q_dyn_small');
  expect(found.map(({ op, cumulativeStride }) => [op, cumulativeStride])).toEqual([
    ['MaxPool', [2, 2]],
    ['ConvInteger', [4, 4]],
    ['ConvInteger', [8, 8]],
    ['AveragePool', [16, 16]],
    ['ConvInteger', [32, 32]],
  ]);
});

test('SAME padding that the graph computes with Clip is known, and the stem behind it is the stem', async () => {
  const [clip, max] = await Promise.all(['timm_conv2dsame', 'timm_conv2dsame_max_instead_of_clip'].map(lintFile));
  const brief = (found: readonly Finding[] | undefined): unknown =>
    found?.map(({ layer, cumulativeStride, fix }) => [layer, cumulativeStride, fix.ok && fix.inFixAll]);
  expect(brief(clip)).toEqual([
    ['/0/Conv', [2, 2], false],
    ['/2/Conv', [4, 4], true],
  ]);
  expect(brief(clip)).toEqual(brief(max));
});

test('behind a pad whose amounts are not known the cumulative stride is not known; the stem is still the stem', async () => {
  const nodes = [
    encodeNode({ opType: 'Pad', inputs: ['x', 'amounts'], outputs: ['padded'] }),
    encodeNode({ name: 'stem', opType: 'Conv', inputs: ['padded', 'w'], outputs: ['a'], attributes: { strides: { ints: [2, 2] } } }),
    encodeNode({
      name: 'pool',
      opType: 'MaxPool',
      inputs: ['a'],
      outputs: ['y'],
      attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
    }),
  ];
  const inputs = [encodeValueInfo('x', 1, [1, 3, 16, 16]), encodeValueInfo('amounts', 7, [8])];
  const bytes = model({ nodes, inputs, outputs: [encodeValueInfo('y')], initializers: [floatTensor('w', [4, 3, 3, 3], 1)] });
  const found = await lint(bytes);
  expect(found.map(({ layer, cumulativeStrideBefore, cumulativeStride }) => [layer, cumulativeStrideBefore, cumulativeStride])).toEqual([
    ['stem', null, null],
    ['pool', null, null],
  ]);
  expect(found[0]?.fix).toMatchObject({ ok: true, inFixAll: false });
});

test('a stem behind the transpose of a channels-last image is the stem, and its fix costs the same', async () => {
  const [last, first] = await Promise.all(['nhwc_stem', 'nchw_stem'].map(lintFile));
  const brief = (found: readonly Finding[] | undefined): unknown =>
    found?.map(({ layer, cumulativeStride, fix }) => [layer, cumulativeStride, fix.ok && fix.inFixAll, fix.ok && fix.price?.multiplyAdds]);
  expect(brief(last)).toEqual(brief(first));
  expect(last?.[0]?.fix).toMatchObject({ ok: true, inFixAll: false });
});

test('the stride of a video model is told along all its axes', async () => {
  const found = await lintFile('video3d');
  expect(found.map(({ stride, cumulativeStride, message }) => [stride, cumulativeStride, /\(.*?\)/.exec(message)?.[0]])).toEqual([
    [[1, 2, 2], [2, 2], '(3x7x7, stride 1x2x2)'],
    [[1, 2, 2], [4, 4], '(1x3x3, stride 1x2x2)'],
    [[2, 1, 1], [4, 4], '(3x1x1, stride 2x1x1)'],
    [[2, 2, 2], [8, 8], '(3x3x3, stride 2)'],
    [[1, 2, 2], [16, 16], '(1x2x2, stride 1x2x2)'],
  ]);
});

test.each([
  ['resize_half_linear', 'strided-avg-pool', 'information', /average of 2 samples/],
  ['resize_asym_linear', 'strided-subsample', 'warning', /keeps one of every 2/],
  ['resize_half_nearest', 'strided-subsample', 'warning', /keeps one of every 2/],
])('what %s does is told as it is', async (name, rule, severity, message) => {
  expect(await lintFile(name)).toMatchObject([{ rule, severity, message: expect.stringMatching(message) }]);
});

test('nodes may stand in any order, as converters to float16 leave them', async () => {
  const found = await lintFile('fp16_io_small');
  expect(found.map(({ op, cumulativeStride }) => [op, cumulativeStride])).toEqual([
    ['MaxPool', [2, 2]],
    ['Conv', [4, 4]],
    ['Conv', [8, 8]],
    ['AveragePool', [16, 16]],
    ['Conv', [32, 32]],
  ]);
});

test('a model that ONNX Runtime compiled for one machine has one finding, which says so', async () => {
  const nodes = ['ReorderInput', 'Conv', 'MaxPool', 'ReorderOutput'].map((opType, index) =>
    encodeNode({
      name: `node ${index}`,
      opType,
      domain: 'com.microsoft.nchwc',
      inputs: [index === 0 ? 'x' : `t${index - 1}`],
      outputs: [index === 3 ? 'y' : `t${index}`],
    }),
  );
  const bytes = model({ nodes, inputs: [encodeValueInfo('x', 1, [1, 3, 16, 16])], outputs: [encodeValueInfo('y')] });
  expect(await lint(bytes)).toMatchObject([
    {
      rule: 'compiled-model',
      layer: 'node 0',
      message: expect.stringContaining('first of 4 layers'),
      cumulativeStride: null,
      fix: { ok: false },
    },
  ]);
});
