/** Rows of a row-major matrix: `count` of them, row i begins at `offset + i * stride`. */
export interface Rows {
  readonly data: Float64Array;
  readonly offset: number;
  readonly stride: number;
  readonly count: number;
}

/** What is added to: row i begins at `offset + i * stride`. */
export interface ProductTarget {
  readonly data: Float64Array;
  readonly offset: number;
  readonly stride: number;
}

/**
 * Adds products of rows to a matrix in float64: `target[i][j] += sign * <left_i, right_j>` over the first `length` entries of each
 * row. Gram matrices, Cholesky factors and triangular solutions are all made of it; engines bring a faster one than `plainProducts`.
 * Operands and target are left alone until it has ended.
 */
export type AddProducts = (target: ProductTarget, left: Rows, right: Rows, length: number, sign: 1 | -1) => Promise<void>;

/** The products by plain loops. */
export const plainProducts: AddProducts = (target, left, right, length, sign) => {
  for (let i = 0; i < left.count; i++) {
    const a = left.offset + i * left.stride;
    for (let j = 0; j < right.count; j++) {
      const b = right.offset + j * right.stride;
      let sum = 0;
      for (let place = 0; place < length; place++) sum += (left.data[a + place] ?? 0) * (right.data[b + place] ?? 0);
      const entry = target.offset + i * target.stride + j;
      target.data[entry] = (target.data[entry] ?? 0) + sign * sum;
    }
  }
  return Promise.resolve();
};

/** Some consecutive rows of others. */
export function someRows({ data, offset, stride }: Rows, first: number, count: number): Rows {
  return { data, offset: offset + first * stride, stride, count };
}
