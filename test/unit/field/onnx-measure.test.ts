import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { decodeModel } from '../../../src/core/formats/onnx/wire/proto';
import { encodeModel, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
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
