import { describe, expect, test } from 'vitest';
import type { ModelGraph, Operation, Padding } from '../../../src/core/graph/model-graph';
import { tailStep } from '../../../src/core/equivariance/plan/tail-step';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { graphOf, operations, window, type LayerSpec } from '../graph-builder';

const { convolution, maxPool, relu, add, flatten, globalPool } = operations;
const pad = (begin: number, end: number): Operation => ({ kind: 'pad', begin: [begin, begin], end: [end, end], mode: 'constant' });
const explicit = (begin: number, end: number): Padding => ({ kind: 'explicit', begin: [begin, begin], end: [end, end] });
const padded = (kernel: number, stride: number, padding: Padding): Operation =>
  convolution(kernel, stride, { window: window(kernel, stride, { padding }) });
const valid = (kernel: number, stride: number): Operation => padded(kernel, stride, { kind: 'valid' });
const validPool: Operation = { kind: 'max-pool', window: window(2, 2, { padding: { kind: 'valid' } }) };
const same = (begin: number, end: number): { begin: number[]; end: number[] } => ({ begin: [begin, begin], end: [end, end] });

describe('levels', () => {
  test('a plain encoder has one level per stride, which starts with the strided layer', () => {
    const plan = planMeasurement(
      graphOf([
        ['a', convolution(3, 1)],
        ['b', relu],
        ['c', maxPool(2, 2)],
        ['d', convolution(3, 1)],
        ['e', convolution(3, 2)],
        ['f', globalPool],
      ]),
    );
    expect(plan.levels.map(({ period, layers, feeds, fetches }) => ({ period, layers, feeds, fetches }))).toEqual([
      { period: [1, 1], layers: ['a', 'b'], feeds: ['image'], fetches: ['a', 'b'] },
      { period: [2, 2], layers: ['c', 'd'], feeds: ['b'], fetches: ['c', 'd'] },
      { period: [4, 4], layers: ['e', 'f'], feeds: ['d'], fetches: ['e', 'f'] },
    ]);
    expect(plan.layers.map(({ name, size, spatialStride, period }) => [name, size[0], spatialStride[0], period[0]])).toEqual([
      ['a', 32, 1, 1],
      ['b', 32, 1, 1],
      ['c', 16, 2, 2],
      ['d', 16, 2, 2],
      ['e', 8, 4, 4],
    ]);
    expect(plan.output).toEqual({ ok: true, tensor: 'f', name: 'f' });
    expect(plan.notes).toEqual([]);
  });

  test('branches of one stride share a level', () => {
    const plan = planMeasurement(
      graphOf([
        ['stem', convolution(3, 1)],
        ['main', convolution(3, 2), ['stem']],
        ['shortcut', convolution(1, 2), ['stem']],
        ['sum', add, ['main', 'shortcut']],
      ]),
    );
    expect(plan.levels.map(({ layers }) => layers)).toEqual([['stem'], ['main', 'shortcut', 'sum']]);
  });

  test('strides along different axes form a chain of common multiples', () => {
    const along = (stride: [number, number]): Operation => ({ kind: 'max-pool', window: { ...window(1, 1), kernel: stride, stride } });
    const plan = planMeasurement(
      graphOf(
        [
          ['rows', along([2, 1]), ['image']],
          ['columns', along([1, 2]), ['image']],
          ['thirds', along([3, 3]), ['image']],
        ],
        { size: 36 },
      ),
    );
    expect(plan.levels.map(({ period }) => period)).toEqual([
      [1, 1],
      [2, 1],
      [2, 2],
      [6, 6],
    ]);
    expect(plan.layers.map(({ period }) => period)).toEqual([
      [2, 1],
      [1, 2],
      [3, 3],
    ]);
  });

  test('a strided stem leaves level 0 empty and reads the rolled image', () => {
    const plan = planMeasurement(graphOf([['stem', convolution(7, 2)]]));
    expect(plan.levels.map(({ layers, feeds }) => ({ layers, feeds }))).toEqual([
      { layers: [], feeds: [] },
      { layers: ['stem'], feeds: ['image'] },
    ]);
  });

  test('layers that lead to nothing measured are not run', () => {
    const plan = planMeasurement(
      graphOf(
        [
          ['a', convolution(3, 1)],
          ['aside', globalPool, ['a']],
          ['b', relu, ['a']],
        ],
        { outputs: ['b'] },
      ),
    );
    expect(plan.levels[0]!.layers).toEqual(['a', 'b']);
  });
});

describe('circular padding keeps the begin and gives input length / stride samples', () => {
  const cases: readonly {
    name: string;
    layers: readonly LayerSpec[];
    layer: string;
    expected: ReturnType<typeof same>;
    wrapped?: boolean;
  }[] = [
    { name: 'symmetric 3/1', layers: [['c', padded(3, 1, explicit(1, 1))]], layer: 'c', expected: same(1, 1) },
    {
      name: 'symmetric 3/2: the last padded sample is not read',
      layers: [['c', padded(3, 2, explicit(1, 1))]],
      layer: 'c',
      expected: same(1, 0),
    },
    { name: '7/2 stem', layers: [['c', padded(7, 2, explicit(3, 3))]], layer: 'c', expected: same(3, 2) },
    { name: 'TensorFlow SAME 3/2', layers: [['c', convolution(3, 2)]], layer: 'c', expected: same(0, 1) },
    { name: '1/2 crops', layers: [['c', padded(1, 2, { kind: 'valid' })]], layer: 'c', expected: same(0, -1) },
    { name: '2/2 pool', layers: [['c', maxPool(2, 2)]], layer: 'c', expected: same(0, 0) },
    {
      name: 'dilated',
      layers: [['c', { ...convolution(3, 1), window: { ...window(3, 1), dilation: [2, 2] } } as Operation]],
      layer: 'c',
      expected: same(2, 2),
    },
    { name: 'VALID 3/1 wraps', layers: [['c', valid(3, 1)]], layer: 'c', expected: same(0, 2), wrapped: true },
    {
      name: 'a Pad layer in front',
      layers: [
        ['p', pad(1, 1)],
        ['c', valid(3, 2)],
      ],
      layer: 'c',
      expected: same(1, 0),
    },
    {
      name: 'a Pad layer and pointwise layers in front',
      layers: [
        ['p', pad(1, 1)],
        ['r', relu],
        ['c', valid(3, 1)],
      ],
      layer: 'c',
      expected: same(1, 1),
    },
    {
      name: 'a Pad layer on top of own padding',
      layers: [
        ['p', pad(1, 1)],
        ['c', padded(5, 1, explicit(1, 1))],
      ],
      layer: 'c',
      expected: same(2, 2),
    },
  ];
  test.each(cases)('$name', ({ layers, layer, expected, wrapped }) => {
    const plan = planMeasurement(graphOf(layers));
    expect(plan.circularPadding.get(layer)).toEqual(expected);
    expect(plan.notes.some((note) => note.startsWith('VALID, wrapped') && note.includes(`"${layer}"`))).toBe(wrapped ?? false);
  });

  test('folded Pad layers are passed through and not measured', () => {
    const plan = planMeasurement(
      graphOf([
        ['p', pad(1, 1)],
        ['c', valid(3, 2)],
      ]),
    );
    expect([...plan.foldedPads]).toEqual(['p']);
    expect(plan.layers.map(({ name }) => name)).toEqual(['c']);
    expect(plan.levels.map(({ layers, feeds }) => ({ layers, feeds }))).toEqual([
      { layers: ['p'], feeds: ['image'] },
      { layers: ['c'], feeds: ['p'] },
    ]);
  });

  test('padding that no window layer takes over is refused', () => {
    const plan = planMeasurement(
      graphOf([
        ['c', convolution(3, 1)],
        ['p', pad(1, 1)],
        ['sum', add, ['c', 'p']],
      ]),
    );
    expect(plan.omitted.map(({ layer }) => layer)).toEqual(['sum']);
    expect(plan.omitted[0]!.reason).toMatch(/padded differently/);
  });
});

describe('image size', () => {
  test.each([
    { size: 28, strides: 3, planned: 32, reason: 'a tie goes up' },
    { size: 27, strides: 3, planned: 24, reason: 'the nearest multiple' },
    { size: 32, strides: 3, planned: 32, reason: 'unchanged' },
    { size: 3, strides: 3, planned: 8, reason: 'at least one period' },
  ])('$size with $strides pools becomes $planned: $reason', ({ size, strides, planned }) => {
    const layers = Array.from({ length: strides }, (_, index): LayerSpec => [`pool${index}`, maxPool(2, 2)]);
    const plan = planMeasurement(graphOf(layers, { size }));
    expect(plan.input.size).toEqual([planned, planned]);
    expect(plan.input.declaredSize).toEqual([size, size]);
    expect(plan.notes.some((note) => note.includes(`from ${size} x ${size} to ${planned} x ${planned}`))).toBe(size !== planned);
  });
});

describe('tails', () => {
  test('flatten + dense is run for every shift of the image', () => {
    const plan = planMeasurement(
      graphOf([
        ['c', maxPool(2, 2)],
        ['f', flatten],
        ['d', flatten],
      ]),
    );
    expect(plan.levels.at(-1)).toMatchObject({ period: [32, 32], layers: ['f', 'd'], feeds: ['c'], fetches: ['d'] });
    expect(plan.output).toEqual({ ok: true, tensor: 'd', name: 'd' });
  });

  test.each([
    {
      name: 'after the image was resized',
      layers: [
        ['c', validPool],
        ['e', validPool],
        ['f', flatten],
      ],
      size: 30,
      reason: /only fits the original map of 7 x 7/,
    },
    {
      name: 'behind a wrapped VALID layer',
      layers: [
        ['c', valid(3, 1)],
        ['f', flatten],
      ],
      size: 32,
      reason: /only fits the original map of 30 x 30/,
    },
  ] as const)('flatten is left out $name', ({ layers, size, reason }) => {
    const plan = planMeasurement(graphOf(layers, { size }));
    expect(plan.output.ok ? '' : plan.output.reason).toMatch(reason);
    expect(plan.omitted.map(({ layer }) => layer)).toEqual(['f']);
    expect(plan.layers.length).toBe(layers.length - 1);
  });

  test('beyond the budget of shifts it is run for a lattice that meets all phases of the network', () => {
    const plan = planMeasurement(
      graphOf(
        [
          ['c', maxPool(2, 2)],
          ['d', maxPool(3, 3)],
          ['f', flatten],
        ],
        { size: 66 },
      ),
    );
    const tail = plan.levels.at(-1)!;
    expect(tail).toMatchObject({ period: [66, 66], step: [5, 5], layers: ['f'] });
    expect(plan.output.ok).toBe(true);
    expect(plan.omitted).toEqual([]);
    expect(plan.notes.at(-1)).toBe(
      'Layers from "f" on have a value of their own for each of the 4356 shifts of the image; they are run for 196 of them, every 5 pixels.',
    );
  });

  test.each([
    { size: [64, 64], period: [32, 32], multiplyAdds: 1e6, step: [1, 1] },
    { size: [224, 224], period: [32, 32], multiplyAdds: 1e8, step: [5, 5] },
    { size: [224, 224], period: [32, 32], multiplyAdds: 1e10, step: [23, 23] },
    { size: [1, 16000], period: [1, 64], multiplyAdds: 1e6, step: [5, 5] },
    { size: [66, 66], period: [1, 1], multiplyAdds: 1e6, step: [2, 2] },
    { size: [2 ** 31, 1], period: [2, 3], multiplyAdds: 1e6, step: [524_291, 524_291] },
    { size: [2 ** 31, 2 ** 31], period: [2 ** 52, 2 ** 52], multiplyAdds: 1e12, step: [2 ** 28 + 1, 2 ** 28 + 1] },
  ] as const)('a tail of $multiplyAdds multiply-adds on $size pixels is run every $step', ({ size, period, multiplyAdds, step }) => {
    expect(tailStep(size, period, multiplyAdds)).toEqual(step);
  });

  test('flatten is run on a resized image where its map keeps the original size', () => {
    const plan = planMeasurement(
      graphOf(
        [
          ['c', maxPool(2, 2)],
          ['e', maxPool(2, 2)],
          ['f', flatten],
        ],
        { size: 30 },
      ),
    );
    expect(plan.input.size).toEqual([32, 32]);
    expect(plan.levels.at(-1)).toMatchObject({ period: [32, 32], layers: ['f'] });
  });

  test('flatten of a single position behind a global pool keeps the period', () => {
    const plan = planMeasurement(
      graphOf([
        ['c', maxPool(2, 2)],
        ['g', globalPool],
        ['f', flatten],
      ]),
    );
    expect(plan.levels.map(({ period, layers }) => ({ period, layers }))).toEqual([
      { period: [1, 1], layers: [] },
      { period: [2, 2], layers: ['c', 'g', 'f'] },
    ]);
  });

  test('a pool of stride 1 whose window is the whole map counts as global', () => {
    const plan = planMeasurement(
      graphOf([
        ['c', maxPool(2, 2)],
        ['whole', { kind: 'average-pool', window: window(16, 1, { padding: { kind: 'valid' } }), countsPadding: false }],
        ['f', flatten],
      ]),
    );
    expect(plan.levels.at(-1)).toMatchObject({ period: [2, 2], layers: ['c', 'whole', 'f'] });
    expect(plan.layers.map(({ name }) => name)).toEqual(['c']);
    expect(plan.circularPadding.get('whole')).toEqual(same(0, 0));
  });

  test('a strided pool down to a single position repeats with the period of its input', () => {
    const plan = planMeasurement(
      graphOf([
        ['c', maxPool(2, 2)],
        ['last', maxPool(16, 16)],
        ['f', flatten],
      ]),
    );
    expect(plan.levels.at(-1)).toMatchObject({ period: [2, 2], layers: ['c', 'last', 'f'] });
    expect(plan.layers.at(-1)).toMatchObject({ name: 'last', size: [1, 1], spatialStride: [32, 32], period: [2, 2] });
  });

  test('what follows on a single position repeats with that period too', () => {
    const plan = planMeasurement(
      graphOf([
        ['stem', convolution(3, 2)],
        ['squeeze', { kind: 'average-pool', window: window(16, 16), countsPadding: false }],
        ['gate', convolution(1, 1)],
        ['scaled', add, ['stem', 'gate']],
        ['next', convolution(3, 1)],
      ]),
    );
    expect(plan.levels.map(({ period }) => period)).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('a pool of the whole map whose window does not fit the circular map is left out', () => {
    const plan = planMeasurement(
      graphOf([
        ['c', valid(3, 1)],
        ['whole', { kind: 'average-pool', window: window(30, 1, { padding: { kind: 'valid' } }), countsPadding: false }],
        ['f', flatten],
      ]),
    );
    expect(plan.omitted.map(({ layer }) => layer)).toEqual(['whole', 'f']);
    expect(plan.omitted[0]!.reason).toMatch(/window of 30 x 30, but .* map is 32 x 32/);
  });

  test('an output that is a feature map is shown by its heatmap', () => {
    const { output } = planMeasurement(graphOf([['c', maxPool(2, 2)]]));
    expect(output.ok ? '' : output.reason).toMatch(/feature map/);
  });
});

describe('what cannot be followed is left out with everything that depends on it', () => {
  test.each([
    { operation: { kind: 'resize', mode: 'linear', alignsCorners: true }, reason: /aligned corners/ },
    { operation: { kind: 'slice', stride: [3, 3] }, reason: /cuts positions/ },
    { operation: { kind: 'opaque', reason: 'it is a custom layer' }, reason: /custom layer/ },
  ] as const)('$operation.kind', ({ operation, reason }) => {
    const plan = planMeasurement(
      graphOf([
        ['a', convolution(3, 1)],
        ['x', operation],
        ['b', relu],
      ]),
    );
    expect(plan.layers.map(({ name }) => name)).toEqual(['a']);
    expect(plan.omitted.map(({ layer }) => layer)).toEqual(['x', 'b']);
    for (const { reason: text } of plan.omitted) expect(text).toMatch(reason);
    expect(plan.output.ok).toBe(false);
  });

  test('images of different sizes are refused, and so is what cannot be held', () => {
    const graph = graphOf([['a', relu]]);
    const taking = (shape: readonly (number | null)[] | undefined): ModelGraph => ({
      ...graph,
      inputs: ['image', 'other'],
      tensors: new Map([...graph.tensors, ['other', { name: 'other', shape }]]),
    });
    expect(() => planMeasurement(taking([null, 4, 16, 16]))).toThrow(/"image" \(32 x 32\) and "other" \(16 x 16\)/);
    expect(() => planMeasurement(taking([]))).toThrow(/"other" is no image and has no batch axis/);
    expect(() => planMeasurement(taking(undefined))).toThrow(/does not tell its shape/);
    expect(planMeasurement(taking([null, 1, 32, 32])).input.images).toEqual([
      { tensor: 'image', channels: 4 },
      { tensor: 'other', channels: 1 },
    ]);
    const { input, notes } = planMeasurement(taking([null, 7]));
    expect(input.held).toEqual([{ tensor: 'other', dims: [1, 7] }]);
    expect(notes).toEqual(['The input "other" of shape [1, 7] is no image: it is held at zeros.']);
  });

  test('a model without an image is refused', () => {
    const graph = { ...graphOf([['a', relu]]), tensors: new Map([['image', { name: 'image', shape: [null, 128] }]]) };
    expect(() => planMeasurement(graph)).toThrow(/measured for images/);
    expect(() => planMeasurement({ ...graph, inputs: [] })).toThrow(/no inputs/);
  });
});
