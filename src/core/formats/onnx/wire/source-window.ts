import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { ByteSource } from '../../byte-source';
import { guarded, WireError } from './wire';

/** One field's tag and length as they stand in the file. */
export interface FieldHeader {
  readonly number: number;
  readonly wireType: WireType;
  /** Where the value starts: behind the tag, and behind the length where there is one. */
  readonly valueStart: number;
  readonly end: number;
}

/** Tag and length take ten bytes each at most. */
const headerLength = 20;

/** Reads field headers out of a source with few reads: those that stand close together share one. */
export class SourceWindow {
  private start = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private reader = new BinaryReader(this.bytes);

  constructor(
    private readonly source: ByteSource,
    private readonly windowLength: number,
  ) {}

  /** Header of the field at `offset`, whose message ends at `limit`. @throws WireError */
  async header(offset: number, limit: number): Promise<FieldHeader> {
    const at = this.place(offset) ?? (await this.load(offset));
    this.reader.pos = at;
    return readHeader(this.reader, this.bytes.length, offset, limit);
  }

  /** Some bytes of a value. */
  async value(offset: number, length: number): Promise<Uint8Array> {
    const at = offset - this.start;
    if (at >= 0 && at + length <= this.bytes.length) return this.bytes.subarray(at, at + length);
    return this.source.read(offset, length);
  }

  private place(offset: number): number | undefined {
    const at = offset - this.start;
    const needed = Math.min(headerLength, this.source.size - offset);
    return at >= 0 && at + needed <= this.bytes.length ? at : undefined;
  }

  private async load(offset: number): Promise<number> {
    this.bytes = await this.source.read(offset, Math.max(this.windowLength, headerLength));
    this.reader = new BinaryReader(this.bytes);
    this.start = offset;
    return 0;
  }
}

/** @param available bytes that the reader has; the library runs past them without a word */
function readHeader(reader: BinaryReader, available: number, offset: number, limit: number): FieldHeader {
  const shift = offset - reader.pos;
  const [number, wireType] = guarded(offset, () => reader.tag());
  let valueStart = reader.pos + shift;
  if (wireType === WireType.LengthDelimited) {
    const length = guarded(offset, () => reader.uint32());
    valueStart = reader.pos + shift;
    if (reader.pos <= available) return within(limit, offset, { number, wireType, valueStart, end: valueStart + length });
    throw new WireError('ended', offset);
  }
  guarded(offset, () => reader.skip(wireType, number));
  return within(limit, offset, { number, wireType, valueStart, end: reader.pos + shift });
}

function within(limit: number, offset: number, field: FieldHeader): FieldHeader {
  if (field.end > limit) throw new WireError('ended', offset);
  return field;
}
