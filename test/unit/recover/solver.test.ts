import { describe, expect, test } from 'vitest';
import { factor, solveFactored } from '../../../src/core/recover/cholesky';
import { plainProducts, type AddProducts } from '../../../src/core/recover/matrix-products';
import { NormalEquations } from '../../../src/core/recover/normal-equations';
import { solveRidge } from '../../../src/core/recover/ridge';
import { seededRandom } from '../../../src/core/consistency/random';
import { eliminate } from './eliminate';
import { wasmMatrixProducts } from '../../../src/engine/runtimes/products/wasm-matrix-products';

const fast = await wasmMatrixProducts();
const implementations: readonly (readonly [string, AddProducts])[] = [
  ['plain loops', plainProducts],
  ['WebAssembly', fast],
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

function equations(
  addProducts: AddProducts,
  weights: Float64Array,
  unknowns: number,
  outputs: number,
  samples: number,
  seed: number,
): NormalEquations {
  const { inputs, targets } = samplesOf(weights, unknowns, outputs, samples, seed);
  const result = new NormalEquations(unknowns, outputs, addProducts);
  result.add(
    { data: inputs, offset: 0, stride: samples, count: unknowns },
    { data: targets, offset: 0, stride: samples, count: outputs },
    samples,
  );
  result.complete();
  return result;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, index) => Math.max(most, Math.abs(value - b[index]!)), 0);
}

describe('products of rows', () => {
  test('WebAssembly is used', () => {
    expect(fast).not.toBe(plainProducts);
  });

  test.each([
    [1, 1, 1],
    [3, 5, 7],
    [4, 2, 256],
    [64, 64, 257],
    [70, 130, 300],
  ])('%i by %i rows of %i are those of the plain loops, with strides and offsets', (rows, columns, length) => {
    const [left, right] = [randomNumbers(3 + rows * (length + 2), 1), randomNumbers(5 + columns * (length + 1), 2)];
    for (const sign of [1, -1] as const) {
      const [expected, given] = [plainProducts, fast].map((addProducts) => {
        const target = randomNumbers(7 + rows * (columns + 3), 3);
        const from = { data: left, offset: 3, stride: length + 2, count: rows };
        const onto = { data: right, offset: 5, stride: length + 1, count: columns };
        addProducts({ data: target, offset: 7, stride: columns + 3, part: 'all' }, from, onto, length, sign);
        return target;
      });
      expect(largestDifference(given!, expected!)).toBeLessThan(1e-12);
    }
  });
});

describe.each(implementations)('solving with %s', (_, addProducts) => {
  test.each([1, 2, 9, 63, 64, 65, 200])('%i unknowns: equal to elimination within 1e-8', (size) => {
    const { gram } = equations(addProducts, new Float64Array(size), size, 1, 2 * size + 3, 4);
    const right = randomNumbers(3 * size, 5);
    const rows = right.slice();
    const factored = gram.slice();
    expect(factor(factored, size, addProducts)).toBe(true);
    solveFactored(factored, size, { data: rows, offset: 0, stride: size, count: 3 }, addProducts);
    for (const row of [0, 1, 2]) {
      const expected = eliminate(gram, size, right.subarray(row * size, (row + 1) * size));
      const scale = Math.max(...expected.map(Math.abs));
      expect(largestDifference(rows.subarray(row * size, (row + 1) * size), expected) / scale).toBeLessThan(1e-8);
    }
  });

  test('a matrix that is not positive definite is refused', () => {
    expect(factor(Float64Array.of(1, 2, 2, 1), 2, addProducts)).toBe(false);
    expect(factor(Float64Array.of(NaN, 0, 0, 1), 2, addProducts)).toBe(false);
  });

  test('ridge regression is the optimum of its own sum: elimination on (A + l m I) gives the same', () => {
    const [unknowns, outputs] = [30, 4];
    const truth = randomNumbers(unknowns * outputs, 6);
    const old = randomNumbers(unknowns * outputs, 7);
    const fitted = equations(addProducts, truth, unknowns, outputs, 100, 8);
    const solution = solveRidge(fitted, equations(addProducts, truth, unknowns, outputs, 40, 9), old, addProducts);
    // Without noise the weakest pull is best.
    expect(solution.ridge).toBe(1e-4);
    const mean = fitted.gram.filter((_value, place) => place % (unknowns + 1) === 0).reduce((sum, value) => sum + value, 0) / unknowns;
    const pulled = fitted.gram.map((value, place) => (place % (unknowns + 1) === 0 ? value + 1e-4 * mean : value));
    const right = fitted.cross.map((value, place) => value + 1e-4 * mean * old[place]!);
    for (let output = 0; output < outputs; output++) {
      const own = (numbers: Float64Array): Float64Array => numbers.subarray(output * unknowns, (output + 1) * unknowns);
      expect(largestDifference(own(solution.weights), eliminate(pulled, unknowns, own(right)))).toBeLessThan(1e-8);
    }
    expect(solution.errorAfter).toBeLessThan(1e-6);
    expect(solution.errorBefore).toBeGreaterThan(0.1);
  });

  test('the error is that of the residuals', () => {
    const [unknowns, outputs, samples] = [12, 3, 20];
    const truth = randomNumbers(unknowns * outputs, 10);
    const given = randomNumbers(unknowns * outputs, 11);
    const { inputs, targets } = samplesOf(truth, unknowns, outputs, samples, 12);
    const { targets: answers } = samplesOf(given, unknowns, outputs, samples, 12);
    expect(inputs).toHaveLength(unknowns * samples);
    const squares = (numbers: Float64Array): number => numbers.reduce((sum, value) => sum + value * value, 0);
    const expected = squares(answers.map((value, place) => value - targets[place]!)) / squares(targets);
    expect(equations(addProducts, truth, unknowns, outputs, samples, 12).error(given)).toBeCloseTo(expected, 10);
  });

  test('more unknowns than samples: finite, and never worse on held-out samples', () => {
    const [unknowns, outputs] = [80, 2];
    const truth = randomNumbers(unknowns * outputs, 13);
    const old = truth.map((value, place) => value + 0.3 * Math.sin(place));
    const solution = solveRidge(
      equations(addProducts, truth, unknowns, outputs, 10, 14),
      equations(addProducts, truth, unknowns, outputs, 5, 15),
      old,
      addProducts,
    );
    expect(solution.weights.every(Number.isFinite)).toBe(true);
    expect(solution.errorAfter).toBeLessThanOrEqual(solution.errorBefore);
  });

  test.each([
    ['samples of zeros', 0],
    ['samples that are not finite', NaN],
  ])('%s leave the old weights', (_name, factorOf) => {
    const truth = randomNumbers(8, 16);
    const heldOut = equations(addProducts, truth, 4, 2, 5, 18);
    const fitted = equations(
      addProducts,
      truth.map((value) => value * factorOf),
      4,
      2,
      5,
      17,
    );
    if (factorOf === 0) fitted.gram.fill(0);
    const old = randomNumbers(8, 19);
    expect(solveRidge(fitted, heldOut, old, addProducts)).toMatchObject({ weights: old, ridge: undefined });
  });

  test('weights that are right already are kept, bit for bit', () => {
    const truth = randomNumbers(12, 20);
    const solution = solveRidge(
      equations(addProducts, truth, 4, 3, 50, 21),
      equations(addProducts, truth, 4, 3, 20, 22),
      truth,
      addProducts,
    );
    expect(solution.errorAfter).toBeLessThan(1e-15);
    expect(largestDifference(solution.weights, truth)).toBeLessThan(1e-12);
  });
});
