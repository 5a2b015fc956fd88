import type { InferenceSession } from 'onnxruntime-node';
import { elementType } from '../../../core/formats/onnx/wire/schema';
import { encodeModel, encodeNode, encodeValueInfo } from '../../../core/formats/onnx/wire/write';
import type { AddProducts, ProductTarget, Rows } from '../../../core/recover/matrix-products';
import { engineSettings } from '../../protocol/engine-settings';
import { loadOnnxRuntime } from './runtime';
import type { OnnxRuntime } from './onnx-runtime';

/** Rows, columns and entries of a row that the runtime is given at once: little enough to be cancelled between two calls. */
const mostRows = 512;
const mostColumns = 256;
const mostLength = 2048;
/** Fewer multiplications than this are not worth a call. */
const fewestMultiplications = 2 ** 20;

/**
 * Products of rows by the native ONNX Runtime on all cores, many times faster than WebAssembly in float64; small ones by `small`.
 *
 * @param threads of the runtime; the engine's own unless told. The numbers are the same to the last bit however many there are.
 * @returns `small` itself where the native runtime does not load
 */
export async function onnxMatrixProducts(small: AddProducts, threads?: number): Promise<AddProducts> {
  const { runtime, readsFolders } = await loadOnnxRuntime();
  if (!readsFolders) return small;
  const wanted = threads ?? engineSettings().threads;
  const session = await runtime.InferenceSession.create(productModel(), {
    logSeverityLevel: 4,
    enableCpuMemArena: false,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...(wanted !== undefined && { intraOpNumThreads: wanted }),
  });
  const room = newRoom();
  const add: AddProducts = async (target, left, right, length, sign) => {
    for (let from = 0; from < length; from += mostLength) {
      const entries = { from, count: Math.min(mostLength, length - from) };
      for (let row = 0; row < left.count; row += mostRows) {
        const rows = operand(left, row, mostRows, entries, room.rows);
        for (let column = 0; column < right.count; column += mostColumns) {
          const columns = operand(right, column, mostColumns, entries, room.columns);
          const tile = { rows, columns, length: entries.count, result: room.result };
          addTile(target, { row, column }, tile, await multiply(runtime, session, tile), sign);
        }
      }
    }
  };
  // One at a time, since all cores work at each and there is one room.
  let last = Promise.resolve();
  return (...operands) => {
    const [, left, right, length] = operands;
    if (left.count * right.count * length < fewestMultiplications) return small(...operands);
    const next = last.then(() => add(...operands));
    last = next.catch(() => undefined);
    return next;
  };
}

/** What one product is worked out in, again and again: new memory for each would keep the garbage collector busy. */
interface Room {
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  readonly result: Float64Array;
}

/** With room for one row more each. */
function newRoom(): Room {
  return {
    rows: new Float64Array((mostRows + 1) * mostLength),
    columns: new Float64Array((mostColumns + 1) * mostLength),
    result: new Float64Array((mostRows + 1) * mostColumns),
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

/** Some rows one behind another, and room for one more behind them, whatever stands there. */
interface PackedRows {
  readonly data: Float64Array;
  readonly count: number;
}

/** Rows where they stand if they are packed there, else a copy. */
function operand(
  { data, offset, stride, count: all }: Rows,
  first: number,
  most: number,
  { from, count }: Entries,
  room: Float64Array,
): PackedRows {
  const rows = Math.min(most, all - first);
  const start = offset + first * stride + from;
  if (stride === count && start + (rows + 1) * count <= data.length) return { data: data.subarray(start), count: rows };
  for (let row = 0; row < rows; row++) room.set(data.subarray(start + row * stride, start + row * stride + count), row * count);
  return { data: room, count: rows };
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
 * decides its last bit, depends on the length of a thread's part of the second side. So the first side is always made the longer one, if
 * need be by a row that nobody reads.
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
