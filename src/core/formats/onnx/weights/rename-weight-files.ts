import { pieceLength, type Piece } from '../../byte-source';
import type { OnnxModel } from '../wire/proto';
import {
  attributeField,
  entryField,
  functionField,
  graphField,
  modelField,
  nodeField,
  sparseTensorField,
  tensorField,
} from '../wire/schema';
import { messageFields, textOf, type ByteRange, type WireField } from '../wire/wire';
import { encodeFieldHeader, encodeTextField } from '../wire/write-fields';

/** Kinds of messages on the way to a tensor's `location`, each with the fields that lead on. */
type MessageKind = 'model' | 'function' | 'graph' | 'node' | 'attribute' | 'sparseTensor' | 'tensor';

const ways: Readonly<Record<MessageKind, ReadonlyMap<number, MessageKind | 'entry'>>> = {
  model: new Map([
    [modelField.graph, 'graph'],
    [modelField.functions, 'function'],
  ]),
  function: new Map([
    [functionField.node, 'node'],
    [functionField.attributeDefault, 'attribute'],
  ]),
  graph: new Map([
    [graphField.node, 'node'],
    [graphField.initializer, 'tensor'],
    [graphField.sparseInitializer, 'sparseTensor'],
  ]),
  node: new Map([[nodeField.attribute, 'attribute']]),
  attribute: new Map([
    [attributeField.tensor, 'tensor'],
    [attributeField.tensors, 'tensor'],
    [attributeField.graph, 'graph'],
    [attributeField.graphs, 'graph'],
    [attributeField.sparseTensor, 'sparseTensor'],
    [attributeField.sparseTensors, 'sparseTensor'],
  ]),
  sparseTensor: new Map([
    [sparseTensorField.values, 'tensor'],
    [sparseTensorField.indices, 'tensor'],
  ]),
  tensor: new Map([[tensorField.externalData, 'entry']]),
};

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
    const next = ways[kind].get(field.number);
    if (next === undefined) continue;
    const content = next === 'entry' ? renamedEntry(bytes, field, names) : renamed(model, field.value, next, names);
    if (content === undefined) continue;
    const length = content.reduce((total, piece) => total + pieceLength(piece), 0);
    pieces.push({ start: position, end: layout.toFile(field.start) }, encodeFieldHeader(field.number, length), ...content);
    position = layout.toFile(field.end);
  }
  return pieces.length === 0 ? undefined : [...pieces, { start: position, end: layout.toFile(range.end) }];
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
