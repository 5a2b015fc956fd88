import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/core/graph/model-graph';
import { receptiveFields } from '../../../src/core/graph/receptive-field';
import { graphOf, operations, window, type LayerSpec } from '../graph-builder';

const { convolution, maxPool, averagePool, slice, spaceToDepth, relu, add, globalPool, flatten } = operations;

function transposed(kernel: number, stride: number): Operation {
  return { kind: 'transposed-convolution', window: window(kernel, stride) };
}

function fieldOf(layers: readonly LayerSpec[], name = layers.at(-1)![0]): ReturnType<ReturnType<typeof receptiveFields>['get']> {
  return receptiveFields(graphOf(layers, { size: 2048 })).get(name);
}

function times(count: number, operation: Operation, name: string): readonly LayerSpec[] {
  return Array.from({ length: count }, (_, index) => [`${name}${index}`, operation] as const);
}

/** Blocks of three convolutions beside an identity or a projection; the stride is that of the convolution at `strided`. */
function bottlenecks(blocks: readonly number[], strided: 0 | 1): readonly LayerSpec[] {
  const layers: LayerSpec[] = [
    ['stem', convolution(7, 2)],
    ['pool', maxPool(3, 2)],
  ];
  let before = 'pool';
  for (const [stage, count] of blocks.entries()) {
    for (let block = 0; block < count; block++) {
      const name = `${stage}.${block}`;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      layers.push([`${name}.a`, convolution(1, strided === 0 ? stride : 1), [before]]);
      layers.push([`${name}.b`, convolution(3, strided === 1 ? stride : 1)], [`${name}.c`, convolution(1, 1)]);
      if (block === 0) layers.push([`${name}.side`, convolution(1, stride), [before]]);
      layers.push([`${name}.sum`, add, [`${name}.c`, block === 0 ? `${name}.side` : before]]);
      before = `${name}.sum`;
    }
  }
  return layers;
}

describe('receptive fields of known networks', () => {
  it('are those of Araujo, Norris and Sim (Distill 2019, table "Receptive fields of CNNs")', () => {
    const vgg = [2, 2, 3, 3, 3].flatMap((count, stage) => [
      ...times(count, convolution(3, 1), `${stage}.`),
      [`pool${stage}`, maxPool(2, 2)] as const,
    ]);
    expect(fieldOf(vgg)?.size).toEqual([212, 212]);
    expect(fieldOf(bottlenecks([3, 4, 6, 3], 0))?.size).toEqual([483, 483]);
    expect(fieldOf(bottlenecks([3, 4, 23, 3], 0))?.size).toEqual([1027, 1027]);
    const mobilenet = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1].flatMap((stride, index): LayerSpec[] => [
      [`depthwise${index}`, convolution(3, stride)],
      [`pointwise${index}`, convolution(1, 1)],
    ]);
    expect(fieldOf([['stem', convolution(3, 2)], ...mobilenet])?.size).toEqual([315, 315]);
  });

  it('are smaller where the stride stands later, as in the ResNet-50 of torchvision', () => {
    expect(fieldOf(bottlenecks([3, 4, 6, 3], 1))?.size).toEqual([427, 427]);
  });
});

describe('receptive fields against the pixels that values are made of', () => {
  const chains: readonly (readonly [string, readonly LayerSpec[]])[] = [
    [
      'strides between windows',
      [
        ['a', convolution(3, 2)],
        ['b', averagePool(3, 1)],
        ['c', maxPool(2, 2)],
        ['d', convolution(5, 1)],
      ],
    ],
    [
      'dilation',
      [
        ['a', { ...convolution(3, 1), window: { ...window(3, 1), dilation: [2, 2] } } as Operation],
        ['b', maxPool(2, 2)],
        ['c', convolution(3, 1)],
      ],
    ],
    [
      'a slice and a space-to-depth',
      [
        ['a', slice(2)],
        ['b', spaceToDepth(2)],
        ['c', convolution(3, 1)],
      ],
    ],
    [
      'a decoder',
      [
        ['a', convolution(3, 2)],
        ['b', convolution(3, 2)],
        ['c', transposed(4, 2)],
        ['d', convolution(3, 1)],
        ['e', transposed(2, 2)],
      ],
    ],
    [
      'branches',
      [
        ['a', convolution(3, 2)],
        ['b', convolution(3, 1)],
        ['c', convolution(5, 1)],
        ['sum', add, ['a', 'c']],
        ['d', convolution(3, 2)],
      ],
    ],
  ];

  it.each(chains)('of %s', (_, layers) => {
    expect(fieldOf(layers)?.size?.[1]).toBe(mostPixels(layers));
  });
});

describe('receptive fields', () => {
  it('are of the whole image behind a global pool, and beside one where its values weigh a map', () => {
    const layers: LayerSpec[] = [
      ['a', convolution(3, 1)],
      ['mean', globalPool],
      ['gate', convolution(1, 1)],
      ['scaled', add, ['a', 'gate']],
      ['end', flatten],
    ];
    expect(fieldOf(layers, 'gate')).toEqual({ size: null, isGlobal: true });
    expect(fieldOf(layers, 'scaled')).toEqual({ size: [3, 3], isGlobal: true });
    expect(fieldOf(layers)).toEqual({ size: null, isGlobal: true });
  });

  it('are not known behind a layer that nobody can judge', () => {
    expect(
      fieldOf([
        ['a', convolution(3, 1)],
        ['b', { kind: 'opaque', reason: '' }],
        ['c', relu],
      ]),
    ).toBeUndefined();
  });
});

/** Brute force along a row: the set of pixels behind every sample, as the operations' definitions give it; the widest counts. */
function mostPixels(layers: readonly LayerSpec[]): number {
  const length = 512;
  const sets = new Map<string, readonly (readonly number[])[]>([['image', Array.from({ length }, (_, pixel) => [pixel])]]);
  let previous = 'image';
  for (const [name, operation, inputs = [previous]] of layers) {
    const maps = inputs.map((input) => sets.get(input)!);
    sets.set(name, pixelsBehind(operation, maps));
    previous = name;
  }
  const reach = sets.get(previous)!.map((pixels) => Math.max(...pixels) - Math.min(...pixels) + 1);
  return Math.max(...reach);
}

function pixelsBehind(
  operation: Operation,
  [first = [], ...others]: readonly (readonly (readonly number[])[])[],
): readonly (readonly number[])[] {
  const gather = (places: readonly number[]): readonly number[] => [...new Set(places.flatMap((place) => first[place] ?? []))];
  const samples = (count: number, placesOf: (sample: number) => readonly number[]): readonly (readonly number[])[] =>
    Array.from({ length: count }, (_, sample) => gather(placesOf(sample)));
  switch (operation.kind) {
    case 'convolution':
    case 'max-pool':
    case 'average-pool': {
      const [kernel = 1, stride = 1, dilation = 1] = [operation.window.kernel[1], operation.window.stride[1], operation.window.dilation[1]];
      const begin = Math.floor(((kernel - 1) * dilation) / 2);
      return samples(Math.ceil(first.length / stride), (sample) =>
        Array.from({ length: kernel }, (_, tap) => sample * stride - begin + tap * dilation),
      );
    }
    case 'transposed-convolution': {
      // Sample i of the input is spread over samples i * stride to i * stride + kernel - 1 of the output.
      const [kernel = 1, stride = 1] = [operation.window.kernel[1], operation.window.stride[1]];
      return samples(first.length * stride, (sample) =>
        first.flatMap((_, i) => (i * stride <= sample && sample < i * stride + kernel ? [i] : [])),
      );
    }
    case 'slice':
      return samples(Math.ceil(first.length / operation.stride[1]!), (sample) => [sample * operation.stride[1]!]);
    case 'space-to-depth':
      return samples(first.length / operation.block[1]!, (sample) =>
        Array.from({ length: operation.block[1]! }, (_, step) => sample * operation.block[1]! + step),
      );
    default:
      return first.map((pixels, sample) => [...new Set([...pixels, ...others.flatMap((other) => other[sample] ?? [])])]);
  }
}
