import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { decodeModel } from '../../../src/core/formats/onnx/wire/proto';
import { elementType } from '../../../src/core/formats/onnx/wire/schema';
import { encodeFloatTensor, encodeModel, encodeNode, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { lintGraph } from '../../../src/core/lint/linter';
import type { InputSpec, ModelPayload } from '../../../src/engine/protocol/payload';
import { inMemory } from '../engine-onnx/measuring';
import { answer } from '../engine-onnx/serving';
import { memorySource, noise, patchedBytes } from '../onnx/models';

/** Models that users reported, remade small, as they are measured. */
const fixtures = path.resolve(import.meta.dirname, '../../fixtures/field/onnx');
const payloadOf = (name: string): ModelPayload => inMemory(readFileSync(path.join(fixtures, `${name}.onnx`)));

async function measured(model: ModelPayload, input: InputSpec) {
  const options = { metric: 'flat', memoryBudgetBytes: 2 ** 30 } as const;
  const { measurement } = await answer('measure', { model, input, options });
  expect(measurement.omitted).toEqual([]);
  return measurement.heatmaps.map(({ layer, tile }) => ({ op: layer.op, tile: [...tile] }));
}

test('SAME padding that the graph computes with Clip gives the heatmaps that it gives with Max', async () => {
  const pattern = { kind: 'pattern' } as const;
  const [clip, max] = [
    await measured(payloadOf('timm_conv2dsame'), pattern),
    await measured(payloadOf('timm_conv2dsame_max_instead_of_clip'), pattern),
  ];
  expect(clip).toHaveLength(4);
  expect(clip).toEqual(max);
});

/** The model behind the transpose that it begins with. */
function withoutTranspose(payload: ModelPayload): ModelPayload {
  const { graph, irVersion, opsetVersion } = decodeModel(payload.bytes, payload.path);
  const [transpose, ...nodes] = graph.nodes;
  expect(transpose!.opType).toBe('Transpose');
  return inMemory(
    encodeModel({
      irVersion,
      opsets: { '': opsetVersion },
      nodes: nodes.map(({ message }) => message),
      initializers: graph.initializers.map(({ message }) => message),
      inputs: [encodeValueInfo(transpose!.outputs[0]!, 1, [1, 3, 32, 32])],
      outputs: graph.outputs.map(({ name }) => encodeValueInfo(name, 1)),
    }),
  );
}

test('an image with its channels last is followed through the transpose, as a picture and as a tensor', async () => {
  const size = 32;
  const pixels = noise(3 * size ** 2, 5);
  const last = pixels.map((_, index) => pixels[(index % 3) * size ** 2 + Math.floor(index / 3)]!);
  const [turning, turned] = [payloadOf('nhwc_stem'), withoutTranspose(payloadOf('nhwc_stem'))];
  const expected = await measured(turned, { kind: 'tensor', shape: [1, 3, size, size], data: pixels });
  expect(expected).toHaveLength(3);
  expect(await measured(turning, { kind: 'tensor', shape: [1, size, size, 3], data: last })).toEqual(expected);
  expect(await measured(turning, { kind: 'pattern' })).toEqual(await measured(turned, { kind: 'pattern' }));
});

/** Pixels of whole numbers that are scaled, in front of a strided convolution, by the file's own axes. */
function preparing(channels: 'first' | 'last'): ModelPayload {
  const isLast = channels === 'last';
  const perChannel = (name: string, values: readonly number[]): Uint8Array => encodeFloatTensor(name, isLast ? [3] : [3, 1, 1], values);
  const conv = { kernel_shape: { ints: [3, 3] }, strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } };
  return inMemory(
    encodeModel({
      irVersion: 8,
      opsets: { '': 17 },
      nodes: [
        encodeNode({ opType: 'Cast', inputs: ['x'], outputs: ['pixels'], attributes: { to: { int: 1 } } }),
        encodeNode({ opType: 'Sub', inputs: ['pixels', 'mean'], outputs: ['centred'] }),
        encodeNode({ opType: 'Div', inputs: ['centred', 'deviation'], outputs: ['scaled'] }),
        isLast
          ? encodeNode({ opType: 'Transpose', inputs: ['scaled'], outputs: ['map'], attributes: { perm: { ints: [0, 3, 1, 2] } } })
          : encodeNode({ opType: 'Identity', inputs: ['scaled'], outputs: ['map'] }),
        encodeNode({ opType: 'Conv', inputs: ['map', 'w'], outputs: ['y'], attributes: conv }),
      ],
      initializers: [
        perChannel('mean', [123.7, 116.3, 103.5]),
        perChannel('deviation', [58.4, 57.1, 57.4]),
        encodeFloatTensor('w', [4, 3, 3, 3], [...noise(4 * 3 * 9, 7)]),
      ],
      inputs: [encodeValueInfo('x', elementType.uint8, isLast ? [1, 16, 20, 3] : [1, 3, 16, 20])],
      outputs: [encodeValueInfo('y', 1)],
    }),
  );
}

test('pixels that are scaled before their channels are moved are measured as those of the same model with its channels first', async () => {
  const [plane, channels] = [16 * 20, 3];
  const first = noise(channels * plane, 9).map((value) => Math.round((value + 1) * 127));
  const last = first.map((_, index) => first[(index % channels) * plane + Math.floor(index / channels)]!);
  const expected = await measured(preparing('first'), { kind: 'tensor', shape: [1, channels, 16, 20], data: first });
  const heatmaps = await measured(preparing('last'), { kind: 'tensor', shape: [1, 16, 20, channels], data: last });
  expect(heatmaps.map(({ op }) => op)).toEqual(['Cast', 'Sub', 'Div', 'Conv']);
  expect(expected.at(-1)!.tile.some((value) => value < 0.99)).toBe(true);
  for (const { op, tile } of heatmaps) {
    expect(tile, op).toEqual(expected.find((other) => other.op === op)!.tile.map((value): unknown => expect.closeTo(value, 6)));
  }
  const deployed = async (order: 'first' | 'last') => {
    const options = { metric: 'flat', memoryBudgetBytes: 2 ** 30, pattern: 'diagonal' } as const;
    const { measurement } = await answer('measure-deployed', { model: preparing(order), input: { kind: 'pattern' }, options });
    return measurement.heatmaps.filter(({ op }) => op !== 'Identity').map(({ op, values }) => ({ op, values: [...values] }));
  };
  expect(await deployed('last')).toEqual(await deployed('first'));
  for (const input of [{ kind: 'pattern' }, { kind: 'tensor', shape: [1, 16, 20, channels], data: last }] as const) {
    const { outputs } = await answer('run', { model: preparing('last'), input });
    const given = input.kind === 'tensor' ? ({ ...input, shape: [1, channels, 16, 20], data: first } as const) : input;
    expect(outputs).toEqual((await answer('run', { model: preparing('first'), input: given })).outputs);
  }
});

test('a mean image that is taken off before the channels are moved is refused in one sentence', async () => {
  const nodes = [
    encodeNode({ opType: 'Sub', inputs: ['x', 'mean'], outputs: ['centred'] }),
    encodeNode({ opType: 'Transpose', inputs: ['centred'], outputs: ['map'], attributes: { perm: { ints: [0, 3, 1, 2] } } }),
    encodeNode({
      opType: 'MaxPool',
      inputs: ['map'],
      outputs: ['y'],
      attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
    }),
  ];
  const initializers = [encodeFloatTensor('mean', [8, 8, 3], [...noise(8 * 8 * 3, 4)])];
  const ends = { inputs: [encodeValueInfo('x', 1, [1, 8, 8, 3])], outputs: [encodeValueInfo('y', 1)] };
  const model = inMemory(encodeModel({ irVersion: 8, opsets: { '': 17 }, nodes, initializers, ...ends }));
  await expect(measured(model, { kind: 'pattern' })).rejects.toThrow(
    'The input "x" has its channels last, and before a transpose moves them, the model treats its positions unlike each other',
  );
});

test('nodes that stand in any order keep it in a fixed file', async () => {
  const { bytes } = payloadOf('fp16_io_small');
  const opened = await onnxFormat.open(memorySource(bytes));
  const plans = lintGraph(opened).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
  const fixed = await patchedBytes(bytes, await opened.patch(plans));
  const namesOf = (file: Uint8Array): readonly string[] => decodeModel(file, 'model.onnx').graph.nodes.map(({ name }) => name);
  const kept = new Set(namesOf(fixed));
  const before = namesOf(bytes);
  expect(before.at(-2)).toBe('graph_input_cast0');
  const own = namesOf(fixed).filter((name) => before.includes(name));
  expect(own).toEqual(before.filter((name) => kept.has(name)));
});
