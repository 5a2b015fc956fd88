import { expect, test } from 'vitest';
import { encodeFloatTensor, encodeNode, encodeTensor, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { blurKernel, blurFilter } from '../../../src/core/rewrite/filters';
import { lowPass } from '../../../src/core/rewrite/low-pass';
import { float, floats, integers } from './operator-cases';
import { model, read, run } from './models';

const channels = 6;
const binomial = [1, 2, 1, 2, 4, 2, 1, 2, 1];
const node = (opType: string, inputs: string, output: string, attributes = {}): Uint8Array =>
  encodeNode({ opType, inputs: inputs.split(' '), outputs: [output], attributes });
const kernel = (name: string, dims: readonly number[], values: readonly number[]): Uint8Array => encodeFloatTensor(name, dims, values);
const shape = integers(channels, 1, 3, 3)('shape');
const repeats = integers(channels, 1, 1, 1)('repeats');
const sixteenths = binomial.map((value) => value / 16);

/** How libraries and exporters write the one filter that all channels of a BlurPool share, as far as the weight `w`. */
const writings: readonly (readonly [string, readonly Uint8Array[], readonly Uint8Array[]])[] = [
  ['a plain weight', [], [kernel('w', [channels, 1, 3, 3], Array.from({ length: channels }, () => sixteenths).flat())]],
  ['repeated by Expand (antialiased-cnns)', [node('Expand', 'k shape', 'w')], [kernel('k', [1, 1, 3, 3], sixteenths), shape]],
  [
    'repeated by Expand and Tile (kornia)',
    [node('Unsqueeze', 'k axes', 'u'), node('Tile', 'u repeats', 'w')],
    [kernel('k', [3, 3], sixteenths), integers(0, 1)('axes'), repeats],
  ],
  [
    'normalised by Div, repeated by Tile',
    [
      node('ReduceSum', 'k', 's', { keepdims: { int: 0 } }),
      node('Div', 'k s', 'n'),
      node('Reshape', 'n one', 'u'),
      node('Tile', 'u repeats', 'w'),
    ],
    [kernel('k', [3, 3], binomial), integers(1, 1, 3, 3)('one'), repeats],
  ],
  [
    'an outer product of taps',
    [node('Mul', 'column row', 'k'), node('Expand', 'k shape', 'w')],
    [kernel('column', [3, 1], [0.25, 0.5, 0.25]), kernel('row', [3], [0.25, 0.5, 0.25]), shape],
  ],
  [
    'moved by Transpose (Keras)',
    [node('Transpose', 'k', 'w', { perm: { ints: [2, 3, 0, 1] } })],
    [
      kernel(
        'k',
        [3, 3, channels, 1],
        sixteenths.flatMap((value) => Array.from({ length: channels }, () => value)),
      ),
    ],
  ],
  ['joined by Concat', [node('Concat', 'k k k k k k', 'w', { axis: { int: 0 } })], [kernel('k', [1, 1, 3, 3], sixteenths)]],
  [
    'cast and passed on',
    [node('Cast', 'k', 'c', { to: { int: 1 } }), node('Identity', 'c', 'w')],
    [kernel('k', [channels, 1, 3, 3], Array.from({ length: channels }, () => sixteenths).flat())],
  ],
  ['quantized with one scale', [node('DequantizeLinear', 'q scale', 'w')], [quantised(() => 1), float(1 / 16)('scale')]],
  [
    'quantized with a scale for each channel',
    [node('DequantizeLinear', 'q scale zero', 'w', { axis: { int: 0 } })],
    [
      quantised((channel) => channel + 1),
      floats(...Array.from({ length: channels }, (_, channel) => 1 / 16 / (channel + 1)))('scale'),
      zeros('zero', channels),
    ],
  ],
  [
    'scaled as a constant of ones',
    [node('ConstantOfShape', 'shape', 'ones', { value: { tensor: kernel('', [1], [1]) } }), node('Mul', 'ones k', 'w')],
    [kernel('k', [3, 3], sixteenths), shape],
  ],
];

function quantised(factor: (channel: number) => number): Uint8Array {
  const values = Array.from({ length: channels }, (_, channel) => binomial.map((value) => value * factor(channel))).flat();
  return encodeTensor({ name: 'q', dims: [channels, 1, 3, 3], dataType: 3, rawData: new Uint8Array(Int8Array.from(values).buffer) });
}

function zeros(name: string, count: number): Uint8Array {
  return encodeTensor({ name, dims: [count], dataType: 3, rawData: new Uint8Array(count) });
}

test.each(writings)('a blur whose filter is %s is recognised', async (_, nodes, initializers) => {
  const bytes = model({
    nodes: [
      ...nodes,
      encodeNode({
        name: 'blur',
        opType: 'Conv',
        inputs: ['x', 'w'],
        outputs: ['y'],
        attributes: { group: { int: channels }, strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } },
      }),
    ],
    initializers,
    inputs: [encodeValueInfo('x', 1, [1, channels, 8, 8])],
    outputs: [encodeValueInfo('y')],
  });
  const graph = await read(bytes);
  expect(graph.layers.map((layer) => layer.op)).toEqual(['Conv']);
  const operation = graph.layers[0]!.operation;
  const shared = operation.kind === 'convolution' ? operation.sharedKernel : undefined;
  expect(shared?.shape).toEqual([3, 3]);
  const expected = blurKernel(blurFilter('tri-3'), [2, 2]).values;
  expect(shared!.values.map((value, index) => Math.abs(value - expected[index]!) < 1e-6)).not.toContain(false);
  expect(lowPass(operation)?.taps).toEqual([3, 3]);
  expect((await run(bytes, [1, channels, 8, 8])).get('y')?.dims).toEqual([1, channels, 4, 4]);
});

test('a filter for 512 channels is computed, one for more values than a blur has is not', async () => {
  const graphFor = async (count: number, side: number): Promise<unknown> => {
    const bytes = model({
      nodes: [
        node('Expand', 'k shape', 'w'),
        encodeNode({ opType: 'Conv', inputs: ['x', 'w'], outputs: ['y'], attributes: { group: { int: count } } }),
      ],
      initializers: [kernel('k', [1, 1, side, side], new Array<number>(side * side).fill(1)), integers(count, 1, side, side)('shape')],
      inputs: [encodeValueInfo('x', 1, [1, count, 64, 64])],
      outputs: [encodeValueInfo('y')],
    });
    const operation = (await read(bytes)).layers[0]!.operation;
    return operation.kind === 'convolution' && operation.sharedKernel !== undefined;
  };
  expect(await graphFor(512, 7)).toBe(true);
  expect(await graphFor(8192, 7)).toBe(false);
});

test('twenty thousand doublings of a constant cost no memory', async () => {
  const nodes = Array.from({ length: 20_000 }, (_, index) => node('Concat', `t${index} t${index}`, `t${index + 1}`, { axis: { int: 0 } }));
  const bytes = model({
    nodes: [...nodes, node('Add', 'x t20000', 'y')],
    initializers: [kernel('t0', [1, 1, 1, 1], [1])],
    inputs: [encodeValueInfo('x', 1, [1, 1, 8, 8])],
    outputs: [encodeValueInfo('y')],
  });
  const start = performance.now();
  expect((await read(bytes)).layers).toHaveLength(1);
  expect(performance.now() - start).toBeLessThan(5000);
});
