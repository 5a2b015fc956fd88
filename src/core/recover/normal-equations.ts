import { mirror } from './cholesky';
import type { AddProducts, Rows } from './matrix-products';

/**
 * What samples of a linear map y = W u say about W, summed in float64: A = sum u u^T, B = sum y u^T, and the squares of y.
 * Its size does not grow with the samples.
 */
export class NormalEquations {
  /** A, `[unknowns, unknowns]`; only its lower half is kept until `complete`. */
  readonly gram: Float64Array;
  /** B, `[outputs, unknowns]`. */
  readonly cross: Float64Array;
  /** Sum of |y|^2. */
  squares = 0;
  samples = 0;

  constructor(
    readonly unknowns: number,
    readonly outputs: number,
    private readonly addProducts: AddProducts,
  ) {
    this.gram = new Float64Array(unknowns * unknowns);
    this.cross = new Float64Array(outputs * unknowns);
  }

  /**
   * Adds samples.
   *
   * @param inputs one row an unknown, one entry a sample
   * @param targets one row an output, likewise
   */
  add(inputs: Rows, targets: Rows, samples: number): void {
    this.addProducts({ data: this.gram, offset: 0, stride: this.unknowns, part: 'lower' }, inputs, inputs, samples, 1);
    this.addProducts({ data: this.cross, offset: 0, stride: this.unknowns, part: 'all' }, targets, inputs, samples, 1);
    for (let row = 0; row < targets.count; row++) {
      const start = targets.offset + row * targets.stride;
      for (let sample = start; sample < start + samples; sample++) this.squares += (targets.data[sample] ?? 0) ** 2;
    }
    this.samples += samples;
  }

  /** Fills the other half of A once all samples have been added. */
  complete(): void {
    mirror(this.gram, this.unknowns);
  }

  /**
   * The share of |y|^2 that a solution leaves: |W u - y|^2 / |y|^2 over all samples, 0 where there is nothing to explain.
   *
   * @param weights W, `[outputs, unknowns]`
   */
  error(weights: Float64Array): number {
    if (this.squares === 0) return 0;
    const { unknowns, outputs, gram, cross } = this;
    const rows: Rows = { data: weights, offset: 0, stride: unknowns, count: outputs };
    const image = new Float64Array(outputs * unknowns);
    const columns: Rows = { data: gram, offset: 0, stride: unknowns, count: unknowns };
    this.addProducts({ data: image, offset: 0, stride: unknowns, part: 'all' }, rows, columns, unknowns, 1);
    let sum = this.squares;
    for (let place = 0; place < image.length; place++) sum += (weights[place] ?? 0) * ((image[place] ?? 0) - 2 * (cross[place] ?? 0));
    return Math.max(0, sum / this.squares);
  }
}
