import type { LowerMatrix } from './lower-matrix';
import type { AddProducts, Rows } from './matrix-products';

/** Columns that are factored at once; what lies before them is subtracted as products of long rows. */
const panelColumns = 64;

/** Consecutive columns: `first` up to but not `end`. */
interface Panel {
  readonly first: number;
  readonly end: number;
}

/**
 * Factors a symmetric positive definite matrix A = L L^T in place: L takes the place of what lies on and below the diagonal.
 *
 * @returns false where A is not positive definite, as far as float64 can tell; the matrix is of no use then
 */
export async function factor(matrix: LowerMatrix, addProducts: AddProducts): Promise<boolean> {
  for (const panel of panelsOf(matrix)) {
    const { first, end } = panel;
    const own = matrix.rows(matrix.blockOf(first), first, end - first);
    for (const block of matrix.blocks) {
      if (block.end <= first) continue;
      const below = matrix.rows(block, Math.max(first, block.first));
      const target = { data: matrix.data, offset: below.offset + first, stride: below.stride };
      await addProducts(target, below, own, first, -1);
    }
    if (!factorColumns(matrix, panel)) return false;
  }
  return true;
}

/** Panels never cross a block of rows, whose number is a multiple of theirs. */
function panelsOf({ size }: LowerMatrix): Panel[] {
  return Array.from({ length: Math.ceil(size / panelColumns) }, (_, index) => ({
    first: index * panelColumns,
    end: Math.min((index + 1) * panelColumns, size),
  }));
}

/** Finishes some columns, from which everything before them has been subtracted. */
function factorColumns(matrix: LowerMatrix, { first, end }: Panel): boolean {
  const { data } = matrix;
  for (let row = first; row < matrix.size; row++) {
    const start = matrix.rowStart(row);
    for (let column = first; column < Math.min(row + 1, end); column++) {
      const above = matrix.rowStart(column);
      let sum = data[start + column] ?? 0;
      for (let place = first; place < column; place++) sum -= (data[start + place] ?? 0) * (data[above + place] ?? 0);
      if (row === column) {
        if (!(sum > 0)) return false;
        data[start + row] = Math.sqrt(sum);
      } else {
        data[start + column] = sum / (data[above + column] ?? 1);
      }
    }
  }
  return true;
}

/**
 * Solves x A = b for every row of `rows`, in place, with the factor that `factor` left.
 *
 * @param rows each as long as the matrix: b before, x afterwards
 */
export async function solveFactored(factored: LowerMatrix, rows: Rows, addProducts: AddProducts): Promise<void> {
  const panels = panelsOf(factored);
  for (const panel of panels) {
    const { first, end } = panel;
    const own = factored.rows(factored.blockOf(first), first, end - first);
    const target = { data: rows.data, offset: rows.offset + first, stride: rows.stride };
    await addProducts(target, rows, own, first, -1);
    eachRow(rows, (start) => {
      for (let column = first; column < end; column++) {
        const factors = own.offset + (column - first) * own.stride;
        let sum = rows.data[start + column] ?? 0;
        for (let place = first; place < column; place++) sum -= (rows.data[start + place] ?? 0) * (factored.data[factors + place] ?? 0);
        rows.data[start + column] = sum / (factored.data[factors + column] ?? 1);
      }
    });
  }
  for (const panel of panels.reverse()) {
    const { first, end } = panel;
    const columns = columnsBelow(factored, panel);
    const rest = factored.size - end;
    const target = { data: rows.data, offset: rows.offset + first, stride: rows.stride };
    const behind = { ...columns, offset: end - first, count: end - first };
    await addProducts(target, { ...rows, offset: rows.offset + end }, behind, rest, -1);
    eachRow(rows, (start) => {
      for (let column = end - 1; column >= first; column--) {
        const factors = (column - first) * columns.stride - first;
        let sum = rows.data[start + column] ?? 0;
        for (let place = column + 1; place < end; place++) sum -= (rows.data[start + place] ?? 0) * (columns.data[factors + place] ?? 0);
        rows.data[start + column] = sum / (columns.data[factors + column] ?? 1);
      }
    });
  }
}

/** Columns of L from their panel's first row on, as rows. */
function columnsBelow(factored: LowerMatrix, { first, end }: Panel): Rows {
  const stride = factored.size - first;
  const data = new Float64Array((end - first) * stride);
  for (let row = first; row < factored.size; row++) {
    const start = factored.rowStart(row);
    for (let column = first; column < Math.min(row + 1, end); column++)
      data[(column - first) * stride + row - first] = factored.data[start + column] ?? 0;
  }
  return { data, offset: 0, stride, count: end - first };
}

function eachRow({ offset, stride, count }: Rows, visit: (start: number) => void): void {
  for (let row = 0; row < count; row++) visit(offset + row * stride);
}
