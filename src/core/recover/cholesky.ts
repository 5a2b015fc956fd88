import { someRows, type AddProducts, type Rows } from './matrix-products';

/** Columns that are factored at once; what lies before them is subtracted as products of long rows. */
const blockLength = 64;

/**
 * Factors a symmetric positive definite matrix A = L L^T in place. Its lower half is read; afterwards both halves hold L, the
 * upper one transposed, as `solveFactored` wants it.
 *
 * @param matrix `size * size` numbers, row-major
 * @returns false where A is not positive definite, as far as float64 can tell; the matrix is of no use then
 */
export function factor(matrix: Float64Array, size: number, addProducts: AddProducts): boolean {
  const rows: Rows = { data: matrix, offset: 0, stride: size, count: size };
  for (let first = 0; first < size; first += blockLength) {
    const end = Math.min(first + blockLength, size);
    const below = someRows(rows, first, size - first);
    const target = { data: matrix, offset: first * size + first, stride: size, part: 'all' } as const;
    addProducts(target, below, someRows(rows, first, end - first), first, -1);
    if (!factorColumns(matrix, size, first, end)) return false;
  }
  mirror(matrix, size);
  return true;
}

/** Finishes the columns from `first` to `end`, from which everything before them has been subtracted. */
function factorColumns(matrix: Float64Array, size: number, first: number, end: number): boolean {
  for (let row = first; row < size; row++) {
    for (let column = first; column < Math.min(row + 1, end); column++) {
      let sum = matrix[row * size + column] ?? 0;
      for (let place = first; place < column; place++) sum -= (matrix[row * size + place] ?? 0) * (matrix[column * size + place] ?? 0);
      if (row === column) {
        if (!(sum > 0)) return false;
        matrix[row * size + row] = Math.sqrt(sum);
      } else {
        matrix[row * size + column] = sum / (matrix[column * size + column] ?? 1);
      }
    }
  }
  return true;
}

/** Copies what lies below the diagonal to its mirror image above. */
export function mirror(matrix: Float64Array, size: number): void {
  for (let row = 1; row < size; row++) {
    for (let column = 0; column < row; column++) matrix[column * size + row] = matrix[row * size + column] ?? 0;
  }
}

/**
 * Solves x A = b for every row of `rows`, in place, with the factor that `factor` left.
 *
 * @param rows each of `size` numbers: b before, x afterwards
 */
export function solveFactored(factored: Float64Array, size: number, rows: Rows, addProducts: AddProducts): void {
  const factors: Rows = { data: factored, offset: 0, stride: size, count: size };
  const blocks = Array.from({ length: Math.ceil(size / blockLength) }, (_, index) => index * blockLength);
  for (const first of blocks) {
    const end = Math.min(first + blockLength, size);
    const target = { data: rows.data, offset: rows.offset + first, stride: rows.stride, part: 'all' } as const;
    addProducts(target, rows, someRows(factors, first, end - first), first, -1);
    eachRow(rows, (start) => {
      for (let column = first; column < end; column++) substitute(factors, rows.data, start, { column, from: first, to: column });
    });
  }
  for (const first of blocks.reverse()) {
    const end = Math.min(first + blockLength, size);
    const target = { data: rows.data, offset: rows.offset + first, stride: rows.stride, part: 'all' } as const;
    const behind = { ...rows, offset: rows.offset + end };
    addProducts(target, behind, { ...someRows(factors, first, end - first), offset: first * size + end }, size - end, -1);
    eachRow(rows, (start) => {
      for (let column = end - 1; column >= first; column--) substitute(factors, rows.data, start, { column, from: column + 1, to: end });
    });
  }
}

function eachRow({ offset, stride, count }: Rows, visit: (start: number) => void): void {
  for (let row = 0; row < count; row++) visit(offset + row * stride);
}

/** An unknown of a triangular system, and the range of those that are known. */
interface Unknown {
  readonly column: number;
  readonly from: number;
  readonly to: number;
}

/** One unknown of the row that starts at `start`, from those that are known. */
function substitute({ data: factored, stride: size }: Rows, data: Float64Array, start: number, { column, from, to }: Unknown): void {
  let sum = data[start + column] ?? 0;
  for (let place = from; place < to; place++) sum -= (data[start + place] ?? 0) * (factored[column * size + place] ?? 0);
  data[start + column] = sum / (factored[column * size + column] ?? 1);
}
