import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import type { ModelSource } from '../../../src/core/formats/format';
import { decodeModel } from '../../../src/core/formats/onnx/wire/proto';
import { encodeFloatTensor, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { openModel } from '../../../src/core/formats/registry';
import { choosePreprocessing } from '../../../src/core/input/preprocessing';
import { lintGraph } from '../../../src/core/lint/linter';
import { selectPlans } from '../../../src/core/lint/select-plans';
import { externalTensor, floatTensor, memorySource, model, node, noise } from '../onnx/models';
import { sourceOf } from '../tfjs-files';
import { GraphBuilder, windowed } from '../tfjs-graph/graph-builder';
import { noting, readAgain } from './noting-source';

vi.mock(import('../../../src/core/formats/onnx/wire/proto'), async (original) => {
  const proto = await original();
  return { ...proto, decodeModel: vi.fn(proto.decodeModel) };
});

afterEach(() => {
  vi.restoreAllMocks();
});

const strided = { kernel_shape: { ints: [3, 3] }, strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } };
const binomial = [1, 2, 1, 2, 4, 2, 1, 2, 1].map((weight) => weight / 16);

/** A strided convolution, a blur and a pool; weights of the two convolutions as given. */
function convolutionBlurPool(initializers: readonly Uint8Array[]): Uint8Array {
  return model({
    nodes: [
      node({ name: 'conv', opType: 'Conv', inputs: ['x', 'w'], outputs: ['a'], attributes: strided }),
      node({ name: 'blur', opType: 'Conv', inputs: ['a', 'b'], outputs: ['c'], attributes: { ...strided, group: { int: 128 } } }),
      node({
        name: 'pool',
        opType: 'MaxPool',
        inputs: ['c'],
        outputs: ['y'],
        attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
      }),
    ],
    initializers,
    inputs: [encodeValueInfo('x', 1, [1, 128, 64, 64])],
    outputs: [encodeValueInfo('y')],
  });
}

function floatBytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

const blurValues = Array.from({ length: 128 }, () => binomial).flat();
const learned = 128 * 128 * 9;

const sources: Readonly<Record<string, () => Promise<ModelSource>>> = {
  'ONNX, read whole': async () => memorySource(new Uint8Array(await readFile('samples/shapes.onnx'))),
  'ONNX, skimmed': () =>
    Promise.resolve(
      memorySource(convolutionBlurPool([floatTensor('w', [128, 128, 3, 3], 1), encodeFloatTensor('b', [128, 1, 3, 3], blurValues)])),
    ),
  'ONNX with weights in a file beside it': () => {
    const weights = floatBytes([...noise(learned), ...blurValues]);
    const file = convolutionBlurPool([
      externalTensor('w', [128, 128, 3, 3], 'weights.bin'),
      externalTensor('b', [128, 1, 3, 3], 'weights.bin', 4 * learned),
    ]);
    const text = { ...memorySource(file), ...beside('weights.bin', weights) };
    return Promise.resolve(text);
  },
  'TensorFlow.js layers-model': async () => {
    const [text, weights] = await Promise.all([
      readFile('samples/shapes-tfjs/model.json', 'utf8'),
      readFile('samples/shapes-tfjs/weights.bin'),
    ]);
    return sourceOf({ text, files: new Map([['weights.bin', new Uint8Array(weights)]]) });
  },
  'TensorFlow.js graph-model': () => {
    const builder = new GraphBuilder();
    const convolution = builder.op(
      'Conv2D',
      'conv',
      [builder.input([1, 32, 32, 3]), builder.weight('w', [3, 3, 3, 8])],
      windowed([2, 2], 'SAME'),
    );
    const kernel = builder.constant(
      'k',
      [3, 3, 8, 1],
      binomial.flatMap((tap) => Array.from({ length: 8 }, () => tap)),
      'float32',
    );
    builder.op('DepthwiseConv2dNative', 'blur', [builder.op('Relu', 'relu', [convolution]), kernel], windowed([2, 2], 'SAME'));
    builder.op('MaxPool', 'y', ['blur'], windowed([2, 2], 'VALID', { ksize: { list: { i: ['1', '2', '2', '1'] } } }));
    return Promise.resolve(sourceOf(builder.model(['y'])));
  },
};

function beside(name: string, bytes: Uint8Array): Pick<ModelSource, 'readSibling' | 'siblingSize' | 'readSiblingRange'> {
  const file = (path: string): Uint8Array | undefined => (path === name ? bytes : undefined);
  return {
    readSibling: (path) => Promise.resolve(file(path)),
    siblingSize: (path) => Promise.resolve(file(path)?.length),
    readSiblingRange: (path, offset, length) => Promise.resolve(file(path)?.subarray(offset, offset + length)),
  };
}

/**
 * Judging, fixing all and planning a measurement. The copy of the bytes that a patch keeps is made by whoever writes the result,
 * and is no part of this.
 */
describe('a model is opened once: opened, judged, fixed and planned for measuring', () => {
  it.each(Object.entries(sources))('%s', async (_, make) => {
    const { source, ranges } = noting(await make());
    const parse = vi.spyOn(JSON, 'parse');
    vi.mocked(decodeModel).mockClear();
    const opened = await openModel(source);
    const findings = lintGraph(opened);
    const read = ranges.length;
    const places = await opened.locate(findings.map(({ layer }) => layer));
    const { plans } = selectPlans(findings, { layers: findings.map(({ layer }) => layer) });
    const patch = await opened.patch(plans);
    choosePreprocessing(opened.graph);
    planMeasurement(opened.graph);
    expect(findings.length).toBeGreaterThan(1);
    expect(patch.outcomes.map(({ ok }) => ok)).toEqual(plans.map(() => true));
    expect(places.size).toBe(opened.text === undefined ? 0 : findings.length);
    expect(readAgain(ranges)).toEqual([]);
    expect(ranges).toHaveLength(read);
    const isText = opened.text !== undefined;
    expect(parse.mock.calls.filter(([text]) => text === opened.text)).toHaveLength(isText ? 1 : 0);
    expect(vi.mocked(decodeModel).mock.calls).toHaveLength(isText ? 0 : 1);
  });
});
