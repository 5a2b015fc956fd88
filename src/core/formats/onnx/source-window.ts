import { WireType } from '@bufbuild/protobuf/wire';
import type { ByteSource } from '../byte-source';
import { WireError } from './wire';

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

  constructor(
    private readonly source: ByteSource,
    private readonly windowLength: number,
  ) {}

  /** Header of the field at `offset`, whose message ends at `limit`. @throws WireError */
  async header(offset: number, limit: number): Promise<FieldHeader> {
    const at = this.place(offset) ?? (await this.load(offset));
    return readHeader(this.bytes, at, offset, limit);
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
    this.start = offset;
    return 0;
  }
}

function readHeader(bytes: Uint8Array, at: number, offset: number, limit: number): FieldHeader {
  const tag = readVarint(bytes, at, offset);
  const [number, wireType] = [Math.floor(tag.value / 8), (tag.value % 8) as WireType];
  if (number === 0) throw new WireError('invalid', offset);
  const behindTag = offset + tag.next - at;
  const field = (valueStart: number, end: number): FieldHeader => {
    if (end > limit) throw new WireError('ended', offset);
    return { number, wireType, valueStart, end };
  };
  switch (wireType) {
    case WireType.Varint:
      return field(behindTag, offset + readVarint(bytes, tag.next, offset).next - at);
    case WireType.Bit64:
      return field(behindTag, behindTag + 8);
    case WireType.LengthDelimited: {
      const length = readVarint(bytes, tag.next, offset);
      const valueStart = offset + length.next - at;
      return field(valueStart, valueStart + length.value);
    }
    case WireType.Bit32:
      return field(behindTag, behindTag + 4);
    default:
      throw new WireError('invalid', offset);
  }
}

/** A base-128 number; exact up to 2^53, which no length in a file exceeds. */
function readVarint(bytes: Uint8Array, at: number, offset: number): { readonly value: number; readonly next: number } {
  let [value, scale] = [0, 1];
  for (let next = at; next < at + 10; next++) {
    const byte = bytes[next];
    if (byte === undefined) throw new WireError('ended', offset);
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next: next + 1 };
    scale *= 128;
  }
  throw new WireError('invalid', offset);
}
