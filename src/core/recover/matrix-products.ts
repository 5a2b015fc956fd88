/** Rows of a row-major matrix: `count` of them, row i begins at `offset + i * stride`. */
export interface Rows {
  readonly data: Float64Array;
  readonly offset: number;
  readonly stride: number;
  readonly count: number;
}

/** What is added to, and which entries: all, or those on and below the diagonal of a square matrix (others may change too). */
export interface ProductTarget {
  readonly data: Float64Array;
  readonly offset: number;
  readonly stride: number;
  readonly part: 'all' | 'lower';
}

/**
 * Adds products of rows to a matrix in float64: `target[i][j] += sign * <left_i, right_j>` over the first `length` entries of each
 * row. Gram matrices, Cholesky factors and triangular solutions are all made of it; engines bring a faster one than `plainProducts`.
 */
export type AddProducts = (target: ProductTarget, left: Rows, right: Rows, length: number, sign: 1 | -1) => void;

/** The products by plain loops. */
export const plainProducts: AddProducts = (target, left, right, length, sign) => {
  for (let i = 0; i < left.count; i++) {
    const a = left.offset + i * left.stride;
    const columns = target.part === 'all' ? right.count : i + 1;
    for (let j = 0; j < columns; j++) {
      const b = right.offset + j * right.stride;
      let sum = 0;
      for (let place = 0; place < length; place++) sum += (left.data[a + place] ?? 0) * (right.data[b + place] ?? 0);
      const entry = target.offset + i * target.stride + j;
      target.data[entry] = (target.data[entry] ?? 0) + sign * sum;
    }
  }
};

/** Some consecutive rows of others. */
export function someRows({ data, offset, stride }: Rows, first: number, count: number): Rows {
  return { data, offset: offset + first * stride, stride, count };
}
