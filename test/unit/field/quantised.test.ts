import { readFileSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { wrapIndex } from '../../../src/core/graph/circle';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { decodeModel } from '../../../src/core/formats/onnx/wire/proto';
import { encodeModel, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { lintGraph } from '../../../src/core/lint/linter';
import { inMemory, measureOnnx } from '../engine-onnx/measuring';
import { memorySource, noise, patchedBytes, run } from '../onnx/models';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';

/** Quantised models are measured as ONNX Runtime runs them. */
const fixtures = path.resolve(import.meta.dirname, '../../fixtures/field/onnx');
const bytesOf = (name: string): Uint8Array => readFileSync(path.join(fixtures, `${name}.onnx`));

const side = 32;
const channels = 3;

/** The file with any image size and one of its tensors as its output. */
function opened(bytes: Uint8Array, tensor: string): Uint8Array {
  const { graph, irVersion, opsetVersion } = decodeModel(bytes, 'model.onnx');
  return encodeModel({
    irVersion,
    opsets: { '': opsetVersion },
    nodes: graph.nodes.map(({ message }) => message),
    initializers: graph.initializers.map(({ message }) => message),
    inputs: [encodeValueInfo(graph.inputs[0]!.name, 1, ['n', channels, 'h', 'w'])],
    outputs: [encodeValueInfo(tensor, 1)],
  });
}

/** The image moved circularly and laid out three times along both axes: whatever lies in the middle sees no border. */
function tiled(image: Float32Array, shiftY: number, shiftX: number): Float32Array {
  const whole = 3 * side;
  return Float32Array.from({ length: channels * whole * whole }, (_, index) => {
    const [channel, y, x] = [Math.floor(index / whole ** 2), Math.floor(index / whole) % whole, index % whole];
    return image[channel * side ** 2 + wrapIndex(y - shiftY, side) * side + wrapIndex(x - shiftX, side)]!;
  });
}

/** The middle third of a map. */
function middle({ data, dims }: Tensor): number[] {
  const [, count = 1, height = 1, width = 1] = dims;
  const values = data as Float32Array;
  const out: number[] = [];
  for (let channel = 0; channel < count; channel++)
    for (let y = height / 3; y < (2 * height) / 3; y++)
      for (let x = width / 3; x < (2 * width) / 3; x++) out.push(values[(channel * height + y) * width + x]!);
  return out;
}

/** Equivariance by its definition, on maps upsampled to the image. */
function equivariance(still: readonly number[], moved: readonly number[], count: number, shiftY: number, shiftX: number): number {
  const mapSide = Math.sqrt(still.length / count);
  const step = side / mapSide;
  const at = (map: readonly number[], channel: number, y: number, x: number): number =>
    map[(channel * mapSide + Math.floor(wrapIndex(y, side) / step)) * mapSide + Math.floor(wrapIndex(x, side) / step)]!;
  let [product, first, second] = [0, 0, 0];
  for (let channel = 0; channel < count; channel++)
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const [a, b] = [at(still, channel, y - shiftY, x - shiftX), at(moved, channel, y, x)];
        product += a * b;
        first += a * a;
        second += b * b;
      }
  return product / Math.sqrt(first * second);
}

describe.each([
  ['qmini_fixed_qop', 'y'],
  ['qmini_fixed_qdq', 'y'],
] as const)('%s', (name, tensor) => {
  test('has the heatmap of running every shift in ONNX Runtime', async () => {
    const image = noise(channels * side ** 2, 3);
    const measured = await measureOnnx(inMemory(bytesOf(name)), { data: image, dims: [1, channels, side, side] });
    const layer = measured!.heatmaps.find((each) => each.layer.tensor === tensor)!;
    const session = await InferenceSession.create(opened(bytesOf(name), tensor), { logSeverityLevel: 4, intraOpNumThreads: 1 });
    const run = async (shiftY: number, shiftX: number): Promise<Tensor> =>
      (
        await session.run({
          [session.inputNames[0]!]: new Tensor('float32', tiled(image, shiftY, shiftX), [1, channels, 3 * side, 3 * side]),
        })
      )[tensor]!;
    const still = await run(0, 0);
    const period = 4;
    for (let shiftY = 0; shiftY < period; shiftY++)
      for (let shiftX = 0; shiftX < period; shiftX++) {
        const expected = equivariance(middle(still), middle(await run(shiftY, shiftX)), still.dims[1]!, shiftY, shiftX);
        expect(layer.tile[shiftY * period + shiftX]).toBeCloseTo(expected, 5);
      }
    await session.release();
  });
});

test('whole numbers are measured by what they stand for, or left out with the reason', async () => {
  const image = { data: noise(channels * side ** 2, 3), dims: [1, channels, side, side] };
  const fixed = await measureOnnx(inMemory(bytesOf('qmini_fixed_qop')), image);
  const byName = new Map(fixed!.heatmaps.map(({ layer, tile }) => [layer.tensor, tile]));
  expect([...byName.get('y_quantized')!]).toEqual([...byName.get('y')!].map((value): unknown => expect.closeTo(value, 5)));
  const dynamic = await measureOnnx(inMemory(bytesOf('dynquant_shortcut_1x1')), image);
  expect(dynamic!.heatmaps.map(({ layer }) => layer.tensor)).toContain('y');
  expect(dynamic!.omitted.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('scale is not known before the model runs'));
});

test('a convolution of whole numbers is offered no blur that ONNX Runtime rejects', async () => {
  const found = lintGraph(await onnxFormat.open(memorySource(bytesOf('dynquant_shortcut_1x1'))));
  expect(found).toMatchObject([{ layer: 'shortcut_quant', fix: { ok: false, reason: expect.stringContaining('a blur needs them') } }]);
});

describe.each([
  ['q_dyn_small', ['/f/f.3/MaxPool', '/f/f.4/Conv_quant', '/f/f.7/Conv_quant', '/f/f.9/AveragePool'], ['/d/Conv_quant']],
  ['qmini_dyn_dynq', ['pool', 'c2_quant'], []],
  ['qmini_fixed_qop', ['c2_quant'], ['pool']],
  ['q_qdq_small', ['/f/f.3/MaxPool', '/f/f.4/Conv', '/f/f.7/Conv', '/f/f.9/AveragePool', '/d/Conv'], []],
] as const)('fixes of %s', (name, fixed, refused) => {
  const fix = async (filter: BlurFilterName) => {
    const opened = await onnxFormat.open(memorySource(bytesOf(name)));
    const findings = lintGraph(opened, { filter: blurFilter(filter) });
    const plans = findings.flatMap(({ fix: result }) => (result.ok ? [result.plan] : []));
    const bytes = await patchedBytes(bytesOf(name), await opened.patch(plans));
    return { bytes, findings, dims: opened.graph.tensors.get(opened.graph.inputs[0]!)!.shape!.map((length) => length ?? 1) };
  };

  test('stand where the values are fractions, in their places', async () => {
    const { bytes, findings, dims } = await fix('identity');
    expect(findings.flatMap(({ layer, fix: { ok } }) => (ok ? [layer] : []))).toEqual(fixed);
    for (const { layer, fix: result } of findings.filter(({ fix: { ok } }) => !ok)) {
      expect(refused).toContain(layer);
      expect(result).toMatchObject({ reason: expect.stringContaining('a blur needs them') });
    }
    const [before, after] = [await run(bytesOf(name), dims), await run(bytes, dims)];
    for (const [output, { data }] of before) {
      const most = Math.max(...(data as Float32Array).map(Math.abs));
      expect([...(after.get(output)!.data as Float32Array)]).toEqual(
        [...(data as Float32Array)].map((value): unknown => expect.closeTo(value, 5 - Math.floor(Math.log10(Math.max(1, most))))),
      );
    }
  });

  test('run, and leave nothing to find but what was refused', async () => {
    const { bytes, dims } = await fix('tri-3');
    expect((await run(bytes, dims)).size).toBe(1);
    expect(lintGraph(await onnxFormat.open(memorySource(bytes))).map(({ layer }) => layer)).toEqual(refused);
  });
});
