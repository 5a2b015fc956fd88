import type { SourceRange } from '../../byte-source';
import type { ModelSource } from '../../format';
import { externalPlace } from '../read/external-data';
import type { OnnxModel, OnnxTensor } from '../wire/proto';
import { halfToNumber, numberToHalf } from '../../half';
import { elementType, tensorField } from '../wire/schema';
import { elementCount, rawSize } from '../wire/tensor-values';
import { messageFields } from '../wire/wire';

/** Where the values of a tensor stand, packed as `raw_data` has them: in the model file, or in one beside it. */
export interface StoredValues {
  readonly tensor: OnnxTensor;
  /** Undefined for the model file. */
  readonly location: string | undefined;
  readonly range: SourceRange;
}

/** Types of weights that can be read and written without loss to what they mean. */
const floatTypes: ReadonlySet<number> = new Set([elementType.float, elementType.float16, elementType.double]);

/** Fields that hold floats side by side. */
const packedFields: ReadonlyMap<number, number> = new Map([
  [tensorField.floatData, elementType.float],
  [tensorField.doubleData, elementType.double],
]);

/** Finds the values of a tensor of floats; undefined where it has others, or they are not stored side by side. */
export function storedValues(tensor: OnnxTensor, { layout, bytes }: OnnxModel): StoredValues | undefined {
  if (!floatTypes.has(tensor.dataType)) return undefined;
  const length = elementCount(tensor.dims) * (rawSize(tensor.dataType) ?? 0);
  const external = externalPlace(tensor);
  if (tensor.external !== undefined) {
    return external && { tensor, location: external.location, range: { start: external.offset, end: external.offset + length } };
  }
  const range = layout.skippedValues(tensor.field.start) ?? keptValues(tensor, bytes);
  if (range === undefined || !isPacked(range.field, tensor)) return undefined;
  const start = 'isKept' in range ? layout.toFile(range.start) : range.start;
  return range.end - range.start === length ? { tensor, location: undefined, range: { start, end: start + length } } : undefined;
}

function isPacked(field: number, { dataType }: OnnxTensor): boolean {
  return field === tensorField.rawData || packedFields.get(field) === dataType;
}

/** The one field of values that a tensor kept when the file was skimmed, in the skimmed bytes. */
function keptValues(tensor: OnnxTensor, bytes: Uint8Array): { field: number; start: number; end: number; isKept: true } | undefined {
  const valueFields = [...messageFields(bytes, { start: tensor.field.end - tensor.message.length, end: tensor.field.end })].filter(
    ({ number }) => number === tensorField.rawData || packedFields.has(number) || number === tensorField.int32Data,
  );
  const [field, ...others] = valueFields;
  return field === undefined || others.length > 0 ? undefined : { field: field.number, ...field.value, isKept: true };
}

/** Reads stored values as numbers; undefined where the file ends before them. */
export async function readStored({ tensor, location, range }: StoredValues, source: ModelSource): Promise<Float32Array | undefined> {
  const length = range.end - range.start;
  const bytes =
    location === undefined ? await source.read(range.start, length) : await source.readSiblingRange(location, range.start, length);
  return bytes?.length === length ? decodeFloats(tensor.dataType, bytes) : undefined;
}

function decodeFloats(dataType: number, bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = rawSize(dataType) ?? 4;
  const values = new Float32Array(bytes.length / size);
  for (let index = 0; index < values.length; index++) values[index] = readFloat(view, index * size, dataType);
  return values;
}

function readFloat(view: DataView, offset: number, dataType: number): number {
  if (dataType === elementType.float) return view.getFloat32(offset, true);
  return dataType === elementType.double ? view.getFloat64(offset, true) : halfToNumber(view.getUint16(offset, true));
}

/** Numbers as a tensor of that type stores them; beyond the range of a half they become its largest number. */
export function encodeFloats(dataType: number, values: Float32Array): Uint8Array {
  const size = rawSize(dataType) ?? 4;
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) {
    if (dataType === elementType.float) view.setFloat32(index * size, value, true);
    else if (dataType === elementType.double) view.setFloat64(index * size, value, true);
    else view.setUint16(index * size, numberToHalf(value), true);
  }
  return bytes;
}
