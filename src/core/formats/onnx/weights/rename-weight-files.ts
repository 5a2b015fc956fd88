import { pieceLength, type Piece } from '../../byte-source';
import type { OnnxModel } from '../wire/proto';
import { entryField, tensorField } from '../wire/schema';
import { submessages, type MessageKind } from '../wire/submessages';
import { messageFields, textOf, type ByteRange, type WireField } from '../wire/wire';
import { encodeFieldHeader, encodeTextField } from '../wire/write-fields';

/** The file with other names in the `location` of its external tensors, wherever they stand: in bodies and functions as well. */
export function renameWeightFiles(model: OnnxModel, names: ReadonlyMap<string, string>): readonly Piece[] {
  const whole: readonly Piece[] = [{ start: 0, end: model.layout.fileSize }];
  if (names.size === 0) return whole;
  return renamed(model, { start: 0, end: model.bytes.length }, 'model', names) ?? whole;
}

/** The content of a message with what changes in it; undefined where nothing does. */
function renamed(model: OnnxModel, range: ByteRange, kind: MessageKind, names: ReadonlyMap<string, string>): readonly Piece[] | undefined {
  const { bytes, layout } = model;
  const pieces: Piece[] = [];
  let position = layout.toFile(range.start);
  for (const field of messageFields(bytes, range)) {
    const content = renamedField(model, field, kind, names);
    if (content === undefined) continue;
    const length = content.reduce((total, piece) => total + pieceLength(piece), 0);
    pieces.push({ start: position, end: layout.toFile(field.start) }, encodeFieldHeader(field.number, length), ...content);
    position = layout.toFile(field.end);
  }
  return pieces.length === 0 ? undefined : [...pieces, { start: position, end: layout.toFile(range.end) }];
}

function renamedField(
  model: OnnxModel,
  field: WireField,
  kind: MessageKind,
  names: ReadonlyMap<string, string>,
): readonly Piece[] | undefined {
  if (kind === 'tensor' && field.number === tensorField.externalData) return renamedEntry(model.bytes, field, names);
  const next = submessages[kind].get(field.number);
  return next && renamed(model, field.value, next, names);
}

function renamedEntry(bytes: Uint8Array, { value }: WireField, names: ReadonlyMap<string, string>): readonly Piece[] | undefined {
  let [key, location] = ['', ''];
  for (const part of messageFields(bytes, value)) {
    if (part.number === entryField.key) key = textOf(bytes, part);
    else if (part.number === entryField.value) location = textOf(bytes, part);
  }
  const name = key === 'location' ? names.get(location) : undefined;
  return name === undefined ? undefined : [encodeTextField(entryField.key, key), encodeTextField(entryField.value, name)];
}
