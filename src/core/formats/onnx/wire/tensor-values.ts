import { elementType, tensorField } from './schema';
import type { OnnxTensor } from './proto';
import { brainToNumber, halfToNumber } from '../../half';
import { bytesOf, doublesOf, floatsOf, integersOf, messageFields, WireError, type WireField } from './wire';

type ElementDecoder = { readonly size: number; readonly read: (view: DataView, offset: number) => number };

/** How `raw_data` holds each element type: little-endian, without padding. */
const rawDecoders: ReadonlyMap<number, ElementDecoder> = new Map([
  [elementType.float, { size: 4, read: (view: DataView, offset: number) => view.getFloat32(offset, true) }],
  [elementType.uint8, { size: 1, read: (view: DataView, offset: number) => view.getUint8(offset) }],
  [elementType.int8, { size: 1, read: (view: DataView, offset: number) => view.getInt8(offset) }],
  [elementType.uint16, { size: 2, read: (view: DataView, offset: number) => view.getUint16(offset, true) }],
  [elementType.int16, { size: 2, read: (view: DataView, offset: number) => view.getInt16(offset, true) }],
  [elementType.int32, { size: 4, read: (view: DataView, offset: number) => view.getInt32(offset, true) }],
  [elementType.int64, { size: 8, read: (view: DataView, offset: number) => Number(view.getBigInt64(offset, true)) }],
  [elementType.bool, { size: 1, read: (view: DataView, offset: number) => view.getUint8(offset) }],
  [elementType.float16, { size: 2, read: (view: DataView, offset: number) => halfToNumber(view.getUint16(offset, true)) }],
  [elementType.double, { size: 8, read: (view: DataView, offset: number) => view.getFloat64(offset, true) }],
  [elementType.uint32, { size: 4, read: (view: DataView, offset: number) => view.getUint32(offset, true) }],
  [elementType.uint64, { size: 8, read: (view: DataView, offset: number) => Number(view.getBigUint64(offset, true)) }],
  [elementType.bfloat16, { size: 2, read: (view: DataView, offset: number) => brainToNumber(view.getUint16(offset, true)) }],
]);

/** Bytes of one value in raw data; undefined for types of unknown size. */
export function rawSize(dataType: number): number | undefined {
  return rawDecoders.get(dataType)?.size;
}

/** Number of elements; 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, length) => product * length, 1);
}

/**
 * The tensor's values as numbers, row-major; undefined where there are more than `limit`, where they lie in another file,
 * or were left out, or where the file holds fewer than the shape asks for. @throws WireError
 */
export function tensorValues(tensor: OnnxTensor, limit: number): readonly number[] | undefined {
  const count = elementCount(tensor.dims);
  if (!(count >= 0 && count <= limit)) return undefined;
  if (tensor.raw !== undefined) return rawValues(tensor.dataType, tensor.raw, count);
  return tensor.external === undefined ? inlineValues(tensor, count) : undefined;
}

function inlineValues(tensor: OnnxTensor, count: number): readonly number[] | undefined {
  const { message } = tensor;
  return placed(tensor, () => {
    const values: number[] = [];
    for (const field of messageFields(message, { start: 0, end: message.length })) {
      if (field.number === tensorField.rawData) return rawValues(tensor.dataType, bytesOf(message, field), count);
      for (const value of typedValues(tensor, field)) {
        if (values.length < count) values.push(value);
      }
    }
    return values.length === count ? values : undefined;
  });
}

/**
 * The bytes of values that stand side by side, which packed floats do as raw data does; undefined where they do not, or are elsewhere.
 * @throws WireError
 */
export function packedValues(tensor: OnnxTensor): Uint8Array | undefined {
  const { message, external } = tensor;
  if (external !== undefined) return undefined;
  return placed(tensor, () => {
    const fields = [...messageFields(message, { start: 0, end: message.length })];
    const held = fields.filter(({ number }) => number === tensorField.rawData || number === tensorField.floatData);
    const [field, ...others] = held;
    return field === undefined || others.length > 0 ? undefined : bytesOf(message, field);
  });
}

/** Tells damage by where the tensor's message stands, which is what the file's reader can do something with. @throws WireError */
function placed<T>({ message, field }: OnnxTensor, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof WireError ? new WireError(error.problem, field.end - message.length + error.offset) : error;
  }
}

/** The first values of raw data; undefined for types that hold no numbers we know, and where there are fewer. */
export function rawValues(dataType: number, data: Uint8Array, count: number): readonly number[] | undefined {
  const decoder = rawDecoders.get(dataType);
  if (decoder === undefined || data.length < count * decoder.size) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: count }, (_, index) => decoder.read(view, index * decoder.size));
}

function typedValues(tensor: OnnxTensor, field: WireField): readonly number[] {
  switch (field.number) {
    case tensorField.floatData:
      return floatsOf(tensor.message, field);
    case tensorField.doubleData:
      return doublesOf(tensor.message, field);
    case tensorField.int64Data:
    case tensorField.uint64Data:
      return integersOf(tensor.message, field);
    case tensorField.int32Data: {
      const values = integersOf(tensor.message, field);
      if (tensor.dataType === elementType.float16) return values.map(halfToNumber);
      return tensor.dataType === elementType.bfloat16 ? values.map(brainToNumber) : values;
    }
    default:
      return [];
  }
}
