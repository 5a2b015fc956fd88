import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import * as ort from 'onnxruntime-node';
import { describe, expect, it, test } from 'vitest';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { measureEquivariance } from '../../../src/core/equivariance/walk/polyphase';
import { blockedOperators } from '../../../src/core/formats/onnx/level/blocked/blocked-maps';
import { layInBlocks } from '../../../src/core/formats/onnx/level/blocked/lay-in-blocks';
import { levelSource } from '../../../src/core/formats/onnx/level/level-source';
import { writeLevel } from '../../../src/core/formats/onnx/level/write-level';
import { decodedOnnx } from '../../../src/core/formats/onnx/open';
import { decodeModel } from '../../../src/core/formats/onnx/wire/proto';
import { tensorField } from '../../../src/core/formats/onnx/wire/schema';
import { tensorValues } from '../../../src/core/formats/onnx/wire/tensor-values';
import { encodeModel } from '../../../src/core/formats/onnx/wire/write';
import { blockOf } from '../../../src/engine/runtimes/onnx/blocks';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import { readModel } from '../../../src/engine/input/read-model';
import { randomImage } from '../equivariance/every-shift';
import { mapsOnly } from '../equivariance/expect-every-shift';
import { inMemory } from './measuring';
import { NetworkBuilder } from './network-builder';

const k = (y: number, x = y): readonly [number, number] => [y, x];
const around = (amount: number): readonly [number, number, number, number] => [amount, amount, amount, amount];

interface Network {
  readonly name: string;
  readonly size: readonly [number, number];
  /** Nodes that are left to the model's own operators, by kind: those that read the image, and vectors. */
  readonly plain: readonly string[];
  readonly build: (net: NetworkBuilder) => string;
}

const networks: readonly Network[] = [
  {
    name: 'residual blocks, of channels that fill their blocks',
    size: [16, 24],
    plain: ['Flatten', 'MatMul'],
    build: (net) => {
      const stem = net.node('Relu', [net.convolution('image', { from: 2, to: 32 }, { kernel: k(5), stride: k(2), pads: around(2) })]);
      const pooled = net.maxPool(stem, { kernel: k(3), stride: k(2), pads: around(1) });
      const inner = net.node('Relu', [net.convolution(pooled, { from: 32, to: 32 }, { kernel: k(3), pads: around(1) })]);
      const sum = net.node('Add', [
        net.convolution(inner, { from: 32, to: 32 }, { kernel: k(3), dilation: k(2), pads: around(2) }),
        pooled,
      ]);
      const halved = net.convolution(net.node('Relu', [sum]), { from: 32, to: 64 }, { kernel: k(3), stride: k(2), pads: around(1) });
      const last = net.convolution(net.node('Elu', [halved]), { from: 64, to: 64 }, { kernel: k(2, 3), pads: [0, 1, 1, 1] });
      return net.dense(net.node('Flatten', [net.node('GlobalAveragePool', [last])]), 64, 5);
    },
  },
  {
    name: 'inverted residuals of 24 channels, gates, normalisation',
    size: [8, 8],
    plain: ['Conv', 'Sigmoid'],
    build: (net) => {
      const stem = net.normalise(net.convolution('image', { from: 2, to: 24 }, { kernel: k(3), stride: k(2), pads: around(1) }), 24);
      const wide = net.node('Tanh', [net.convolution(stem, { from: 24, to: 48 }, { kernel: k(1) })]);
      const apart = net.node('Clip', [
        net.convolution(wide, { from: 48, to: 48, groups: 48 }, { kernel: k(3), pads: around(1) }),
        net.scalar(0),
        net.scalar(1),
      ]);
      const gate = net.node('Sigmoid', [net.convolution(net.node('GlobalAveragePool', [apart]), { from: 48, to: 48 }, { kernel: k(1) })]);
      const narrow = net.convolution(net.node('Mul', [apart, gate]), { from: 48, to: 24 }, { kernel: k(1) });
      const joined = net.node('Add', [narrow, stem]);
      return net.convolution(joined, { from: 24, to: 24, groups: 24 }, { kernel: k(3), stride: k(2), pads: around(1) });
    },
  },
  {
    name: 'groups, joined channels, pools, numbers, and what cannot lie in blocks',
    size: [12, 8],
    plain: ['Conv', 'Relu', 'Concat'],
    build: (net) => {
      const first = net.convolution('image', { from: 2, to: 64 }, { kernel: k(3), pads: around(1) });
      const grouped = net.convolution(first, { from: 64, to: 64, groups: 2 }, { kernel: k(3), pads: around(1) });
      const columns = net.node('Mul', [
        grouped,
        net.floats(
          [64, 1, 1],
          Array.from({ length: 64 }, (_, index) => Math.cos(index)),
        ),
      ]);
      const joined = net.node('Sub', [net.concat(first, columns), net.scalar(0.25)]);
      const pooled = net.averagePool(joined, { kernel: k(2), stride: k(2) });
      const few = net.node('Relu', [net.convolution(pooled, { from: 128, to: 6 }, { kernel: k(3), pads: around(1) })]);
      return net.concat(few, net.node('Sigmoid', [net.convolution(pooled, { from: 128, to: 32 }, { kernel: k(1) })]));
    },
  },
];

/** The same file with the weights of its windows one number a field, so that they cannot be taken as they lie. */
function scattered(bytes: Uint8Array): Uint8Array {
  const { graph } = decodeModel(bytes, 'small.onnx');
  const initializers = graph.initializers.map((tensor) => {
    if (tensor.dims.length !== 4) return tensor.message;
    const writer = new BinaryWriter();
    for (const length of tensor.dims) writer.tag(tensorField.dims, WireType.Varint).int64(length);
    writer.tag(tensorField.dataType, WireType.Varint).int32(tensor.dataType);
    writer.tag(tensorField.name, WireType.LengthDelimited).string(tensor.name);
    for (const value of tensorValues(tensor, Infinity)!) writer.tag(tensorField.floatData, WireType.Bit32).float(value);
    return writer.finish();
  });
  const [nodes, inputs, outputs] = [graph.nodes, graph.inputs, graph.outputs].map((parts) => parts.map(({ message }) => message));
  return encodeModel({ irVersion: 8, opsets: { '': 13 }, initializers, nodes: nodes!, inputs: inputs!, outputs: outputs! });
}

describe.each(networks)('$name', ({ size, plain, build }) => {
  const net = new NetworkBuilder();
  const bytes = net.build([2, ...size], build(net));
  const payload = inMemory(bytes);

  test.each([
    ['flat', 2 ** 28, bytes],
    ['channel', 2 ** 28, bytes],
    ['flat', 20_000, bytes],
    ['flat', 2 ** 28, scattered(bytes)],
  ] as const)('%s heatmaps by sums on blocks are those by whole maps, with %i bytes for them', async (metric, memoryBudgetBytes, file) => {
    const read = await readModel(inMemory(file));
    const plan = planMeasurement(read.graph);
    const model = await (await createOnnxEngine()).openCircular(read, plan);
    const image = randomImage(plan, read.graph.layout);
    const options = { metric, memoryBudgetBytes, cancellation: { cancelled: false } };
    const sums = (await measureEquivariance({ plan, graph: read.graph, model }, image, options))!;
    const maps = (await measureEquivariance({ plan, graph: read.graph, model: mapsOnly(model) }, image, options))!;
    await model.dispose();
    expect(sums.heatmaps).toHaveLength(plan.layers.length);
    for (const [index, { layer, tile }] of sums.heatmaps.entries()) {
      const most = tile.reduce((worst, value, place) => Math.max(worst, Math.abs(value - maps.heatmaps[index]!.tile[place]!)), 0);
      expect(most, layer.name).toBeLessThan(1e-6);
    }
    expect('reason' in sums.output).toBe('reason' in maps.output);
    if ('reason' in sums.output || 'reason' in maps.output) return;
    const expected = maps.output.tile;
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (const [index, value] of sums.output.tile.entries()) expect(Math.abs(value - expected[index]!)).toBeLessThan(1e-6 * largest);
  });

  it('runs on blocks but for what cannot', async () => {
    const { opened, graph } = await readModel(payload);
    const plan = planMeasurement(graph);
    const source = levelSource(decodedOnnx(opened), graph, plan, 'small.onnx');
    const kinds = plan.levels.flatMap((level, index) => {
      const sums = plan.layers.filter(({ tensor }) => level.fetches.includes(tensor));
      if (sums.length === 0) return [];
      const wanted = sums.map((layer) => [layer.tensor, { ...layer, over: 'everything', isRolled: true }] as const);
      const { bytes } = writeLevel(source, index, { block: 16, forLargeBatches: true, results: { maps: [], sums: new Map(wanted) } });
      const own = new Set(level.layers);
      return decodeModel(bytes, 'level').graph.nodes.filter(({ domain, name, outputs }) => domain === '' && own.has(name || outputs[0]!));
    });
    expect([...new Set(kinds.map(({ opType }) => opType))].sort()).toEqual([...plain].sort());
  });
});

it('the native runtime tells how many channels it has in a block', async () => {
  expect([8, 16]).toContain(await blockOf(ort));
  const refusing = { ...ort, InferenceSession: { create: () => Promise.reject(new Error(`no ${blockedOperators.domain}`)) } };
  expect(await blockOf(refusing)).toBeUndefined();
});

it('lays channels in blocks, the last filled up with zeros', () => {
  const maps = Float32Array.from({ length: 12 }, (_, index) => index + 1);
  const laid = layInBlocks(maps, { channels: 3, size: [1, 2] }, 2);
  expect([...laid]).toEqual([1, 3, 2, 4, 5, 0, 6, 0, 7, 9, 8, 10, 11, 0, 12, 0]);
});
