import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AxisPair } from '../../../src/core/graph/model-graph';
import {
  encodeFloatTensor,
  encodeModel,
  encodeNode,
  encodeTensor,
  encodeValueInfo,
  type NodeParts,
} from '../../../src/core/formats/onnx/wire/write';
import { readModel } from '../../../src/engine/input/read-model';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import { inMemory, measureOnnx } from '../engine-onnx/measuring';
import { answer } from '../engine-onnx/serving';
import { overlapByDefinition } from '../equivariance/brute-force';
import { floatTensor, model, noise, read } from '../onnx/models';
import { copied, EveryShift, wrapped } from './every-shift';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures/field/onnx');
const bytesOf = (name: string): Uint8Array => readFileSync(path.join(fixtures, `${name}.onnx`));

/** The file for images of another side. */
async function ofSide(name: string, side: number): Promise<Uint8Array> {
  const [output = ''] = (await read(bytesOf(name))).outputs;
  return encodeModel(copied(bytesOf(name), [1, 3, side, side], [encodeValueInfo(output, 1)]).parts);
}

/** Quantised while it runs, by a scale that images of one batch would share: in front of a dense convolution, behind a pool. */
function dynamicDense(): Uint8Array {
  const nodes: readonly NodeParts[] = [
    { opType: 'MaxPool', inputs: ['x'], outputs: ['p'], attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } } },
    { opType: 'DynamicQuantizeLinear', inputs: ['p'], outputs: ['q', 'scale', 'zero'] },
    {
      opType: 'ConvInteger',
      inputs: ['q', 'w', 'zero'],
      outputs: ['c'],
      attributes: { kernel_shape: { ints: [3, 3] }, pads: { ints: [1, 1, 1, 1] } },
    },
    { opType: 'Cast', inputs: ['c'], outputs: ['f'], attributes: { to: { int: 1 } } },
    { opType: 'Mul', inputs: ['scale', 'weight scale'], outputs: ['both'] },
    { opType: 'Mul', inputs: ['f', 'both'], outputs: ['y'] },
  ];
  const weights = Uint8Array.from(noise(4 * 3 * 9, 2), (value) => Math.round(value * 90));
  return model({
    nodes: nodes.map(encodeNode),
    inputs: [encodeValueInfo('x', 1, [null, 3, 16, 16])],
    outputs: [encodeValueInfo('y', 1)],
    initializers: [
      encodeTensor({ name: 'w', dims: [4, 3, 3, 3], dataType: 3, rawData: weights }),
      encodeFloatTensor('weight scale', [], [0.01]),
    ],
  });
}

/** Takes its image as binary16. */
function half(): Uint8Array {
  const nodes: readonly NodeParts[] = [
    {
      opType: 'Conv',
      inputs: ['x', 'w'],
      outputs: ['c'],
      attributes: { kernel_shape: { ints: [3, 3] }, pads: { ints: [1, 1, 1, 1] }, strides: { ints: [2, 2] } },
    },
    { opType: 'HardSigmoid', inputs: ['c'], outputs: ['h'] },
    { opType: 'AveragePool', inputs: ['h'], outputs: ['p'], attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } } },
    { opType: 'Cast', inputs: ['p'], outputs: ['y'], attributes: { to: { int: 1 } } },
    { opType: 'Cast', inputs: ['w32'], outputs: ['w'], attributes: { to: { int: 10 } } },
  ];
  return model({
    nodes: nodes.map(encodeNode),
    inputs: [encodeValueInfo('x', 10, [null, 3, 16, 16])],
    outputs: [encodeValueInfo('y', 1)],
    initializers: [floatTensor('w32', [4, 3, 3, 3], 1)],
  });
}

/** Each shift of so many is run; a number that no side shares a factor with leaves no row and no column out. */
describe.each([
  ['qmini_fixed_qdq', 16, 1],
  ['qmini_fixed_qop', 16, 1],
  ['qmini_dyn_dynq', 16, 1],
  ['dynquant_shortcut_1x1', 16, 1],
  ['quantised in front of a dense convolution', 16, 1],
  ['binary16 from the image on', 16, 1],
  ['q_qdq_small', 32, 7],
  ['q_dyn_small', 32, 7],
  ['fp16_io_small', 32, 7],
] as const)('%s', (name, side, step) => {
  test('has the heatmaps of running every shift', { timeout: 180_000 }, async () => {
    const built: Readonly<Record<string, () => Uint8Array>> = {
      'quantised in front of a dense convolution': dynamicDense,
      'binary16 from the image on': half,
    };
    const bytes = built[name]?.() ?? (await ofSide(name, side));
    const graph = await read(bytes);
    const dims = [1, 3, side, side] as const;
    const image = noise(3 * side ** 2, 3);
    const measured = {
      flat: (await measureOnnx(inMemory(bytes), { data: image, dims }, { metric: 'flat' }))!.heatmaps,
      channel: (await measureOnnx(inMemory(bytes), { data: image, dims }, { metric: 'channel' }))!.heatmaps,
    };
    const layers = measured.flat.map(({ layer }) => layer);
    expect(layers.map(({ tensor }) => tensor)).toEqual(expect.arrayContaining(graph.outputs.filter((tensor) => tensor === 'y')));
    const tensors = layers.map(({ tensor }) => tensor);
    const slow = await EveryShift.of(wrapped(bytes, dims, graph, tensors), image, dims);
    for (let place = 0; place < side ** 2; place += step) {
      const [y, x] = [Math.floor(place / side), place % side];
      const expected = await slow.at(y, x);
      for (const [index, { period, label }] of layers.entries())
        for (const metric of ['flat', 'channel'] as const) {
          const found = measured[metric][index]!.tile[(y % period[0]) * period[1] + (x % period[1])]!;
          expect(Math.abs(found - expected[index]![metric]), `${label} at ${y}, ${x}, ${metric}`).toBeLessThan(1e-5);
        }
    }
    await slow.release();
  });
});

test('images that are quantised while they run keep scales of their own where several run together', async () => {
  const bytes = dynamicDense();
  const run = async (dims: readonly number[], data: Float32Array): Promise<Float32Array> => {
    const [output] = await (await createOnnxEngine()).run(await readModel(inMemory(bytes)), new Map([['x', { data, dims }]]));
    return output!.data;
  };
  const [still, loud] = [noise(3 * 16 ** 2, 3), noise(3 * 16 ** 2, 4).map((value) => 5 * value)];
  const together = await run([2, 3, 16, 16], Float32Array.of(...still, ...loud));
  // What is guarded against: in one batch the loud image takes the still one's steps away.
  expect(together.slice(0, still.length)).not.toEqual(await run([1, 3, 16, 16], still));
});

const margin = 3;

/** The image moved by a shift, mirrored at its edges, taken pixel by pixel. */
function moved(image: Float32Array, side: number, [down, right]: AxisPair): Float32Array {
  const mirror = (index: number): number => {
    const turned = Math.abs(index) % (2 * side - 2);
    return Math.min(turned, 2 * side - 2 - turned);
  };
  return image.map((_, place) => {
    const [x, y, channel] = [place % side, Math.floor(place / side) % side, Math.floor(place / side ** 2)];
    return image[(channel * side + mirror(y - down)) * side + mirror(x - right)]!;
  });
}

test.each([
  ['qmini_fixed_qdq', 'y', 2],
  ['qmini_fixed_qop', 'y', 2],
  ['qmini_dyn_dynq', 'y', 2],
  ['dynamic', 'y', 1],
  ['half', 'y', 2],
] as const)('deployed, %s equals ONNX Runtime on every crop', async (name, tensor, strides) => {
  const side = 16;
  const bytes = name === 'dynamic' ? dynamicDense() : name === 'half' ? half() : await ofSide(name, side);
  const image = noise(3 * side ** 2, 5);
  const options = { pattern: 'grid', metric: 'flat', memoryBudgetBytes: 2 ** 30, largest: margin, step: 1 } as const;
  const { measurement } = await answer('measure-deployed', {
    model: inMemory(bytes),
    input: { kind: 'tensor', shape: [1, 3, side, side], data: image },
    options,
  });
  const { placed, heatmaps } = measurement;
  const [engine, opened] = [await createOnnxEngine(), await readModel(inMemory(bytes))];
  const [input = ''] = opened.graph.inputs;
  const run = async (shift: AxisPair) =>
    (await engine.run(opened, new Map([[input, { data: moved(image, side, shift), dims: [1, 3, side, side] }]])))[0]!;
  const still = await run([0, 0]);
  const map = side / 2 ** strides;
  const geometry = { layout: 'channels-first', channels: still.dims[1]!, size: [map, map] } as const;
  for (const [index, shift] of placed.shifts.entries()) {
    const expected = overlapByDefinition(still.data, (await run(shift)).data, geometry, [side, side], shift, 'flat');
    expect(Math.abs(heatmaps.find(({ name }) => name === tensor)!.values[index]! - expected)).toBeLessThan(1e-5);
  }
});
