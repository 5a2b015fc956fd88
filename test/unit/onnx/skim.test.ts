import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inMemory, piecedSource, readAll, type ByteSource } from '../../../src/core/formats/byte-source';
import { decodeModel, type OnnxGraph } from '../../../src/core/formats/onnx/wire/proto';
import { patchModel } from '../../../src/core/formats/onnx/patch/patch';
import { readGraph } from '../../../src/core/formats/onnx/read/read-graph';
import { skimModel, type SkimOptions } from '../../../src/core/formats/onnx/wire/skim';
import { encodeFloatTensor, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { planFix } from '../../../src/core/rewrite/planner';
import { floatTensor, model, node, noise } from './models';
import { rewritable } from '../graph-builder';

const oracle = path.resolve('test/fixtures/oracle');

/** A source that counts what is read of it. */
function counting(bytes: Uint8Array): { readonly source: ByteSource; readonly read: () => number } {
  const inner = inMemory(bytes);
  const { size } = inner;
  let total = 0;
  return {
    source: {
      size,
      read: (offset, length) => {
        total += Math.min(length, size - offset);
        return inner.read(offset, length);
      },
    },
    read: () => total,
  };
}

async function skimmed(bytes: Uint8Array, options: SkimOptions) {
  const { source, read } = counting(bytes);
  const { bytes: rest, layout } = await skimModel(source, { wholeUpTo: 0, ...options });
  return { model: decodeModel(rest, 'model.onnx', layout), read: read() };
}

/** What judging sees of a graph: everything but the places in the file and the values of large tensors. */
const outline = ({ nodes, initializers, inputs, outputs, valueInfo }: OnnxGraph): unknown => ({
  nodes: nodes.map(({ name, opType, inputs: reads, outputs: writes, attributes }) => [name, opType, reads, writes, [...attributes.keys()]]),
  initializers: initializers.map(({ name, dims, dataType }) => [name, dims, dataType]),
  values: [...inputs, ...outputs, ...valueInfo].map(({ name, shape }) => [name, shape]),
});

/** A network with large weights: raw, packed, as a Constant, and inside a branch. */
function largeModel(): Uint8Array {
  const weights = (name: string, channels: number): Uint8Array => floatTensor(name, [channels, channels, 3, 3], channels);
  const strided = { kernel_shape: { ints: [3, 3] }, strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } };
  const blur = Array.from({ length: 64 }, () => [1, 2, 1, 2, 4, 2, 1, 2, 1].map((weight) => weight / 16)).flat();
  return model({
    nodes: [
      node({ name: 'constant', opType: 'Constant', inputs: [], outputs: ['w1'], attributes: { value: { tensor: weights('', 64) } } }),
      node({ name: 'conv1', opType: 'Conv', inputs: ['x', 'w0'], outputs: ['a'], attributes: strided }),
      node({ name: 'relu', opType: 'Relu', inputs: ['a'], outputs: ['b'] }),
      node({ name: 'conv2', opType: 'Conv', inputs: ['b', 'w1'], outputs: ['c'], attributes: strided }),
      node({ name: 'blur', opType: 'Conv', inputs: ['c', 'blurred'], outputs: ['d'], attributes: { ...strided, group: { int: 64 } } }),
      node({
        name: 'pool',
        opType: 'MaxPool',
        inputs: ['d'],
        outputs: ['y'],
        attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
      }),
    ],
    initializers: [
      weights('w0', 64),
      encodeFloatTensor('blurred', [64, 1, 3, 3], blur),
      encodeFloatTensor('learned', [64, 1, 3, 3], [...noise(576)]),
    ],
    inputs: [encodeValueInfo('x', 1, [1, 64, 64, 64])],
    outputs: [encodeValueInfo('y')],
  });
}

describe('a skim', () => {
  it.each([1, 21, 64, 997, 4096, 1 << 20])('sees the same graph through windows of %i bytes', async (windowLength) => {
    for (const bytes of [largeModel(), new Uint8Array(await readFile(path.join(oracle, 'resnet_like.onnx')))]) {
      const { model: whole } = { model: decodeModel(bytes, 'model.onnx') };
      const { model: partial } = await skimmed(bytes, { windowLength });
      expect(outline(partial.graph)).toEqual(outline(whole.graph));
      const judged = lintGraph(rewritable(readGraph(partial, 'model.onnx')));
      expect(judged).toEqual(lintGraph(rewritable(readGraph(whole, 'model.onnx'))));
      expect(judged.length).toBeGreaterThan(2);
    }
  });

  it('reads a small part of the file, and keeps a blur’s kernel but not a learned one’s', async () => {
    const bytes = largeModel();
    const { model: partial, read } = await skimmed(bytes, { windowLength: 256 });
    expect(read).toBeLessThan(bytes.length / 10);
    expect(partial.bytes.length).toBeLessThan(6000);
    const left = partial.graph.initializers.map((tensor) => [tensor.name, partial.layout.skippedValues(tensor.field.start) !== undefined]);
    expect(left).toEqual([
      ['w0', true],
      ['blurred', false],
      ['learned', true],
    ]);
  });

  it('knows where the values that it left out stand', async () => {
    const bytes = largeModel();
    const { model: partial } = await skimmed(bytes, {});
    const place = partial.layout.skippedValues(partial.graph.initializers[0]!.field.start)!;
    const values = new Float32Array(bytes.slice(place.start, place.end).buffer);
    expect(values).toEqual(new Float32Array(decodeModel(bytes, '').graph.initializers[0]!.message.slice(-values.byteLength).buffer));
  });

  it('is patched into the very bytes that a whole file is', async () => {
    for (const bytes of [largeModel(), new Uint8Array(await readFile(path.join(oracle, 'vgg_like.onnx')))]) {
      const files = await Promise.all(
        [decodeModel(bytes, 'model.onnx'), (await skimmed(bytes, { windowLength: 64 })).model].map(async (decoded) => {
          const indexed = rewritable(readGraph(decoded, 'model.onnx'));
          const plans = lintGraph(indexed).flatMap(({ layer }) => {
            const result = planFix(indexed, layer, blurFilter('tri-3'));
            return result.ok ? [result.plan] : [];
          });
          const { pieces, outcomes } = patchModel(decoded, indexed, plans);
          expect(outcomes.filter(({ ok }) => ok).length).toBeGreaterThan(1);
          return readAll(piecedSource(inMemory(bytes), pieces));
        }),
      );
      expect(Buffer.compare(files[0]!, files[1]!)).toBe(0);
    }
  });

  it.each([0, 1, 2, 3])('of a file that is cut off reports the same as a whole reading (%i)', async (seed) => {
    const bytes = largeModel();
    for (let turn = 0; turn < 40; turn++) {
      const length = Math.floor((noise(41, seed + 1)[turn]! * 0.5 + 0.5) * (bytes.length - 20)) + 10;
      const cut = bytes.subarray(0, length);
      const problem = await skimModel(inMemory(cut), { wholeUpTo: 0, windowLength: 64 }).then(
        () => undefined,
        (error: unknown) => error as Error,
      );
      expect(problem?.name, `cut at ${length}`).toBe('WireError');
      expect(() => decodeModel(cut, 'model.onnx')).toThrow(/truncated/);
      expect(problem).toMatchObject({ problem: 'ended', endsFile: true });
    }
  });
});

describe('piecedSource', () => {
  it('reads any range of the new file', async () => {
    const base = Uint8Array.from({ length: 100 }, (_, index) => index);
    const pieces = [
      { start: 10, end: 20 },
      Uint8Array.of(200, 201),
      { start: 5, end: 5 },
      { start: 90, end: 100 },
      Uint8Array.of(),
      { start: 0, end: 3 },
    ];
    const source = piecedSource(inMemory(base), pieces);
    const whole = [...base.slice(10, 20), 200, 201, ...base.slice(90), 0, 1, 2];
    expect([...(await readAll(source))]).toEqual(whole);
    for (let offset = 0; offset <= whole.length; offset++) {
      for (const length of [0, 1, 3, 11, 40])
        expect([...(await source.read(offset, length))]).toEqual(whole.slice(offset, offset + length));
    }
  });
});
