import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { decodeModel } from '../../../src/core/formats/onnx/wire/proto';
import { skimModel } from '../../../src/core/formats/onnx/wire/skim';
import { lintGraph } from '../../../src/core/lint/linter';
import { selectPlans } from '../../../src/core/lint/select-plans';
import { readModel } from '../../../src/engine/input/read-model';
import { payloadSource } from '../../../src/engine/input/source';
import { variantModel } from '../../../src/engine/process/variants/variant-model';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import type { Engine } from '../../../src/engine/runtimes/engine';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { noting, readAgain } from '../formats/noting-source';
import { NetworkBuilder } from '../engine-onnx/network-builder';
import { memorySource } from '../onnx/models';
import { GraphBuilder, windowed } from '../tfjs-graph/graph-builder';

vi.mock(import('../../../src/core/formats/onnx/wire/proto'), async (original) => {
  const proto = await original();
  return { ...proto, decodeModel: vi.fn(proto.decodeModel) };
});
vi.mock(import('../../../src/core/formats/onnx/wire/skim'), async (original) => {
  const skim = await original();
  return { ...skim, skimModel: vi.fn(skim.skimModel) };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-once-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** A convolution and two pools, large enough that its file would be skimmed. */
function largeOnnx(): Uint8Array {
  const net = new NetworkBuilder();
  const first = net.convolution(net.node('Relu', ['image']), { from: 3, to: 96 }, { kernel: [3, 3], pads: [1, 1, 1, 1], stride: [2, 2] });
  const second = net.convolution(first, { from: 96, to: 96 }, { kernel: [3, 3], pads: [1, 1, 1, 1], stride: [2, 2] });
  const pool = net.maxPool(net.node('Relu', [second]), { kernel: [2, 2], stride: [2, 2] });
  return net.build([3, 32, 32], net.node('GlobalAveragePool', [pool]));
}

/** Weights lie in files on disk, as a user's do; only the main file is sent. */
function graphModel(): ModelPayload {
  const builder = new GraphBuilder();
  const image = builder.op('Relu', 'stem', [builder.input([1, 32, 32, 3], 'image')]);
  const first = builder.op('Conv2D', 'conv', [image, builder.weight('w', [3, 3, 3, 8])], windowed([2, 2], 'SAME'));
  const second = builder.op(
    'Conv2D',
    'deep',
    [builder.op('Relu', 'relu', [first]), builder.weight('v', [3, 3, 8, 8])],
    windowed([2, 2], 'SAME'),
  );
  builder.op('MaxPool', 'y', [second], windowed([2, 2], 'VALID', { ksize: { list: { i: ['1', '2', '2', '1'] } } }));
  const { text, files } = builder.model(['y']);
  for (const [name, bytes] of files) writeFileSync(path.join(folder, name), bytes);
  return { path: 'model.json', bytes: new TextEncoder().encode(text), folder, overlay: {} };
}

function layersModel(): ModelPayload {
  const samples = path.resolve('samples/shapes-tfjs');
  return { path: 'model.json', bytes: readFileSync(path.join(samples, 'model.json')), folder: samples, overlay: {} };
}

const onnxPayload = (): ModelPayload => ({ path: 'model.onnx', bytes: largeOnnx(), folder, overlay: {} });

const models: readonly { readonly name: string; readonly payload: () => ModelPayload; readonly engine: () => Promise<Engine> }[] = [
  { name: 'ONNX Runtime', payload: onnxPayload, engine: createOnnxEngine },
  { name: 'tfjs, a graph-model', payload: graphModel, engine: createTfjsEngine },
  { name: 'tfjs, a layers-model', payload: layersModel, engine: createTfjsEngine },
];

/** How often a file was decoded: binary ones by our decoder, texts by JSON.parse. */
function decodings(payload: ModelPayload): () => number {
  const parse = vi.spyOn(JSON, 'parse');
  const decode = vi.mocked(decodeModel).mockClear();
  const text = new TextDecoder().decode(payload.bytes);
  return () =>
    parse.mock.calls.filter(([parsed]) => parsed === text).length + decode.mock.calls.filter(([bytes]) => bytes === payload.bytes).length;
}

describe('a model is decoded once in the engine’s process: opened, judged, fixed, planned and run', () => {
  it.each(models)('$name', async ({ payload: make, engine: create }) => {
    const payload = make();
    const engine = await create();
    const count = decodings(payload);
    const { source, ranges } = noting(payloadSource(payload));
    const read = await readModel(payload, { source });
    const findings = lintGraph(read.opened);
    const { plans } = selectPlans(findings, { layers: findings.map(({ layer }) => layer) });
    const { outcomes } = await read.opened.patch(plans);
    expect(outcomes.length).toBeGreaterThan(1);
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    const plan = planMeasurement(read.graph);
    const model = await engine.openCircular(read, plan);
    const [image] = plan.input.images;
    const [height, width] = plan.input.size;
    const dims = read.graph.layout === 'channels-first' ? [1, image!.channels, height, width] : [1, height, width, image!.channels];
    const data = new Float32Array(image!.channels * height * width).fill(0.5);
    const fetched = await model.runLevel(0, new Map([[image!.tensor, { data, dims }]]));
    await model.dispose();
    expect(fetched.size).toBeGreaterThan(0);
    expect(count()).toBe(1);
    expect(vi.mocked(decodeModel).mock.calls).toHaveLength(read.opened.text === undefined ? 1 : 0);
    expect(readAgain(ranges)).toEqual([]);
    await engine.run(read, new Map([[image!.tensor, { data, dims }]]));
    expect(count()).toBe(1);
  });

  it('and so is a fixed copy, which is another file, where it is small', async () => {
    const payload = onnxPayload();
    const read = await readModel(payload);
    const findings = lintGraph(read.opened);
    const { plans } = selectPlans(findings, { layers: findings.map(({ layer }) => layer) });
    const copy = await variantModel(read, { label: 'fixed', plans });
    const count = decodings((await copy.read()).payload);
    const engine = await createOnnxEngine();
    await (await engine.openCircular(await copy.read(), planMeasurement(copy.graph))).dispose();
    expect(count()).toBe(0);
  });
});

describe('an ONNX file', () => {
  it('in memory is read whole, and gives the graph that its skim gives', async () => {
    const bytes = largeOnnx();
    const skim = vi.mocked(skimModel).mockClear();
    const whole = await onnxFormat.open({ ...memorySource(bytes), whole: bytes });
    expect(skim).not.toHaveBeenCalled();
    const skimmed = await onnxFormat.open(memorySource(bytes));
    expect(skim).toHaveBeenCalledOnce();
    expect(whole.graph).toEqual(skimmed.graph);
  });
});
