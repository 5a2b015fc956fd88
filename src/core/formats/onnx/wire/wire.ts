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
    /** True where it is the file itself that ends. */
    readonly endsFile = false,
  ) {
    super(`protobuf ${problem} at byte ${offset}`);
  }
}

/** One reader per buffer: a model has 10^5 fields, and a view for each would cost more than reading it. */
const readers = new WeakMap<Uint8Array, BinaryReader>();

function readerAt(file: Uint8Array, position: number): BinaryReader {
  let reader = readers.get(file);
  if (reader === undefined) {
    reader = new BinaryReader(file);
    readers.set(file, reader);
  }
  reader.pos = position;
  return reader;
}

/**
 * Walks the fields of the message at `range` in file order, skipping over values.
 * @throws WireError
 */
export function* messageFields(file: Uint8Array, range: ByteRange): Generator<WireField> {
  let start = range.start;
  while (start < range.end) {
    const field = guarded(start, () => fieldAt(file, start, range.end));
    yield field;
    start = field.end;
  }
}

function fieldAt(file: Uint8Array, start: number, limit: number): WireField {
  const reader = readerAt(file, start);
  const [number, wireType] = reader.tag();
  let valueStart = reader.pos;
  if (wireType === WireType.LengthDelimited) {
    const length = reader.uint32();
    valueStart = reader.pos;
    reader.pos += length;
  } else {
    reader.skip(wireType, number);
  }
  requireWithin(reader, limit);
  return { number, wireType, start, end: reader.pos, value: { start: valueStart, end: reader.pos } };
}

/** The library's readers run past the end of a message without a word. */
function requireWithin(reader: BinaryReader, limit: number): void {
  if (reader.pos > limit) throw new RangeError('a value runs past the end of its message');
}

/** The library signals bad input by plain errors; every call into it passes here so that callers see one kind. @throws WireError */
export function guarded<T>(offset: number, read: () => T): T {
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
    const reader = readerAt(file, field.start);
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
    while (reader.pos < field.value.end) {
      values.push(read(reader));
      requireWithin(reader, field.value.end);
    }
    return values;
  });
}

function valueReader(file: Uint8Array, field: WireField): BinaryReader {
  return readerAt(file, field.value.start);
}

function requireType(field: WireField, wireType: WireType): void {
  if (field.wireType !== wireType) throw new WireError('invalid', field.start);
}
