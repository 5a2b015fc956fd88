import { describe, expect, test } from 'vitest';
import { factor, solveFactored } from '../../../src/core/recover/cholesky';
import { LowerMatrix } from '../../../src/core/recover/lower-matrix';
import { plainProducts, type AddProducts } from '../../../src/core/recover/matrix-products';
import { NormalEquations } from '../../../src/core/recover/normal-equations';
import { solveRidge } from '../../../src/core/recover/ridge';
import { seededRandom } from '../../../src/core/consistency/random';
import { eliminate } from './eliminate';
import { onnxMatrixProducts } from '../../../src/engine/runtimes/onnx/onnx-matrix-products';
import { wasmMatrixProducts } from '../../../src/engine/runtimes/products/wasm-matrix-products';

const wasm = await wasmMatrixProducts();
const onnx = await onnxMatrixProducts(wasm);
const implementations: readonly (readonly [string, AddProducts])[] = [
  ['plain loops', plainProducts],
  ['WebAssembly', wasm],
  ['ONNX Runtime', onnx],
];

function randomNumbers(count: number, seed: number): Float64Array {
  const random = seededRandom(seed, 'solver');
  return Float64Array.from({ length: count }, () => 2 * random() - 1);
}

/** Samples as columns: `[unknowns, samples]` and `[outputs, samples]` with y = W u. */
function samplesOf(weights: Float64Array, unknowns: number, outputs: number, samples: number, seed: number) {
  const inputs = randomNumbers(unknowns * samples, seed);
  const targets = new Float64Array(outputs * samples);
  for (let output = 0; output < outputs; output++)
    for (let unknown = 0; unknown < unknowns; unknown++)
      for (let sample = 0; sample < samples; sample++)
        targets[output * samples + sample]! += weights[output * unknowns + unknown]! * inputs[unknown * samples + sample]!;
  return { inputs, targets };
}

async function equations(
  addProducts: AddProducts,
  weights: Float64Array,
  unknowns: number,
  outputs: number,
  samples: number,
  seed: number,
): Promise<NormalEquations> {
  const { inputs, targets } = samplesOf(weights, unknowns, outputs, samples, seed);
  const result = new NormalEquations(unknowns, outputs, addProducts);
  await result.add(
    { data: inputs, offset: 0, stride: samples, count: unknowns },
    { data: targets, offset: 0, stride: samples, count: outputs },
    samples,
  );
  return result;
}

/** All entries of a symmetric matrix, row-major. */
function whole(matrix: LowerMatrix): Float64Array {
  const { size, data } = matrix;
  return Float64Array.from({ length: size * size }, (_, place) => {
    const [row, column] = [Math.floor(place / size), place % size];
    return data[matrix.rowStart(Math.max(row, column)) + Math.min(row, column)]!;
  });
}

/** The symmetric matrix of some rows. */
function lower(rows: readonly (readonly number[])[]): LowerMatrix {
  const matrix = LowerMatrix.zeros(rows.length);
  for (const [row, entries] of rows.entries())
    for (let column = 0; column <= row; column++) matrix.data[matrix.rowStart(row) + column] = entries[column]!;
  return matrix;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, index) => Math.max(most, Math.abs(value - b[index]!)), 0);
}

describe('products of rows', () => {
  test('WebAssembly is used, and ONNX Runtime for large ones', () => {
    expect(wasm).not.toBe(plainProducts);
    expect(onnx).not.toBe(wasm);
  });

  test.each([
    [1, 1, 1],
    [3, 5, 7],
    [4, 2, 256],
    [64, 64, 257],
    [70, 130, 300],
    [200, 300, 50],
    [600, 300, 30],
    [40, 40, 2100],
  ])('%i by %i rows of %i are those of the plain loops, with strides and offsets', async (rows, columns, length) => {
    const [left, right] = [randomNumbers(3 + rows * (length + 2), 1), randomNumbers(5 + columns * (length + 1), 2)];
    for (const sign of [1, -1] as const) {
      const [expected, ...given] = await Promise.all(
        implementations.map(async ([, addProducts]) => {
          const target = randomNumbers(7 + rows * (columns + 3), 3);
          const from = { data: left, offset: 3, stride: length + 2, count: rows };
          const onto = { data: right, offset: 5, stride: length + 1, count: columns };
          await addProducts({ data: target, offset: 7, stride: columns + 3 }, from, onto, length, sign);
          return target;
        }),
      );
      for (const target of given) expect(largestDifference(target, expected!)).toBeLessThan(1e-12 * Math.max(1, length / 300));
    }
  });
});

test.each([
  [300, 300, 257],
  [512, 17, 300],
  [40, 700, 1025],
  [256, 256, 2500],
])('ONNX Runtime gives %i by %i products of %i to the same last bit with any number of threads', async (rows, columns, length) => {
  const [left, right] = [randomNumbers(rows * length, 23), randomNumbers(columns * length, 24)];
  const targets = await Promise.all(
    [1, 2, 3, 8].map(async (threads) => {
      const target = new Float64Array(rows * columns);
      const addProducts = await onnxMatrixProducts(() => Promise.reject(new Error('too small')), threads);
      const [from, onto] = [
        { data: left, offset: 0, stride: length, count: rows },
        { data: right, offset: 0, stride: length, count: columns },
      ];
      await addProducts({ data: target, offset: 0, stride: columns }, from, onto, length, 1);
      return target;
    }),
  );
  const [one] = targets;
  expect(one!.every((value) => value !== 0)).toBe(true);
  for (const target of targets) expect(Buffer.from(target.buffer).equals(Buffer.from(one!.buffer))).toBe(true);
});

test.each([1, 255, 256, 257, 700])('a lower matrix of %i rows keeps what is not above its diagonal, in the bytes that it tells', (size) => {
  const matrix = LowerMatrix.zeros(size);
  expect(matrix.data.byteLength).toBe(LowerMatrix.bytes(size));
  const places = Array.from({ length: size }, (_, row) =>
    Array.from({ length: row + 1 }, (_entry, column) => matrix.rowStart(row) + column),
  ).flat();
  expect(new Set(places).size).toBe((size * (size + 1)) / 2);
  expect(Math.max(...places.slice(-size))).toBe(matrix.data.length - 1);
  expect(
    matrix.blocks.flatMap((block) =>
      Array.from({ length: block.end - block.first }, (_, row) => matrix.rows(block).offset + row * matrix.rows(block).stride),
    ),
  ).toEqual(Array.from({ length: size }, (_, row) => matrix.rowStart(row)));
});

describe.each(implementations)('solving with %s', (_, addProducts) => {
  test.each([1, 2, 9, 63, 64, 65, 200, 257])('%i unknowns: equal to elimination within 1e-8', async (size) => {
    const { gram } = await equations(addProducts, new Float64Array(size), size, 1, 2 * size + 3, 4);
    const right = randomNumbers(3 * size, 5);
    const rows = right.slice();
    const factored = gram.copy();
    expect(await factor(factored, addProducts)).toBe(true);
    await solveFactored(factored, { data: rows, offset: 0, stride: size, count: 3 }, addProducts);
    for (const row of [0, 1, 2]) {
      const expected = eliminate(whole(gram), size, right.subarray(row * size, (row + 1) * size));
      const scale = Math.max(...expected.map(Math.abs));
      expect(largestDifference(rows.subarray(row * size, (row + 1) * size), expected) / scale).toBeLessThan(1e-8);
    }
  });

  test('a matrix that is not positive definite is refused', async () => {
    expect(await factor(lower([[1], [2, 1]]), addProducts)).toBe(false);
    expect(await factor(lower([[NaN], [0, 1]]), addProducts)).toBe(false);
  });

  test('ridge regression is the optimum of its own sum: elimination on (A + l m I) gives the same', async () => {
    const [unknowns, outputs] = [30, 4];
    const truth = randomNumbers(unknowns * outputs, 6);
    const old = randomNumbers(unknowns * outputs, 7);
    const fitted = await equations(addProducts, truth, unknowns, outputs, 100, 8);
    const gram = whole(fitted.gram);
    const heldOut = await equations(addProducts, truth, unknowns, outputs, 40, 9);
    const solution = await solveRidge([{ fitted, heldOut, old }], addProducts);
    // Without noise the weakest pull is best.
    expect(solution.ridge).toBe(1e-4);
    const mean = gram.filter((_value, place) => place % (unknowns + 1) === 0).reduce((sum, value) => sum + value, 0) / unknowns;
    const pulled = gram.map((value, place) => (place % (unknowns + 1) === 0 ? value + 1e-4 * mean : value));
    const right = fitted.cross.map((value, place) => value + 1e-4 * mean * old[place]!);
    for (let output = 0; output < outputs; output++) {
      const own = (numbers: Float64Array): Float64Array => numbers.subarray(output * unknowns, (output + 1) * unknowns);
      expect(largestDifference(own(solution.weights[0]!), eliminate(pulled, unknowns, own(right)))).toBeLessThan(1e-8);
    }
    expect(solution.errorAfter).toBeLessThan(1e-6);
    expect(solution.errorBefore).toBeGreaterThan(0.1);
  });

  test.each([
    [12, 20],
    [300, 40],
  ])('the error of %i unknowns is that of the residuals of %i samples', async (unknowns, samples) => {
    const outputs = 3;
    const truth = randomNumbers(unknowns * outputs, 10);
    const given = randomNumbers(unknowns * outputs, 11);
    const { inputs, targets } = samplesOf(truth, unknowns, outputs, samples, 12);
    const { targets: answers } = samplesOf(given, unknowns, outputs, samples, 12);
    expect(inputs).toHaveLength(unknowns * samples);
    const squares = (numbers: Float64Array): number => numbers.reduce((sum, value) => sum + value * value, 0);
    const expected = squares(answers.map((value, place) => value - targets[place]!)) / squares(targets);
    expect(await (await equations(addProducts, truth, unknowns, outputs, samples, 12)).error(given)).toBeCloseTo(expected, 10);
  });

  test('more unknowns than samples: finite, and never worse on held-out samples', async () => {
    const [unknowns, outputs] = [80, 2];
    const truth = randomNumbers(unknowns * outputs, 13);
    const old = truth.map((value, place) => value + 0.3 * Math.sin(place));
    const fitted = await equations(addProducts, truth, unknowns, outputs, 10, 14);
    const heldOut = await equations(addProducts, truth, unknowns, outputs, 5, 15);
    const solution = await solveRidge([{ fitted, heldOut, old }], addProducts);
    expect(solution.weights[0]!.every(Number.isFinite)).toBe(true);
    expect(solution.errorAfter).toBeLessThan(solution.errorBefore);
  });

  test.each([
    ['samples of zeros', 0],
    ['samples that are not finite', NaN],
  ])('%s leave the old weights', async (_name, factorOf) => {
    const truth = randomNumbers(8, 16);
    const heldOut = await equations(addProducts, truth, 4, 2, 5, 18);
    const fitted = await equations(
      addProducts,
      truth.map((value) => value * factorOf),
      4,
      2,
      5,
      17,
    );
    if (factorOf === 0) fitted.gram.data.fill(0);
    const old = randomNumbers(8, 19);
    expect(await solveRidge([{ fitted, heldOut, old }], addProducts)).toMatchObject({ weights: [old], ridge: undefined });
  });

  test('weights that are right already are kept, bit for bit', async () => {
    const truth = randomNumbers(12, 20);
    const fitted = await equations(addProducts, truth, 4, 3, 50, 21);
    const heldOut = await equations(addProducts, truth, 4, 3, 20, 22);
    const solution = await solveRidge([{ fitted, heldOut, old: truth }], addProducts);
    expect(solution.errorAfter).toBeLessThan(1e-15);
    expect(largestDifference(solution.weights[0]!, truth)).toBeLessThan(1e-12);
  });

  test('answers that the inputs do not explain ask for a strong ridge, beyond 1e-2', async () => {
    const [unknowns, outputs] = [60, 2];
    const old = randomNumbers(unknowns * outputs, 30);
    const noisy = async (samples: number, seed: number): Promise<NormalEquations> => {
      const { inputs, targets } = samplesOf(old, unknowns, outputs, samples, seed);
      const noise = randomNumbers(targets.length, seed + 100);
      const sums = new NormalEquations(unknowns, outputs, addProducts);
      const answers = targets.map((value, place) => value + 3 * noise[place]!);
      const rows = (data: Float64Array, count: number) => ({ data, offset: 0, stride: samples, count });
      await sums.add(rows(inputs, unknowns), rows(answers, outputs), samples);
      return sums;
    };
    const moved = old.map((value, place) => value + 0.3 * Math.sin(place));
    const system = { fitted: await noisy(300, 31), heldOut: await noisy(600, 32), old: moved };
    const solution = await solveRidge([system], addProducts);
    expect(solution.ridge).toBeGreaterThan(1e-2);
    expect(solution.errorAfter).toBeLessThan(solution.errorBefore);
  });

  test('one ridge serves all systems of a layer, and a system that would get worse keeps its weights', async () => {
    const [unknowns, outputs] = [6, 1];
    const truth = randomNumbers(unknowns, 40);
    const other = randomNumbers(unknowns, 41);
    const held = await equations(addProducts, truth, unknowns, outputs, 30, 42);
    const improved = { fitted: await equations(addProducts, truth, unknowns, outputs, 60, 43), heldOut: held, old: other };
    // What its samples say is not what holds on the others, where the old weights are all but right.
    const nearly = truth.map((value) => value * 1.001);
    const misled = { fitted: await equations(addProducts, other, unknowns, outputs, 60, 44), heldOut: held, old: nearly };
    const { weights, ridge, errorBefore, errorAfter } = await solveRidge([improved, misled], addProducts);
    expect(ridge).toBe(1e-4);
    expect(largestDifference(weights[0]!, truth)).toBeLessThan(1e-3);
    expect(weights[1]).toBe(nearly);
    const [before, kept] = [await held.error(other), await held.error(nearly)];
    expect(errorBefore).toBeCloseTo((before + kept) / 2, 10);
    expect(errorAfter).toBeCloseTo(((await held.error(weights[0]!)) + kept) / 2, 10);
  });
});
