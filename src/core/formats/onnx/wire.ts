import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** A half-open range [start, end) of byte offsets in the file. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** One field of a protobuf message as it stands in the file; nothing of its value has been copied. */
export interface WireField extends ByteRange {
  readonly number: number;
  readonly wireType: WireType;
  /** The value alone: without the tag, and for length-delimited fields without the length. */
  readonly value: ByteRange;
}

/** A protobuf message that ends too early or breaks the wire format. */
export class WireError extends Error {
  override readonly name = 'WireError';
  constructor(
    /** `ended` where a field claims more bytes than its message has. */
    readonly problem: 'ended' | 'invalid',
    readonly offset: number,
  ) {
    super(`protobuf ${problem} at byte ${offset}`);
  }
}

/**
 * Walks the fields of the message at `range` in file order, skipping over values.
 * @throws WireError
 */
export function* messageFields(file: Uint8Array, range: ByteRange): Generator<WireField> {
  const reader = new BinaryReader(file.subarray(range.start, range.end));
  while (reader.pos < reader.len) {
    const start = range.start + reader.pos;
    yield guarded(start, () => nextField(reader, range.start, start));
  }
}

function nextField(reader: BinaryReader, base: number, start: number): WireField {
  const [number, wireType] = reader.tag();
  requireInside(reader);
  const afterTag = base + reader.pos;
  reader.skip(wireType, number);
  const end = base + reader.pos;
  if (wireType !== WireType.LengthDelimited) return { number, wireType, start, end, value: { start: afterTag, end } };
  reader.pos = afterTag - base;
  const length = reader.uint32();
  const valueStart = base + reader.pos;
  reader.pos += length;
  return { number, wireType, start, end, value: { start: valueStart, end } };
}

/** The library's number readers run past the end without a word. */
function requireInside(reader: BinaryReader): void {
  if (reader.pos > reader.len) throw new RangeError('a number runs past the end of its message');
}

/** The library signals bad input by plain errors; every call into it passes here so that callers see one kind. */
function guarded<T>(offset: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new WireError(error instanceof RangeError ? 'ended' : 'invalid', offset);
  }
}

/** The value's bytes, a view on the file. @throws WireError where the field is not length-delimited. */
export function bytesOf(file: Uint8Array, field: WireField): Uint8Array {
  requireType(field, WireType.LengthDelimited);
  return file.subarray(field.value.start, field.value.end);
}

/** UTF-8 text. @throws WireError */
export function textOf(file: Uint8Array, field: WireField): string {
  requireType(field, WireType.LengthDelimited);
  return guarded(field.start, () => {
    const reader = new BinaryReader(file.subarray(field.start, field.end));
    reader.tag();
    return reader.string();
  });
}

/** One integer; beyond 2^53 the nearest double (ONNX writes 2^63 - 1 for "to the end"). @throws WireError */
export function integerOf(file: Uint8Array, field: WireField): number {
  requireType(field, WireType.Varint);
  return guarded(field.start, () => Number(valueReader(file, field).int64()));
}

/** One float32. @throws WireError */
export function floatOf(file: Uint8Array, field: WireField): number {
  requireType(field, WireType.Bit32);
  return valueReader(file, field).float();
}

/** A repeated integer field's entries here: several where packed, else one. @throws WireError */
export function integersOf(file: Uint8Array, field: WireField): number[] {
  if (field.wireType === WireType.Varint) return [integerOf(file, field)];
  return packed(file, field, (reader) => Number(reader.int64()));
}

/** A repeated float field's entries here. @throws WireError */
export function floatsOf(file: Uint8Array, field: WireField): number[] {
  if (field.wireType === WireType.Bit32) return [floatOf(file, field)];
  return packed(file, field, (reader) => reader.float());
}

/** A repeated double field's entries here. @throws WireError */
export function doublesOf(file: Uint8Array, field: WireField): number[] {
  if (field.wireType === WireType.Bit64) return [valueReader(file, field).double()];
  return packed(file, field, (reader) => reader.double());
}

function packed(file: Uint8Array, field: WireField, read: (reader: BinaryReader) => number): number[] {
  requireType(field, WireType.LengthDelimited);
  return guarded(field.start, () => {
    const reader = valueReader(file, field);
    const values: number[] = [];
    while (reader.pos < reader.len) {
      values.push(read(reader));
      requireInside(reader);
    }
    return values;
  });
}

function valueReader(file: Uint8Array, field: WireField): BinaryReader {
  return new BinaryReader(file.subarray(field.value.start, field.value.end));
}

function requireType(field: WireField, wireType: WireType): void {
  if (field.wireType !== wireType) throw new WireError('invalid', field.start);
}
