import { plainProducts, type AddProducts, type ProductTarget, type Rows } from '../../../core/recover/matrix-products';
import moduleBytes from './matrix-products.wat';

type Kernel = (left: number, right: number, result: number, rows: number, columns: number, length: number) => void;

/** Rows, columns and entries of a row that the kernel is given at once: they and the result fit a core's cache. */
const mostRows = 64;
const mostLength = 256;
const numberBytes = 8;
const pageBytes = 65_536;

/** Where the operands and the result of one call of the kernel stand in its memory, in numbers. */
const leftStart = 0;
const rightStart = mostRows * mostLength;
const resultStart = 2 * rightStart;
const memoryNumbers = resultStart + mostRows * mostRows;

/** Products of rows by WebAssembly SIMD, several times faster than loops in JavaScript; the plain loops where the runtime has no SIMD. */
export async function wasmMatrixProducts(): Promise<AddProducts> {
  try {
    const { instance } = await WebAssembly.instantiate(new Uint8Array(moduleBytes));
    const { memory, products } = instance.exports;
    if (!(memory instanceof WebAssembly.Memory) || typeof products !== 'function') return plainProducts;
    memory.grow(Math.ceil((memoryNumbers * numberBytes) / pageBytes));
    return blockwise(new Float64Array(memory.buffer), products as Kernel);
  } catch {
    return plainProducts;
  }
}

/** Cuts operands into blocks, which are copied into the kernel's memory. */
function blockwise(memory: Float64Array, kernel: Kernel): AddProducts {
  return (target, left, right, length, sign) => {
    for (let from = 0; from < length; from += mostLength) {
      const count = Math.min(mostLength, length - from);
      for (let row = 0; row < left.count; row += mostRows) {
        const rows = pack(memory, leftStart, left, { row, from, count, multiple: 4 });
        for (let column = 0; column < right.count; column += mostRows) {
          const width = pack(memory, rightStart, right, { row: column, from, count, multiple: 2 });
          kernel(leftStart, rightStart * numberBytes, resultStart * numberBytes, rows, width, even(count));
          const area = { row, column, rows: Math.min(mostRows, left.count - row), columns: Math.min(mostRows, right.count - column) };
          addResult(memory, width, target, area, sign);
        }
      }
    }
    return Promise.resolve();
  };
}

interface Part {
  readonly row: number;
  readonly from: number;
  readonly count: number;
  /** The number of rows is made up to a multiple of this. */
  readonly multiple: number;
}

/** Copies a part of some rows, made up with zeros. @returns the number of rows with those that were made up */
function pack(
  memory: Float64Array,
  start: number,
  { data, offset, stride, count: all }: Rows,
  { row, from, count, multiple }: Part,
): number {
  const rows = Math.min(mostRows, all - row);
  const length = even(count);
  for (let index = 0; index < rows; index++) {
    const source = offset + (row + index) * stride + from;
    const place = start + index * length;
    memory.set(data.subarray(source, source + count), place);
    if (length > count) memory[place + count] = 0;
  }
  const padded = Math.ceil(rows / multiple) * multiple;
  memory.fill(0, start + rows * length, start + padded * length);
  return padded;
}

interface Area {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

function addResult(memory: Float64Array, width: number, { data, offset, stride }: ProductTarget, area: Area, sign: number): void {
  for (let i = 0; i < area.rows; i++) {
    const source = resultStart + i * width;
    const place = offset + (area.row + i) * stride + area.column;
    for (let j = 0; j < area.columns; j++) data[place + j] = (data[place + j] ?? 0) + sign * (memory[source + j] ?? 0);
  }
}

function even(count: number): number {
  return count + (count % 2);
}
