import { readFileSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { decodeModel } from '../../../src/core/formats/onnx/wire/proto';
import { encodeNode, encodeValueInfo, type AttributeValue } from '../../../src/core/formats/onnx/wire/write';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, blurFilterNames, type BlurFilterName } from '../../../src/core/rewrite/filters';
import { samplesSeen } from '../../../src/core/rewrite/low-pass';
import { memorySource, model, patchedBytes, run } from '../onnx/models';

/** Fixes of models that users reported, and of their kin. */
const fixtures = path.resolve(import.meta.dirname, '../../fixtures/field/onnx');
const bytesOf = (name: string): Uint8Array => readFileSync(path.join(fixtures, `${name}.onnx`));

interface Fixed {
  readonly bytes: Uint8Array;
  /** Taps that each fix's blur sees at most. */
  readonly widths: readonly number[];
  readonly reasons: readonly string[];
}

/** All findings fixed with a filter; refusals by their reasons. */
async function fix(bytes: Uint8Array, filter: BlurFilterName): Promise<Fixed> {
  const opened = await onnxFormat.open(memorySource(bytes));
  const findings = lintGraph(opened, { filter: blurFilter(filter) });
  const plans = findings.flatMap(({ fix: result }) => (result.ok ? [result.plan] : []));
  const patch = await opened.patch(plans);
  return {
    bytes: await patchedBytes(bytes, patch),
    widths: plans.map((plan) => samplesSeen(plan.filter.taps)),
    reasons: findings.flatMap(({ fix: result }) => (result.ok ? [] : [result.reason])),
  };
}

/** A pool over rows of a ramp. */
function pool(opType: string, kernel: number, stride: number, pads: readonly [number, number], length: number): Uint8Array {
  const attributes: Record<string, AttributeValue> = {
    kernel_shape: { ints: [1, kernel] },
    strides: { ints: [1, stride] },
    pads: { ints: [0, pads[0], 0, pads[1]] },
  };
  return model({
    nodes: [encodeNode({ name: 'pool', opType, inputs: ['x'], outputs: ['y'], attributes })],
    inputs: [encodeValueInfo('x', 1, [1, 1, 1, length])],
    outputs: [encodeValueInfo('y')],
  });
}

async function onRamp(bytes: Uint8Array, dims: readonly number[]): Promise<Float32Array> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 4, intraOpNumThreads: 1 });
  const width = dims.at(-1)!;
  const data = Float32Array.from({ length: dims.reduce((product, side) => product * side, 1) }, (_, index) => index % width);
  const results = await session.run({ [session.inputNames[0]!]: new Tensor('float32', data, dims) });
  await session.release();
  return results[session.outputNames[0]!]!.data as Float32Array;
}

/** Samples that no border reaches. */
const inside = (values: Float32Array): number[] => [...values].slice(2, -2);

test.each([
  [1, 2, [0, 0]],
  [2, 2, [0, 0]],
  [3, 3, [0, 0]],
  [3, 4, [1, 1]],
  [8, 8, [0, 0]],
  [4, 7, [2, 1]],
] as const)('a maximum over %i samples by %i keeps a ramp, whatever the filter', async (kernel, stride, pads) => {
  const length = 8 * stride + 3;
  const before = pool('MaxPool', kernel, stride, pads, length);
  const expected = inside(await onRamp(before, [1, 1, 1, length]));
  expect(expected.length).toBeGreaterThan(3);
  for (const filter of blurFilterNames) {
    const { bytes, widths, reasons } = await fix(before, filter);
    expect(reasons).toEqual([]);
    const after = await onRamp(bytes, [1, 1, 1, length]);
    expect(inside(after).map((value): unknown => expect.closeTo(value, 3))).toEqual(expected);
    if (filter === 'identity') continue;
    expect(widths[0]).toBeGreaterThan(stride);
    expect(lintGraph(await onnxFormat.open(memorySource(bytes)))).toEqual([]);
  }
});

test.each(['ramp_maxpool_k2s2', 'ramp_maxpool_k3s3', 'ramp_avg_k3s3'])('%s stays a ramp', async (name) => {
  const opened = await onnxFormat.open(memorySource(bytesOf(name)));
  const dims = opened.graph.tensors.get(opened.graph.inputs[0]!)!.shape!.map((length) => length ?? 24);
  const [before, { bytes }] = [await onRamp(bytesOf(name), dims), await fix(bytesOf(name), 'tri-3')];
  const width = opened.graph.tensors.get(opened.graph.outputs[0]!)!.shape!.at(-1) ?? 8;
  const row = (values: Float32Array): number[] => inside(values.slice(values.length - width));
  expect(row(await onRamp(bytes, dims)).map((value): unknown => expect.closeTo(value, 4))).toEqual(row(before));
});

test('the identity leaves an average as it is, or is refused', async () => {
  const { bytes, reasons } = await fix(bytesOf('avg4'), 'identity');
  const opened = await onnxFormat.open(memorySource(bytesOf('avg4')));
  const dims = opened.graph.tensors.get(opened.graph.inputs[0]!)!.shape!.map((length) => length ?? 1);
  const output = opened.graph.outputs[0]!;
  const [before, after] = [await run(bytesOf('avg4'), dims), await run(bytes, dims)];
  expect(reasons).toEqual([]);
  expect([...(after.get(output)!.data as Float32Array)]).toEqual(
    [...(before.get(output)!.data as Float32Array)].map((value): unknown => expect.closeTo(value, 6)),
  );
  const padded = await fix(pool('AveragePool', 3, 2, [1, 1], 16), 'identity');
  expect(padded.reasons).toEqual([expect.stringContaining('windows reach beyond the map')]);
});

test('a model of open size is fixed for a size, or for all where one form holds for all', async () => {
  const bytes = bytesOf('adobe22_ceil_dyn');
  const { bytes: same, reasons } = await fix(bytes, 'identity');
  expect(reasons).toEqual([]);
  const { graph } = await onnxFormat.open(memorySource(bytes));
  const [input = '', output = ''] = [graph.inputs[0], graph.outputs[0]];
  const channels = graph.tensors.get(input)!.shape![1]!;
  for (const side of [8, 9, 11, 14]) {
    const dims = [1, channels, side, side + 3];
    const [before, after] = [(await run(bytes, dims)).get(output)!, (await run(same, dims)).get(output)!];
    expect(after.dims).toEqual(before.dims);
    expect(after.data).toEqual(before.data);
  }
  const conv = { kernel_shape: { ints: [3, 3] }, strides: { ints: [2, 2] }, auto_pad: { text: 'SAME_UPPER' } };
  const open = model({
    nodes: [encodeNode({ name: 'pool', opType: 'MaxPool', inputs: ['x'], outputs: ['y'], attributes: conv })],
    inputs: [encodeValueInfo('x', 1, [1, 2, 'h', 'w'])],
    outputs: [encodeValueInfo('y')],
  });
  expect((await fix(open, 'identity')).reasons).toEqual([expect.stringContaining('leaves open')]);
  const sized = await onnxFormat.open({ ...memorySource(open), imageSize: [10, 13] });
  const plans = lintGraph(sized, { filter: blurFilter('identity') }).flatMap(({ fix: result }) => (result.ok ? [result.plan] : []));
  const fixed = await patchedBytes(open, await sized.patch(plans));
  expect(plans).toHaveLength(1);
  const [before, after] = [(await run(open, [1, 2, 10, 13])).get('y')!, (await run(fixed, [1, 2, 10, 13])).get('y')!];
  expect(after.dims).toEqual(before.dims);
  expect(after.data).toEqual(before.data);
});

test('a blur that drops no samples is offered no rewrite', async () => {
  const { reasons } = await fix(bytesOf('stylegan_blur_then_strided_conv'), 'tri-3');
  expect(reasons).toEqual([expect.stringContaining('its stride is 1')]);
});

test.each(['onnx4958_max_ceil', 'pt116420_avg_ceil'])('what the fixed %s declares of shapes is what comes out', async (name) => {
  const { bytes } = await fix(bytesOf(name), 'tri-3');
  const { graph } = await onnxFormat.open(memorySource(bytes));
  const declared = decodeModel(bytes, 'fixed.onnx').graph;
  const shapes = [...declared.valueInfo, ...declared.outputs].map((info) => [info.name, info.shape]);
  expect(shapes).toEqual(shapes.map(([tensor]) => [tensor, graph.tensors.get(tensor as string)?.shape]));
  const [input = ''] = graph.inputs;
  const computed = await run(
    bytes,
    graph.tensors.get(input)!.shape!.map((length) => length ?? 1),
  );
  for (const { name: output, shape } of declared.outputs) expect(computed.get(output)?.dims).toEqual(shape);
});
