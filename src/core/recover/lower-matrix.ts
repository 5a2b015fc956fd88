import { someRows, type Rows } from './matrix-products';

/** Rows that are kept at one stride. */
const blockRows = 256;

/**
 * A symmetric or lower triangular matrix, of which only what lies below the diagonal is kept: rows in blocks, each as wide as its last
 * row is long. Squares on the diagonal are kept whole. It takes half the memory of the whole matrix.
 */
export class LowerMatrix {
  private constructor(
    readonly data: Float64Array,
    readonly size: number,
    readonly blocks: readonly RowBlock[],
  ) {}

  /** @param size rows, and columns */
  static zeros(size: number): LowerMatrix {
    const blocks: RowBlock[] = [];
    let numbers = 0;
    for (let first = 0; first < size; first += blockRows) {
      const end = Math.min(first + blockRows, size);
      blocks.push({ first, end, offset: numbers });
      numbers += (end - first) * end;
    }
    return new LowerMatrix(new Float64Array(numbers), size, blocks);
  }

  /** Bytes of a matrix of so many rows. */
  static bytes(size: number): number {
    const blocks = Math.floor(size / blockRows);
    return 8 * ((blockRows ** 2 * blocks * (blocks + 1)) / 2 + (size - blocks * blockRows) * size);
  }

  copy(): LowerMatrix {
    return new LowerMatrix(this.data.slice(), this.size, this.blocks);
  }

  /** Where a row begins in `data`. */
  rowStart(row: number): number {
    const { first, end, offset } = this.blockOf(row);
    return offset + (row - first) * end;
  }

  /** Rows of one block. @param first the first of them, at least the block's first */
  rows({ first: start, end, offset }: RowBlock, first = start, count = end - first): Rows {
    return someRows({ data: this.data, offset, stride: end, count: end - start }, first - start, count);
  }

  /** The block that a row lies in. */
  blockOf(row: number): RowBlock {
    const block = this.blocks[Math.floor(row / blockRows)];
    if (block === undefined) throw new Error(`There is no row ${row} among ${this.size}.`);
    return block;
  }

  /** Adds a number to every entry of the diagonal. */
  addToDiagonal(value: number): void {
    for (let row = 0; row < this.size; row++) {
      const place = this.rowStart(row) + row;
      this.data[place] = (this.data[place] ?? 0) + value;
    }
  }

  meanOfDiagonal(): number {
    let sum = 0;
    for (let row = 0; row < this.size; row++) sum += this.data[this.rowStart(row) + row] ?? 0;
    return sum / this.size;
  }
}

/** Consecutive rows, `first` up to but not `end`: each has `end` entries, the first row's at `offset`. */
export interface RowBlock {
  readonly first: number;
  readonly end: number;
  readonly offset: number;
}
