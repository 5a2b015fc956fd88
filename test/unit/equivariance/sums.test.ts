import { describe, expect, it, test } from 'vitest';
import { equivarianceAt, equivarianceOfSums, referenceMap, rolledTerms } from '../../../src/core/equivariance/measure/closed-form';
import { featureLength, type FeatureGeometry } from '../../../src/core/equivariance/measure/feature-geometry';
import { plainProducts, terms, type PlaceSums, type ReferenceMap } from '../../../src/core/equivariance/measure/products';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import type { CircularModel, SumsBatch, TensorBatch, WantedOfLevel } from '../../../src/core/equivariance/walk/circular-model';
import { measureEquivariance } from '../../../src/core/equivariance/walk/polyphase';
import type { Tensor } from '../../../src/core/graph/model-graph';
import { rollInto } from '../../../src/core/equivariance/walk/roll';
import { graphOf, operations, type LayerSpec } from '../graph-builder';
import { randomNumbers } from './brute-force';
import { randomImage } from './every-shift';
import { fakeModel } from './fake-model';

const { convolution, maxPool, resize, relu } = operations;

/** The flat sums of a map. */
function sumsOf(reference: ReferenceMap, map: Float32Array): PlaceSums {
  const { square, same, right, down, both } = plainProducts(reference, map);
  return { squares: Float64Array.of(square), products: Float64Array.of(same, right, down, both) };
}

/** What a model that takes sums was asked for, by level. */
interface Asked {
  readonly level: number;
  readonly maps: readonly string[];
  readonly sums: readonly string[];
}

/** A model that takes the sums of its maps itself. @param spoil a tensor's sums leave the range of its numbers */
function summing(model: CircularModel, spoil?: string): { readonly model: CircularModel; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const runSums = async (level: number, feeds: ReadonlyMap<string, TensorBatch>, { maps, references }: WantedOfLevel) => {
    asked.push({ level, maps, sums: [...references.keys()] });
    const given = await model.runLevel(level, feeds);
    const sums = new Map<string, SumsBatch>();
    for (const [tensor, reference] of references) {
      const { data, dims } = given.get(tensor)!;
      const [images = 1] = dims;
      const length = data.length / images;
      const parts = Array.from({ length: images }, (_, image) => sumsOf(reference, data.subarray(image * length, (image + 1) * length)));
      sums.set(tensor, {
        images,
        squares: Float64Array.from(parts.flatMap(({ squares }) => [...squares]).map((square) => (tensor === spoil ? Infinity : square))),
        products: Float64Array.from(parts.flatMap(({ products }) => [...products])),
      });
    }
    return { maps: new Map([...given].filter(([tensor]) => maps.includes(tensor))), sums };
  };
  return { model: { ...model, runSums }, asked };
}

/** @param grown tensors that a resize made as large as the image again */
function opened(layers: readonly LayerSpec[], grown: readonly string[] = []) {
  const small = graphOf(layers, { size: 8, channels: 4 });
  const whole = grown.map((name): [string, Tensor] => [name, { name, shape: [null, 4, 8, 8] }]);
  const graph = { ...small, tensors: new Map([...small.tensors, ...whole]) };
  const plan = planMeasurement(graph);
  return { graph, plan, model: fakeModel(graph, plan), image: randomImage(plan, graph.layout) };
}

const options = { metric: 'flat', memoryBudgetBytes: 2 ** 20, cancellation: { cancelled: false } } as const;
const encoder: readonly LayerSpec[] = [
  ['conv1', convolution(3, 1)],
  ['pool1', maxPool(2, 2)],
  ['relu1', relu],
  ['pool2', maxPool(2, 2)],
];

describe('a walk whose model takes sums itself', () => {
  it.each([1, 3000, 2 ** 20])('gives the same heatmaps, with %i bytes', async (memoryBudgetBytes) => {
    const { graph, plan, model, image } = opened(encoder);
    const expected = await measureEquivariance({ graph, plan, model }, image, { ...options, memoryBudgetBytes });
    const given = await measureEquivariance({ graph, plan, model: summing(model).model }, image, { ...options, memoryBudgetBytes });
    expect(given).toEqual(expected);
  });

  it('asks for sums of every map, and for maps that later levels read; the unshifted image gives all maps', async () => {
    const { graph, plan, model, image } = opened(encoder);
    const { model: withSums, asked } = summing(model);
    await measureEquivariance({ graph, plan, model: withSums }, image, options);
    expect(asked).toEqual([
      { level: 1, maps: ['relu1'], sums: ['pool1', 'relu1'] },
      { level: 2, maps: [], sums: ['pool2'] },
    ]);
  });

  it('asks for maps where m differs from shift to shift, as behind a resize', async () => {
    const layers: readonly LayerSpec[] = [
      ['pool1', maxPool(2, 2)],
      ['up', resize('nearest')],
    ];
    const { graph, plan, model, image } = opened(layers, ['up']);
    const { model: withSums, asked } = summing(model);
    const given = await measureEquivariance({ graph, plan, model: withSums }, image, options);
    expect(asked.every(({ maps, sums }) => maps.includes('up') && !sums.includes('up'))).toBe(true);
    expect(given).toEqual(await measureEquivariance({ graph, plan, model }, image, options));
  });

  it('runs a level again for its maps where sums are beyond their range, and asks for no more of its sums', async () => {
    const { graph, plan, model, image } = opened(encoder);
    const { model: withSums, asked } = summing(model, 'pool2');
    const given = await measureEquivariance({ graph, plan, model: withSums }, image, { ...options, memoryBudgetBytes: 1 });
    expect(given).toEqual(await measureEquivariance({ graph, plan, model }, image, { ...options, memoryBudgetBytes: 1 }));
    expect(asked.filter(({ level }) => level === 2)).toHaveLength(1);
    expect(asked.filter(({ level }) => level === 1)).toHaveLength(3);
  });

  it('refuses sums that are not one per image', async () => {
    const { graph, plan, model, image } = opened(encoder);
    const whole = summing(model).model.runSums!;
    const runSums: typeof whole = async (...asked) => {
      const { maps, sums } = await whole(...asked);
      return { maps, sums: new Map([...sums].map(([tensor, given]) => [tensor, { ...given, images: 1 }])) };
    };
    await expect(measureEquivariance({ graph, plan, model: { ...model, runSums } }, image, options)).rejects.toThrow(
      'The value "pool1" does not keep one entry per image (batch 1 instead of 3), so the model cannot be measured.',
    );
  });
});

describe.each(['channels-first', 'channels-last'] as const)('%s', (layout) => {
  const geometry: FeatureGeometry = { layout, channels: 3, size: [4, 5] };
  const [unshifted, shifted] = [randomNumbers(featureLength(geometry), 1), randomNumbers(featureLength(geometry), 2)];

  test('the four rolls of F_0 are rolls of it', () => {
    const rolled = rolledTerms(referenceMap(unshifted, geometry, 'flat'));
    const expected = new Float32Array(terms * unshifted.length);
    for (const term of [0, 1, 2, 3]) rollInto(expected, term * unshifted.length, unshifted, geometry, [term >> 1, term % 2]);
    expect(rolled).toEqual(expected);
  });

  test('a value by sums is that by the map', () => {
    const reference = referenceMap(unshifted, geometry, 'flat');
    for (const shift of [
      [0, 0],
      [1, 0],
      [2, 1],
    ] as const) {
      expect(equivarianceOfSums(reference, sumsOf(reference, shifted), shift, [3, 2])).toBe(
        equivarianceAt(reference, shifted, shift, [3, 2]),
      );
    }
  });
});
