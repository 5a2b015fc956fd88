import type { InferenceSession } from 'onnxruntime-node';
import { elementType } from '../../../core/formats/onnx/wire/schema';
import { encodeModel, encodeNode, encodeValueInfo } from '../../../core/formats/onnx/wire/write';
import type { AddProducts, ProductTarget, Rows } from '../../../core/recover/matrix-products';
import { loadOnnxRuntime, type OnnxRuntime } from './runtime';

/** Rows, columns and entries of a row that the runtime is given at once: little enough to be cancelled between two calls. */
const mostRows = 512;
const mostColumns = 256;
const mostLength = 2048;
/** Fewer multiplications than this are not worth a call. */
const fewestMultiplications = 2 ** 20;

/**
 * Products of rows by the native ONNX Runtime on all cores, many times faster than WebAssembly in float64; small ones by `small`.
 *
 * @param threads of the runtime; one a core unless told. The numbers are the same to the last bit however many there are.
 * @returns `small` itself where the native runtime does not load
 */
export async function onnxMatrixProducts(small: AddProducts, threads?: number): Promise<AddProducts> {
  const { runtime, readsFolders } = await loadOnnxRuntime();
  if (!readsFolders) return small;
  const session = await runtime.InferenceSession.create(productModel(), {
    logSeverityLevel: 4,
    enableCpuMemArena: false,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...(threads !== undefined && { intraOpNumThreads: threads }),
  });
  return async (target, left, right, length, sign) => {
    if (left.count * right.count * length < fewestMultiplications) return small(target, left, right, length, sign);
    // Room for the row of zeros too.
    const result = new Float64Array((mostRows + 1) * mostColumns);
    for (let from = 0; from < length; from += mostLength) {
      const entries = { from, count: Math.min(mostLength, length - from) };
      for (let row = 0; row < left.count; row += mostRows) {
        const rows = packed(left, row, mostRows, entries);
        for (let column = 0; column < right.count; column += mostColumns) {
          const tile = { rows, columns: packed(right, column, mostColumns, entries), length: entries.count, result };
          addTile(target, { row, column }, tile, await multiply(runtime, session, tile), sign);
        }
      }
    }
  };
}

/** y = a b^T. */
function productModel(): Uint8Array {
  const inputs = ['a', 'b'];
  return encodeModel({
    irVersion: 8,
    opsets: { '': 13 },
    nodes: [encodeNode({ opType: 'Gemm', inputs, outputs: ['y'], attributes: { transB: { int: 1 } } })],
    inputs: inputs.map((name) => encodeValueInfo(name, elementType.double, [`rows of ${name}`, 'length'])),
    outputs: [encodeValueInfo('y', elementType.double, ['rows of a', 'rows of b'])],
  });
}

/** Entries of every row from `from` on. */
interface Entries {
  readonly from: number;
  readonly count: number;
}

/** Some rows one behind another, and a row of zeros behind them. */
interface PackedRows {
  readonly data: Float64Array;
  readonly count: number;
}

function packed({ data, offset, stride, count: all }: Rows, first: number, most: number, { from, count }: Entries): PackedRows {
  const rows = Math.min(most, all - first);
  const copy = new Float64Array((rows + 1) * count);
  for (let row = 0; row < rows; row++) {
    const start = offset + (first + row) * stride + from;
    copy.set(data.subarray(start, start + count), row * count);
  }
  return { data: copy, count: rows };
}

/** A tile of products to work out. */
interface Tile {
  readonly rows: PackedRows;
  readonly columns: PackedRows;
  readonly length: number;
  /** Takes the products. */
  readonly result: Float64Array;
}

/** Where the product of row i and column j stands in the result: at `i * rowStep + j * columnStep`. */
interface Steps {
  readonly rowStep: number;
  readonly columnStep: number;
}

/**
 * The runtime shares the longer side of a product among its threads, the second one where both are alike; and how it cuts a sum, which
 * decides its last bit, depends on the length of a thread's part of the second side. So the first side is always made the longer one.
 */
async function multiply(runtime: OnnxRuntime, session: InferenceSession, { rows, columns, length, result }: Tile): Promise<Steps> {
  const isTall = rows.count >= columns.count;
  const [first, second] = isTall ? [rows, columns] : [columns, rows];
  const firstRows = first.count === second.count ? first.count + 1 : first.count;
  const tensor = ({ data }: PackedRows, count: number) => new runtime.Tensor('float64', data.subarray(0, count * length), [count, length]);
  const products = result.subarray(0, firstRows * second.count);
  await session.run(
    { a: tensor(first, firstRows), b: tensor(second, second.count) },
    { y: new runtime.Tensor('float64', products, [firstRows, second.count]) },
  );
  return isTall ? { rowStep: second.count, columnStep: 1 } : { rowStep: 1, columnStep: second.count };
}

function addTile(
  { data, offset, stride }: ProductTarget,
  { row, column }: { readonly row: number; readonly column: number },
  { rows, columns, result }: Tile,
  { rowStep, columnStep }: Steps,
  sign: 1 | -1,
): void {
  for (let i = 0; i < rows.count; i++) {
    const place = offset + (row + i) * stride + column;
    for (let j = 0; j < columns.count; j++) data[place + j] = (data[place + j] ?? 0) + sign * (result[i * rowStep + j * columnStep] ?? 0);
  }
}
