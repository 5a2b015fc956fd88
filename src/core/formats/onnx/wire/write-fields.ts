import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** A length-delimited field: tag, length and message, ready to be spliced in. */
export function encodeField(field: number, message: Uint8Array): Uint8Array {
  const writer = new BinaryWriter();
  writeMessage(writer, field, message);
  return writer.finish();
}

/** A text field: tag, length and UTF-8 bytes. */
export function encodeTextField(field: number, text: string): Uint8Array {
  const writer = new BinaryWriter();
  writeText(writer, field, text);
  return writer.finish();
}

/** Tag and length of a message whose `length` bytes follow. */
export function encodeFieldHeader(field: number, length: number): Uint8Array {
  return new BinaryWriter().tag(field, WireType.LengthDelimited).uint32(length).finish();
}

/** Appends a length-delimited field. */
export function writeMessage(writer: BinaryWriter, field: number, message: Uint8Array): void {
  writer.tag(field, WireType.LengthDelimited).bytes(message);
}

/** Appends a text field. */
export function writeText(writer: BinaryWriter, field: number, text: string): void {
  writer.tag(field, WireType.LengthDelimited).string(text);
}

/** Appends an integer field. */
export function writeInteger(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}
