import { LowerMatrix } from './lower-matrix';
import { someRows, type AddProducts, type Rows } from './matrix-products';

/**
 * What samples of a linear map y = W u say about W, summed in float64: A = sum u u^T, B = sum y u^T, and the squares of y.
 * Its size does not grow with the samples.
 */
export class NormalEquations {
  /** A, `[unknowns, unknowns]`. */
  readonly gram: LowerMatrix;
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
    this.gram = LowerMatrix.zeros(unknowns);
    this.cross = new Float64Array(outputs * unknowns);
  }

  /** Bytes of the sums of a map. */
  static bytes(unknowns: number, outputs: number): number {
    return LowerMatrix.bytes(unknowns) + 8 * outputs * unknowns;
  }

  /**
   * Adds samples.
   *
   * @param inputs one row an unknown, one entry a sample
   * @param targets one row an output, likewise
   */
  async add(inputs: Rows, targets: Rows, samples: number): Promise<void> {
    for (const block of this.gram.blocks) {
      const { data, offset, stride, count } = this.gram.rows(block);
      await this.addProducts({ data, offset, stride }, someRows(inputs, block.first, count), someRows(inputs, 0, block.end), samples, 1);
    }
    await this.addProducts({ data: this.cross, offset: 0, stride: this.unknowns }, targets, inputs, samples, 1);
    for (let row = 0; row < targets.count; row++) {
      const start = targets.offset + row * targets.stride;
      for (let sample = start; sample < start + samples; sample++) this.squares += (targets.data[sample] ?? 0) ** 2;
    }
    this.samples += samples;
  }

  /**
   * The share of |y|^2 that a solution leaves: |W u - y|^2 / |y|^2 over all samples, 0 where there is nothing to explain.
   *
   * @param weights W, `[outputs, unknowns]`
   */
  async error(weights: Float64Array): Promise<number> {
    if (this.squares === 0) return 0;
    let sum = this.squares + (await this.squaresOf(weights));
    for (let place = 0; place < weights.length; place++) sum -= 2 * (weights[place] ?? 0) * (this.cross[place] ?? 0);
    return Math.max(0, sum / this.squares);
  }

  /** The sum of |W u|^2, which is the trace of W A W^T. What lies below the squares on the diagonal counts twice: A is symmetric. */
  private async squaresOf(weights: Float64Array): Promise<number> {
    const { unknowns, outputs, gram } = this;
    const rows: Rows = { data: weights, offset: 0, stride: unknowns, count: outputs };
    let sum = 0;
    for (const block of gram.blocks) {
      const { first, end } = block;
      const own = gram.rows(block);
      const image = new Float64Array(outputs * own.count);
      const target = { data: image, offset: 0, stride: own.count };
      await this.addProducts(target, rows, own, first, 1);
      for (let place = 0; place < image.length; place++) image[place] = 2 * (image[place] ?? 0);
      await this.addProducts(target, { ...rows, offset: first }, { ...own, offset: own.offset + first }, end - first, 1);
      for (let output = 0; output < outputs; output++)
        for (let place = 0; place < own.count; place++)
          sum += (weights[output * unknowns + first + place] ?? 0) * (image[output * own.count + place] ?? 0);
    }
    return sum;
  }
}
