import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsGraphFormat } from '../../../src/core/formats/tfjs-graph/index';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import { openModel } from '../../../src/core/formats/registry';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { lintGraph } from '../../../src/core/lint/linter';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { readModel } from '../../../src/engine/input/read-model';
import { payloadSource } from '../../../src/engine/input/source';
import { run as runCall } from '../../../src/engine/process/calls/run';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import type { Engine } from '../../../src/engine/runtimes/engine';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { randomNumbers } from '../equivariance/brute-force';
import { answer } from '../engine-onnx/serving';
import { expectEveryShift } from '../equivariance/expect-every-shift';
import type { MemoryModel } from '../tfjs-files';
import { float, GraphBuilder, int, ints, text, windowed } from '../tfjs-graph/graph-builder';
import { saveModel } from '../tfjs-layers/memory-model';
import { fieldPayload } from './cases';

const payloadOf = ({ text: json, files }: MemoryModel): ModelPayload => ({
  path: 'model.json',
  bytes: new TextEncoder().encode(json),
  folder: '.',
  overlay: Object.fromEntries(files),
});

describe('models of TensorFlow.js from the field are measured', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTfjsEngine();
  });

  it('a dilation like a max-pool with learned amounts, over every shift', async () => {
    const builder = new GraphBuilder();
    const image = builder.input([1, 8, 8, 2]);
    const dilation = builder.op('Dilation2D', 'dilation', [image, builder.weight('f', [3, 3, 2])], {
      T: float,
      strides: ints(1, 2, 2, 1),
      rates: ints(1, 1, 1, 1),
      padding: text('SAME'),
    });
    // A window as large as the map, whose amounts tell its samples apart: no global pool.
    builder.op('Dilation2D', 'whole', [dilation, builder.weight('g', [4, 4, 2])], {
      T: float,
      strides: ints(1, 4, 4, 1),
      rates: ints(1, 1, 1, 1),
      padding: text('VALID'),
    });
    const payload = payloadOf(builder.model(['whole']));
    await expectEveryShift({ engine, format: tfjsGraphFormat, payload, size: [8, 8] }, 'flat');
    const { graph } = await readModel(payload);
    expect(planMeasurement(graph).layers.map(({ period }) => period)).toEqual([
      [2, 2],
      [8, 8],
    ]);
    const routed = engine.backend.includes('WASM') ? [expect.stringContaining('Dilation2D ran on the plain JavaScript backend')] : [];
    expect(engine.notesOfRun()).toEqual(routed);
    expect(engine.notesOfRun()).toEqual([]);
  });

  it('a gather of every second column, over every shift', async () => {
    const builder = new GraphBuilder();
    const image = builder.input([1, 1, 140, 1]);
    const columns = builder.constant(
      'columns',
      [70],
      Array.from({ length: 70 }, (_, index) => 2 * index),
    );
    builder.op('GatherV2', 'half', [image, columns, builder.constant('axis', [], [2])], { batch_dims: int(0), Tparams: float });
    builder.op('Conv2D', 'after', ['half', builder.weight('w', [1, 3, 1, 2])], windowed([1, 1], 'SAME'));
    const payload = payloadOf(builder.model(['after']));
    const found = lintGraph(await openModel(payloadSource(payload)));
    expect(found.map(({ layer, rule, stride }) => [layer, rule, stride])).toEqual([['half', 'strided-subsample', [1, 2]]]);
    await expectEveryShift({ engine, format: tfjsGraphFormat, payload, size: [1, 140] }, 'flat');
  });

  it('signals without an axis of channels, over every shift, as they are run', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.reshape({ inputShape: [32], targetShape: [32, 1, 1] }),
        tf.layers.conv2d({ filters: 3, kernelSize: [8, 1], strides: [4, 1], padding: 'same', activation: 'relu' }),
        tf.layers.maxPooling2d({ poolSize: [2, 1], strides: [2, 1] }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 2 }),
      ],
    });
    const payload = payloadOf(await saveModel(model));
    await expectEveryShift({ engine, format: tfjsLayersFormat, payload, size: [32, 1] }, 'flat');
    const { graph } = await readModel(payload);
    expect(planMeasurement(graph).layers.map(({ period }) => period)).toEqual([
      [4, 1],
      [8, 1],
    ]);
    const data = randomNumbers(32, 5);
    const call = { cancelled: false, report: () => undefined };
    const ran = await runCall({ model: payload, input: { kind: 'tensor', data, shape: [1, 32] } }, call);
    const expected = (model.predict(tf.tensor(data, [1, 32])) as tf.Tensor).dataSync();
    ran!.outputs[0]!.data.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index]!, 5);
    });
  });

  it('but not with the channels first in a graph-model, which no backend here runs', async () => {
    const read = await readModel(await fieldPayload('tfjs/i1648_nchw_graph'));
    const error: unknown = await engine.openCircular(read, planMeasurement(read.graph)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringMatching(/^Layer "c1" \(Conv2D\) of .*\(NCHW\).*\.$/) });
  });
});

describe('windows shorter than their stride, padded SAME', () => {
  const shapes: readonly (readonly [kernel: [number, number], strides: [number, number], size: [number, number]])[] = [
    [
      [3, 1],
      [2, 2],
      [9, 8],
    ],
    [
      [1, 3],
      [2, 2],
      [8, 9],
    ],
    [
      [2, 1],
      [1, 2],
      [9, 8],
    ],
    [
      [3, 3],
      [4, 4],
      [12, 10],
    ],
  ];
  const tensor = (shape: number[], seed: number): tf.Tensor4D =>
    tf.tensor(
      randomNumbers(
        shape.reduce((product, length) => product * length, 1),
        seed,
      ),
      shape as [number, number, number, number],
    );

  it.each(shapes)('window %j with stride %j on %j', async (kernel, strides, size) => {
    const engine = await createTfjsEngine();
    if (!engine.backend.includes('WASM')) return;
    const values = (): number[][] =>
      tf.tidy(() => {
        const x = tensor([1, ...size, 3], 1);
        const each = tensor([...kernel, 3, 2], 2);
        const all = tensor([...kernel, 3, 4], 3);
        return [
          tf.conv2d(x, all, strides, 'same'),
          tf.depthwiseConv2d(x, each, strides, 'same'),
          tf.fused.conv2d({ x, filter: all, strides, pad: 'same', activation: 'relu' }),
          tf.fused.depthwiseConv2d({ x, filter: each, strides, pad: 'same', activation: 'relu' }),
        ].map((result) => [...result.dataSync()]);
      });
    await tf.setBackend('cpu');
    const expected = values();
    await tf.setBackend('wasm');
    const actual = values();
    expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
    expect(expected.every((list) => list.some((value) => value !== 0))).toBe(true);
    actual.flat().forEach((value, index) => {
      expect(value).toBeCloseTo(expected.flat()[index]!, 4);
    });
  });
});

describe('cases from the field whose kernels or borders are special', () => {
  it('a depthwise convolution of 1xN, deployed, is as the native backend has it', async () => {
    const model = await fieldPayload('tfjs/i6629_depthwise1xN');
    const picture = path.join(import.meta.dirname, '../../fixtures/shapes/ring.png');
    const input = { kind: 'image', path: picture, bytes: await readFile(picture) } as const;
    const options = { memoryBudgetBytes: 2 ** 28, metric: 'flat', pattern: 'diagonal' } as const;
    const { measurement } = await answer('measure-deployed', { model, input, options });
    expect(measurement.heatmaps).toHaveLength(3);
    expect(measurement.heatmaps.at(-1)?.mean).toBeCloseTo(0.7073, 4);
    expect(measurement.omitted).toEqual([]);
  });

  /** Means that the native backend measures. */
  it.each<[string, Readonly<Record<string, number>>, RegExp | undefined]>([
    ['g_argmax', { c1: 1, mp: 0.940209, out: 0.952804 }, /^MaxPoolWithArgmax ran on the plain JavaScript backend/],
    ['g_dilation2d', { c1: 1, di: 0.964347, out: 0.970548 }, /^Dilation2D ran on the plain JavaScript backend/],
    [
      'camelcase',
      { conv2d_Conv2D11: 1, max_pooling2d_MaxPooling2D6: 0.770788, conv2d_Conv2D12: 0.729219, max_pooling2d_MaxPooling2D7: 0.795663 },
      undefined,
    ],
    [
      'bom',
      { conv2d_Conv2D11: 1, max_pooling2d_MaxPooling2D6: 0.770788, conv2d_Conv2D12: 0.729219, max_pooling2d_MaxPooling2D7: 0.795663 },
      undefined,
    ],
  ])('%s is measured as the native backend has it, and each layer of it is measured or left out by name', async (name, means, note) => {
    const model = await fieldPayload(`tfjs/${name}`);
    const options = { memoryBudgetBytes: 2 ** 28, metric: 'flat' } as const;
    const { measurement, backend } = await answer('measure', { model, input: { kind: 'pattern' }, options });
    expect(measurement.heatmaps.map(({ layer }) => layer.label)).toEqual(Object.keys(means));
    for (const { layer, mean } of measurement.heatmaps) expect(mean, layer.label).toBeCloseTo(means[layer.label]!, 5);
    const told = new Set([...measurement.heatmaps.map(({ layer }) => layer.layer), ...measurement.omitted.map(({ layer }) => layer)]);
    const { graph } = await readModel(model);
    for (const { name: layer, outputs } of graph.layers) {
      const isMap = graph.tensors.get(outputs[0]!)?.shape?.length === 4;
      expect(!isMap || told.has(layer), layer).toBe(true);
    }
    if (note !== undefined && backend.includes('WASM')) expect(measurement.notes).toContainEqual(expect.stringMatching(note));
  });

  it.each(['avg2s2_odd', 'avg3s2_odd'])('the identity at an average over an odd map is refused: %s', async (name) => {
    const opened = await openModel(payloadSource(await fieldPayload(`tfjs/${name}`)));
    const findings = lintGraph(opened, { filter: blurFilter('identity') });
    expect(findings).toHaveLength(1);
    expect(findings[0]?.fix).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/cannot be rewritten: its windows reach beyond the map, where an average counts fewer samples/),
    });
  });
});
