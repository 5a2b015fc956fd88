import { describe, expect, test } from 'vitest';
import { brainToNumber, numberToBrain } from '../../../src/core/formats/half';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { decodeModel } from '../../../src/core/formats/onnx/wire/proto';
import { tensorValues } from '../../../src/core/formats/onnx/wire/tensor-values';
import {
  encodeFloatTensor,
  encodeNode,
  encodeTensor,
  encodeValueInfo,
  type AttributeValue,
} from '../../../src/core/formats/onnx/wire/write';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { payloadSource } from '../../../src/engine/input/source';
import { readModel } from '../../../src/engine/input/read-model';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import { inMemory, measureOnnx } from '../engine-onnx/measuring';
import { externalCopy } from '../recover/external-copy';
import { memorySource, model, noise, patchedBytes } from '../onnx/models';

const side = 16;
const [float, brain] = [1, 16];
const rounded = (values: Float32Array): Float32Array => values.map((value) => brainToNumber(numberToBrain(value)));

/** Weights of a type; those of float32 hold the very values that bfloat16 has. */
function weight(name: string, dims: readonly number[], seed: number, type: number): Uint8Array {
  const values = rounded(
    noise(
      dims.reduce((product, length) => product * length, 1),
      seed,
    ),
  );
  if (type === float) return encodeFloatTensor(name, dims, [...values]);
  const rawData = new Uint8Array(Uint16Array.from(values, numberToBrain).buffer);
  return encodeTensor({ name, dims, dataType: brain, rawData });
}

/** A network of a type: from its image on, or behind a cast of a float32 image. */
function network(type: number, takes: 'its own' | 'float32', opset = 22): Uint8Array {
  const window = (kernel: number, stride: number, pad: number): Record<string, AttributeValue> => ({
    kernel_shape: { ints: [kernel, kernel] },
    strides: { ints: [stride, stride] },
    pads: { ints: [pad, pad, pad, pad] },
  });
  const isOwn = takes === 'its own';
  const half = encodeTensor({
    dims: [1],
    dataType: type,
    rawData: new Uint8Array(type === float ? Float32Array.of(0.5).buffer : Uint16Array.of(numberToBrain(0.5)).buffer),
  });
  return model({
    opsets: { '': opset },
    irVersion: 10,
    nodes: [
      ...(isOwn ? [] : [encodeNode({ opType: 'Cast', inputs: ['image'], outputs: ['x'], attributes: { to: { int: type } } })]),
      encodeNode({ name: 'conv', opType: 'Conv', inputs: [isOwn ? 'image' : 'x', 'w', 'b'], outputs: ['c'], attributes: window(3, 1, 1) }),
      encodeNode({ name: 'relu', opType: 'Relu', inputs: ['c'], outputs: ['r'] }),
      encodeNode({ name: 'pool', opType: 'MaxPool', inputs: ['r'], outputs: ['p'], attributes: window(2, 2, 0) }),
      encodeNode({ opType: 'Constant', inputs: [], outputs: ['half'], attributes: { value: { tensor: half } } }),
      encodeNode({ name: 'scale', opType: 'Mul', inputs: ['p', 'half'], outputs: ['s'] }),
      encodeNode({ name: 'down', opType: 'Conv', inputs: ['s', 'v'], outputs: ['d'], attributes: window(3, 2, 1) }),
      encodeNode({ name: 'end', opType: 'Sigmoid', inputs: ['d'], outputs: [isOwn ? 'y' : 'e'] }),
      ...(isOwn ? [] : [encodeNode({ opType: 'Cast', inputs: ['e'], outputs: ['y'], attributes: { to: { int: float } } })]),
    ],
    initializers: [weight('w', [4, 3, 3, 3], 1, type), weight('b', [4], 2, type), weight('v', [5, 4, 3, 3], 3, type)],
    inputs: [encodeValueInfo('image', isOwn ? type : float, [null, 3, side, side])],
    outputs: [encodeValueInfo('y', isOwn ? type : float)],
  });
}

const image = { data: rounded(noise(3 * side ** 2, 7)), dims: [1, 3, side, side] };

async function fixed(bytes: Uint8Array): Promise<Uint8Array> {
  const opened = await onnxFormat.open(memorySource(bytes));
  const plans = lintGraph(opened, { filter: blurFilter('tri-3') }).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
  expect(plans.map(({ layer }) => layer)).toEqual(['pool', 'down']);
  return patchedBytes(bytes, await opened.patch(plans));
}

describe.each(['its own', 'float32'] as const)('a model of bfloat16 that takes %s', (takes) => {
  test('is judged like its float32 parent, its weights read', async () => {
    const judged = async (type: number) => lintGraph(await onnxFormat.open(memorySource(network(type, takes))));
    const [found, expected] = [await judged(brain), await judged(float)];
    const brief = ({ rule, layer, message, cumulativeStride, fix: { ok } }: (typeof found)[number]): unknown => [
      ...[rule, layer, message, cumulativeStride, ok],
    ];
    expect(found.map(brief)).toEqual(expected.map(brief));
    expect(found.map(({ message }) => message)).toContainEqual(expect.stringContaining("% of its kernels' energy"));
  });

  test('is measured as its float32 parent is, and so is its fixed copy, whose blurs are of its type', async () => {
    for (const copy of [(bytes: Uint8Array) => Promise.resolve(bytes), fixed]) {
      const [found, expected] = [await copy(network(brain, takes)), await copy(network(float, takes))];
      const [measured, parent] = [await measureOnnx(inMemory(found), image), await measureOnnx(inMemory(expected), image)];
      expect(measured!.omitted).toEqual(parent!.omitted);
      expect(measured!.heatmaps.map(({ layer, tile }) => [layer.label, tile])).toEqual(
        parent!.heatmaps.map(({ layer, tile }) => [layer.label, tile]),
      );
      expect(measured!.notes).toContainEqual(expect.stringContaining('bfloat16 values are computed as float32'));
      const { graph } = decodeModel(found, 'found.onnx');
      expect(new Set(graph.initializers.filter(({ dims }) => dims.length === 4).map(({ dataType }) => dataType))).toEqual(new Set([brain]));
      const engine = await createOnnxEngine();
      const run = async (bytes: Uint8Array) =>
        (await engine.run(await readModel(inMemory(bytes)), new Map([['image', image]]))).map(({ data }) => data);
      expect(await run(found)).toEqual(await run(expected));
    }
    const { graph } = decodeModel(await fixed(network(brain, takes)), 'fixed.onnx');
    const kernel = graph.initializers.find(({ name }) => name.endsWith('blur_kernel'))!;
    expect(tensorValues(kernel, 1000)!.slice(0, 9)).toEqual([1, 2, 1, 2, 4, 2, 1, 2, 1].map((value) => value / 16));
  });
});

test('with its weights in a file beside it, a model of bfloat16 is judged, fixed, measured and run as with them inside', async () => {
  const bytes = network(brain, 'its own');
  const beside = await externalCopy(inMemory(bytes));
  expect(beside.bytes.length).toBeLessThan(bytes.length);
  const judged = async (payload: ModelPayload) => lintGraph(await onnxFormat.open(payloadSource(payload)));
  const found = await judged(beside);
  expect(found).toEqual(await judged(inMemory(bytes)));
  expect(found.map(({ aliasedEnergy }) => typeof aliasedEnergy)).toContain('number');

  const opened = await onnxFormat.open(payloadSource(beside));
  const patch = await opened.patch(found.flatMap(({ fix }) => (fix.ok ? [fix.plan] : [])));
  expect(patch.newFiles).toEqual([]);
  const copy = { ...beside, bytes: await patchedBytes(beside.bytes, patch) };
  expect(copy.bytes.length).toBeLessThan(bytes.length + 3000);
  expect(decodeModel(copy.bytes, 'copy.onnx').graph.initializers.filter(({ external }) => external !== undefined)).toHaveLength(3);
  for (const [outside, inside] of [
    [beside, bytes],
    [copy, await fixed(bytes)],
  ] as const) {
    const [measured, expected] = [await measureOnnx(outside, image), await measureOnnx(inMemory(inside), image)];
    expect(measured).toEqual(expected);
    const engine = await createOnnxEngine();
    const run = async (payload: ModelPayload) =>
      (await engine.run(await readModel(payload), new Map([['image', image]]))).map(({ data }) => data);
    expect(await run(outside)).toEqual(await run(inMemory(inside)));
  }
});

test('an image is rounded to bfloat16 before a model of it sees it', async () => {
  const exact = { ...image, data: noise(3 * side ** 2, 7) };
  const [given, given16] = [
    await measureOnnx(inMemory(network(brain, 'its own')), exact),
    await measureOnnx(inMemory(network(brain, 'its own')), image),
  ];
  expect(given!.heatmaps.map(({ tile }) => tile)).toEqual(given16!.heatmaps.map(({ tile }) => tile));
});
