import { pieceLength, type Piece } from '../../byte-source';
import { attributeField, graphField, modelField, nodeField } from '../wire/schema';
import type { Located, OnnxModel, OnnxNode } from '../wire/proto';
import { encodeAttribute, type AttributeValue } from '../wire/write';
import { concatenate } from '../../concatenate';
import { encodeField, encodeFieldHeader, encodeTextField } from '../wire/write-fields';
import { messageFields, textOf, type ByteRange } from '../wire/wire';

/** What changes in one node; everything else in it keeps its bytes. */
export interface NodeChange {
  readonly removedAttributes: ReadonlySet<string>;
  readonly addedAttributes: Readonly<Record<string, AttributeValue>>;
  /** New names of inputs and outputs by their present ones. */
  readonly inputNames: ReadonlyMap<string, string>;
  readonly outputNames: ReadonlyMap<string, string>;
}

/** The NodeProto with the change made, field by field. */
export function changeNode(node: OnnxNode, change: NodeChange): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const field of messageFields(node.message, { start: 0, end: node.message.length })) {
    const names = field.number === nodeField.input ? change.inputNames : field.number === nodeField.output ? change.outputNames : undefined;
    const renamed = names?.get(textOf(node.message, field));
    if (renamed !== undefined) parts.push(encodeTextField(field.number, renamed));
    else if (field.number !== nodeField.attribute || !change.removedAttributes.has(attributeName(node.message, field.value))) {
      parts.push(node.message.subarray(field.start, field.end));
    }
  }
  for (const [name, value] of Object.entries(change.addedAttributes)) {
    parts.push(encodeField(nodeField.attribute, encodeAttribute(name, value)));
  }
  return concatenate(parts);
}

function attributeName(message: Uint8Array, range: ByteRange): string {
  for (const field of messageFields(message, range)) {
    if (field.number === attributeField.name) return textOf(message, field);
  }
  return '';
}

/** A part of the file to be replaced by encoded fields; an empty range inserts. */
export interface Splice extends ByteRange {
  readonly fields: readonly Uint8Array[];
}

/** Replaces a node by others, in order. */
export function nodeSplice(node: OnnxNode, messages: readonly Uint8Array[]): Splice {
  return { ...node.field, fields: messages.map((encoded) => encodeField(graphField.node, encoded)) };
}

/** Takes a message out of the graph. */
export function removal(message: Located): Splice {
  return { ...message.field, fields: [] };
}

/**
 * The file with its main graph spliced: all bytes outside the splices stay, except the graph's length.
 * @param splices not overlapping, all inside the graph @param initializers encoded TensorProtos to append
 */
export function spliceGraph(model: OnnxModel, splices: readonly Splice[], initializers: readonly Uint8Array[]): readonly Piece[] {
  const { layout, graph } = model;
  const [start, end] = [layout.toFile(graph.field.end - graph.message.length), layout.toFile(graph.field.end)];
  const body: Piece[] = [];
  let position = start;
  for (const splice of [...splices].sort((a, b) => a.start - b.start)) {
    body.push({ start: position, end: layout.toFile(splice.start) }, ...splice.fields);
    position = layout.toFile(splice.end);
  }
  body.push({ start: position, end }, ...initializers.map((tensor) => encodeField(graphField.initializer, tensor)));
  const length = body.reduce((total, piece) => total + pieceLength(piece), 0);
  return [
    { start: 0, end: layout.toFile(graph.field.start) },
    encodeFieldHeader(modelField.graph, length),
    ...body,
    { start: end, end: layout.fileSize },
  ];
}
