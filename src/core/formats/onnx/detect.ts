import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { modelField } from './wire/schema';

/** Wire type of every ModelProto field that comes before the graph; anything else at the start is not ONNX. */
const headerFields: ReadonlyMap<number, WireType> = new Map([
  [modelField.irVersion, WireType.Varint],
  [modelField.producerName, WireType.LengthDelimited],
  [modelField.producerVersion, WireType.LengthDelimited],
  [4, WireType.LengthDelimited], // domain
  [5, WireType.Varint], // model_version
  [6, WireType.LengthDelimited], // doc_string
  [modelField.graph, WireType.LengthDelimited],
  [modelField.opsetImport, WireType.LengthDelimited],
  [modelField.metadata, WireType.LengthDelimited],
]);

const textFields: readonly number[] = [modelField.producerName, modelField.producerVersion, 4];
const newestIrVersion = 64;

/**
 * True for bytes that start as a ModelProto: a plausible `ir_version` first, then fields of the right types with readable
 * texts. The graph itself is not looked at, so damaged files of the format are recognised too.
 */
export function looksLikeOnnx(bytes: Uint8Array): boolean {
  const reader = new BinaryReader(bytes);
  try {
    return readsAsHeader(reader, bytes);
  } catch (error) {
    // The library throws plain errors where the bytes are no protobuf, which is an answer here and no failure.
    return !(error instanceof Error);
  }
}

function readsAsHeader(reader: BinaryReader, bytes: Uint8Array): boolean {
  let hasVersion = false;
  while (reader.pos < bytes.length) {
    const [number, wireType] = reader.tag();
    if (headerFields.get(number) !== wireType) return hasVersion && number > 14 && wireType === WireType.LengthDelimited;
    if (reader.pos >= bytes.length) return hasVersion;
    if (number === modelField.irVersion) {
      const version = reader.uint32();
      if (version < 1 || version > newestIrVersion) return false;
      hasVersion = true;
    } else if (wireType === WireType.Varint) {
      reader.skip(wireType);
    } else {
      const length = reader.uint32();
      const available = bytes.subarray(reader.pos, reader.pos + length);
      if (textFields.includes(number) && !isReadable(available)) return false;
      if (number === modelField.graph || available.length < length) return hasVersion;
      reader.pos += length;
    }
  }
  return hasVersion;
}

/** No control characters: TensorFlow's SavedModel starts with the same tags but holds messages there. */
function isReadable(text: Uint8Array): boolean {
  return text.every((byte) => byte >= 0x20 && byte !== 0x7f);
}
