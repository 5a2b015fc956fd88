import * as ort from 'onnxruntime-node';
import { describe, expect, it, test } from 'vitest';
import type { SummedMap } from '../../../src/core/equivariance/contracts';
import { referenceMap, rolledTerms } from '../../../src/core/equivariance/measure/closed-form';
import { plainProducts } from '../../../src/core/equivariance/measure/products';
import { blockedOperators, wholeBlocks } from '../../../src/core/formats/onnx/level/blocked/blocked-maps';
import { layInBlocks } from '../../../src/core/formats/onnx/level/blocked/lay-in-blocks';
import { mapSums, runtimeOperators, type SumsForm } from '../../../src/core/formats/onnx/level/level-sums';
import { elementType } from '../../../src/core/formats/onnx/wire/schema';
import { encodeModel, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { wrapIndex } from '../../../src/core/graph/circle';
import { blockOf } from '../../../src/engine/runtimes/onnx/blocks';
import { randomNumbers } from '../equivariance/brute-force';

type Shape = readonly [channels: number, height: number, width: number];

interface Sums {
  readonly squares: readonly number[];
  readonly products: readonly number[];
}

/** The sums by what they are defined as, in float64: place by place, with F_0 rolled by (0, 0), (0, 1), (1, 0), (1, 1). */
function defined(sample: Float32Array, unshifted: Float32Array, [channels, height, width]: Shape, over: SummedMap['over']): Sums {
  const positions = height * width;
  const places = over === 'everything' ? 1 : positions;
  const [squares, products] = [new Array<number>(places).fill(0), new Array<number>(4 * places).fill(0)];
  for (let index = 0; index < channels * positions; index++) {
    const [plane, y, x] = [Math.floor(index / positions), Math.floor((index % positions) / width), index % width];
    const place = places === 1 ? 0 : index % positions;
    squares[place]! += sample[index]! ** 2;
    for (const [term, [down, right]] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ].entries()) {
      const from = (plane * height + wrapIndex(y - down!, height)) * width + wrapIndex(x - right!, width);
      products[4 * place + term]! += sample[index]! * unshifted[from]!;
    }
  }
  return { squares, products };
}

/** The sums as the runtime takes them of a batch. */
async function taken(
  samples: readonly Float32Array[],
  unshifted: Float32Array,
  shape: Shape,
  { forGpu, ...summed }: Omit<SummedMap, 'channels' | 'size'> & { readonly forGpu?: boolean },
  { opset = 17, block }: Partial<SumsForm> = {},
) {
  const [channels, height, width] = shape;
  const sums = mapSums('map', 'map', { channels, size: [height, width], ...summed }, { opset, block, forGpu: forGpu === true })!;
  const padded = wholeBlocks(channels, block ?? 1);
  const laid = (maps: Float32Array): Float32Array =>
    block === undefined ? maps : layInBlocks(maps, { channels, size: [height, width] }, block);
  const bytes = encodeModel({
    irVersion: 8,
    opsets: { '': opset, [runtimeOperators.domain]: runtimeOperators.version, [blockedOperators.domain]: blockedOperators.version },
    nodes: sums.nodes,
    initializers: sums.initializers,
    inputs: [encodeValueInfo('map', elementType.float, ['batch', padded, height, width]), ...sums.inputs],
    outputs: sums.outputs,
  });
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 4 });
  const map = new Float32Array(samples.length * unshifted.length);
  for (const [image, sample] of samples.entries()) map.set(sample, image * sample.length);
  const reference = referenceMap(unshifted, { layout: 'channels-first', channels, size: [height, width] }, 'flat');
  const results = await session.run({
    map: new ort.Tensor('float32', laid(map), [samples.length, padded, height, width]),
    [sums.reference]: summed.isRolled
      ? new ort.Tensor('float32', laid(rolledTerms(reference)), [4, padded, height, width])
      : new ort.Tensor('float32', reference.extended, [1, channels, height + 1, width + 1]),
  });
  await session.release();
  const places = summed.over === 'everything' ? 1 : height * width;
  expect(results[sums.squares]!.dims).toEqual([samples.length, places]);
  expect(results[sums.products]!.dims).toEqual([samples.length, places, 4]);
  return { squares: results[sums.squares]!.data as Float64Array, products: results[sums.products]!.data as Float64Array };
}

/** Expects the runtime's sums to be those of the definition, to a share of the product of the norms. */
function expectAlike(given: Awaited<ReturnType<typeof taken>>, expected: readonly Sums[], share: number): void {
  const places = expected[0]!.squares.length;
  for (const [image, { squares, products }] of expected.entries()) {
    for (const [place, square] of squares.entries()) {
      const scale = Math.max(square, ...products.slice(4 * place, 4 * place + 4).map(Math.abs));
      expect(Math.abs(given.squares[image * places + place]! - square)).toBeLessThanOrEqual(share * scale);
      for (let term = 0; term < 4; term++) {
        const index = 4 * place + term;
        expect(Math.abs(given.products[4 * image * places + index]! - products[index]!), `term ${term}`).toBeLessThanOrEqual(share * scale);
      }
    }
  }
}

const overs = ['everything', 'channels'] as const;
const forms = overs.flatMap((over) => [true, false].flatMap((isRolled) => [false, true].map((forGpu) => ({ over, isRolled, forGpu }))));

describe.each(forms)('sums over $over, F_0 in all its rolls: $isRolled, for graphics cards: $forGpu', (form) => {
  test.each<Shape>([
    [1, 1, 1],
    [3, 1, 5],
    [5, 7, 3],
    [64, 8, 12],
    [130, 3, 3],
    [512, 2, 2],
    [2048, 1, 1],
  ])('%i channels of %i x %i', async (...shape) => {
    const length = shape[0] * shape[1] * shape[2];
    const unshifted = randomNumbers(length, 1);
    const samples = [2, 3, 4].map((seed) => randomNumbers(length, seed));
    expectAlike(
      await taken(samples, unshifted, shape, form),
      samples.map((sample) => defined(sample, unshifted, shape, form.over)),
      3e-6,
    );
  });

  test.each<Shape>([
    [16, 5, 7],
    [24, 8, 12],
    [64, 1, 1],
    [512, 2, 2],
  ])('%i channels of %i x %i in blocks', async (...shape) => {
    const block = await blockOf(ort);
    const length = shape[0] * shape[1] * shape[2];
    const unshifted = randomNumbers(length, 1);
    const samples = [2, 3, 4].map((seed) => randomNumbers(length, seed));
    expectAlike(
      await taken(samples, unshifted, shape, form, { block }),
      samples.map((sample) => defined(sample, unshifted, shape, form.over)),
      3e-6,
    );
  });

  test.each([7, 9, 10, 12, 13, 18, 21])('written with operator set %i', async (opset) => {
    const [unshifted, sample] = [randomNumbers(4 * 35, 1), randomNumbers(4 * 35, 2)];
    expectAlike(await taken([sample], unshifted, [4, 5, 7], form, { opset }), [defined(sample, unshifted, [4, 5, 7], form.over)], 1e-6);
  });
});

describe('sums of 800,000 numbers', () => {
  const shape: Shape = [64, 112, 112];
  const length = 64 * 112 * 112;
  const noise = randomNumbers(length, 7);
  it.each([
    ['that are all alike', (): number => 1.2345678],
    ['around a large mean', (index: number) => 1000 + noise[index]!],
    ['of either sign', (index: number) => noise[index]!],
    ['from 1e-12 to 1e12', (index: number) => 10 ** (12 * noise[index]!)],
    ['of which one outweighs all others', (index: number) => (index === 4321 ? 1e6 : noise[index]!)],
  ])('%s are exact to 1e-6 of the norms', async (_, value) => {
    const unshifted = Float32Array.from({ length }, (__, index) => value(index));
    const sample = unshifted.slice().reverse();
    const given = await taken([sample], unshifted, shape, { over: 'everything', isRolled: false });
    const reference = referenceMap(unshifted, { layout: 'channels-first', channels: 64, size: [112, 112] }, 'flat');
    const { square, same, right, down, both } = plainProducts(reference, sample);
    for (const [term, product] of [same, right, down, both].entries()) {
      expect(Math.abs(given.products[term]! - product) / square).toBeLessThan(1e-6);
    }
    expect(Math.abs(given.squares[0]! / square - 1)).toBeLessThan(1e-6);
  });
});

it('a map that no number cuts into runs, and operators too old, have no sums: the map leaves', () => {
  const summed = { over: 'everything', isRolled: false } as const;
  expect(mapSums('map', 'map', { channels: 1, size: [1, 10_007], ...summed }, { opset: 17 })).toBeUndefined();
  expect(mapSums('map', 'map', { channels: 3, size: [4, 4], ...summed }, { opset: 5 })).toBeUndefined();
});
