import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Dimension } from '../../../graph/model-graph';
import {
  attributeField,
  attributeType,
  dimensionField,
  entryField,
  elementType,
  graphField,
  modelField,
  nodeField,
  opsetField,
  shapeField,
  tensorField,
  tensorTypeField,
  typeField,
  valueInfoField,
} from './schema';
import { encodeFieldHeader, encodeTextField, writeInteger, writeMessage, writeText } from './write-fields';

/** Every `encode…` function here answers with the message alone, without tag and length; `encodeModel` with a whole file. */

/** Value of an attribute to write; floats must be marked, since 1 could be either. */
export type AttributeValue =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  /** An encoded TensorProto. */
  | { readonly tensor: Uint8Array };

/** A node to write. */
export interface NodeParts {
  readonly name?: string;
  readonly opType: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Encoded AttributeProtos to keep as they are, before `attributes`. */
  readonly verbatimAttributes?: readonly Uint8Array[];
}

/** Encodes a NodeProto. */
export function encodeNode(node: NodeParts): Uint8Array {
  const writer = new BinaryWriter();
  for (const input of node.inputs) writeText(writer, nodeField.input, input);
  for (const output of node.outputs) writeText(writer, nodeField.output, output);
  if (node.name !== undefined) writeText(writer, nodeField.name, node.name);
  writeText(writer, nodeField.opType, node.opType);
  for (const attribute of node.verbatimAttributes ?? []) writeMessage(writer, nodeField.attribute, attribute);
  for (const [name, value] of Object.entries(node.attributes ?? {})) {
    writeMessage(writer, nodeField.attribute, encodeAttribute(name, value));
  }
  if (node.domain !== undefined && node.domain !== '') writeText(writer, nodeField.domain, node.domain);
  return writer.finish();
}

/** Encodes an AttributeProto. */
export function encodeAttribute(name: string, value: AttributeValue): Uint8Array {
  const writer = new BinaryWriter();
  writeText(writer, attributeField.name, name);
  const type = writeAttributeValue(writer, value);
  writeInteger(writer, attributeField.type, type);
  return writer.finish();
}

function writeAttributeValue(writer: BinaryWriter, value: AttributeValue): number {
  if ('int' in value) {
    writeInteger(writer, attributeField.int, value.int);
    return attributeType.int;
  }
  if ('float' in value) {
    writer.tag(attributeField.float, WireType.Bit32).float(value.float);
    return attributeType.float;
  }
  if ('text' in value) {
    writeText(writer, attributeField.string, value.text);
    return attributeType.string;
  }
  if ('ints' in value) {
    for (const entry of value.ints) writeInteger(writer, attributeField.ints, entry);
    return attributeType.ints;
  }
  if ('floats' in value) {
    for (const entry of value.floats) writer.tag(attributeField.floats, WireType.Bit32).float(entry);
    return attributeType.floats;
  }
  writeMessage(writer, attributeField.tensor, value.tensor);
  return attributeType.tensor;
}

/** A tensor to write: values already encoded little-endian. */
export interface TensorParts {
  readonly name?: string;
  readonly dims: readonly number[];
  /** `elementType` of schema.ts. */
  readonly dataType: number;
  readonly rawData: Uint8Array;
}

/** Encodes a TensorProto with `raw_data`. */
export function encodeTensor(tensor: TensorParts): Uint8Array {
  const writer = new BinaryWriter();
  for (const length of tensor.dims) writeInteger(writer, tensorField.dims, length);
  writeInteger(writer, tensorField.dataType, tensor.dataType);
  if (tensor.name !== undefined) writeText(writer, tensorField.name, tensor.name);
  return joined([writer.finish(), ...field(tensorField.rawData, tensor.rawData)]);
}

/** Encodes a float32 tensor. */
export function encodeFloatTensor(name: string | undefined, dims: readonly number[], values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) => {
    view.setFloat32(index * 4, value, true);
  });
  return encodeTensor({ ...named(name), dims, dataType: elementType.float, rawData: new Uint8Array(view.buffer) });
}

/** Encodes an int64 tensor, the type of shapes, pads and axes. */
export function encodeIntegerTensor(name: string | undefined, dims: readonly number[], values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  // In halves: a BigInt for each of the many indices of a gather takes several times as long.
  values.forEach((value, index) => {
    view.setUint32(index * 8, value >>> 0, true);
    view.setInt32(index * 8 + 4, Math.floor(value / 2 ** 32), true);
  });
  return encodeTensor({ ...named(name), dims, dataType: elementType.int64, rawData: new Uint8Array(view.buffer) });
}

function named(name: string | undefined): { readonly name?: string } {
  return name === undefined ? {} : { name };
}

/** Encodes a ValueInfoProto; a text in the shape is a symbolic dimension, null an unnamed open one. */
export function encodeValueInfo(name: string, dataType: number = elementType.float, shape?: readonly (Dimension | string)[]): Uint8Array {
  const tensorType = new BinaryWriter();
  writeInteger(tensorType, tensorTypeField.elementType, dataType);
  if (shape !== undefined) {
    const dimensions = new BinaryWriter();
    for (const length of shape) writeMessage(dimensions, shapeField.dimension, encodeDimension(length));
    writeMessage(tensorType, tensorTypeField.shape, dimensions.finish());
  }
  const type = new BinaryWriter();
  writeMessage(type, typeField.tensorType, tensorType.finish());
  const writer = new BinaryWriter();
  writeText(writer, valueInfoField.name, name);
  writeMessage(writer, valueInfoField.type, type.finish());
  return writer.finish();
}

function encodeDimension(length: Dimension | string): Uint8Array {
  const writer = new BinaryWriter();
  if (typeof length === 'number') writeInteger(writer, dimensionField.value, length);
  else if (length !== null) writeText(writer, dimensionField.parameter, length);
  return writer.finish();
}

/** A model to write; every list holds encoded messages, our own or the `message` of a decoded one. */
export interface ModelParts {
  readonly irVersion: number;
  readonly producerName?: string;
  /** Version per operator-set domain; the standard domain is the empty text. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly graphName?: string;
  readonly nodes: readonly Uint8Array[];
  readonly initializers?: readonly Uint8Array[];
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
  readonly valueInfo?: readonly Uint8Array[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** Encoded FunctionProtos. */
  readonly functions?: readonly Uint8Array[];
}

/** Encodes a ModelProto, which is a complete file. */
export function encodeModel(model: ModelParts): Uint8Array {
  const all = (number: number, messages: readonly Uint8Array[] = []): readonly Uint8Array[] =>
    messages.flatMap((message) => field(number, message));
  const graph = [
    ...all(graphField.node, model.nodes),
    encodeTextField(graphField.name, model.graphName ?? 'graph'),
    ...all(graphField.initializer, model.initializers),
    ...all(graphField.input, model.inputs),
    ...all(graphField.output, model.outputs),
    ...all(graphField.valueInfo, model.valueInfo),
  ];
  const head = new BinaryWriter();
  writeInteger(head, modelField.irVersion, model.irVersion);
  if (model.producerName !== undefined) writeText(head, modelField.producerName, model.producerName);
  const writer = new BinaryWriter();
  for (const [domain, version] of Object.entries(model.opsets)) {
    writeMessage(writer, modelField.opsetImport, encodeOpset(domain, version));
  }
  for (const [key, value] of Object.entries(model.metadata ?? {})) writeMessage(writer, modelField.metadata, encodeEntry(key, value));
  for (const definition of model.functions ?? []) writeMessage(writer, modelField.functions, definition);
  return joined([head.finish(), encodeFieldHeader(modelField.graph, lengthOf(graph)), ...graph, writer.finish()]);
}

/** A message as a field, in two parts: weights are copied once, when all parts are joined, not by every writer on the way. */
function field(number: number, message: Uint8Array): readonly Uint8Array[] {
  return [encodeFieldHeader(number, message.length), message];
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(lengthOf(parts));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

export function encodeEntry(key: string, value: string): Uint8Array {
  const writer = new BinaryWriter();
  writeText(writer, entryField.key, key);
  writeText(writer, entryField.value, value);
  return writer.finish();
}

/** Encodes the versions that a ModelProto declares, as fields of it. */
export function encodeVersions({ irVersion, opsets }: Pick<ModelParts, 'irVersion' | 'opsets'>): Uint8Array {
  const writer = new BinaryWriter();
  writeInteger(writer, modelField.irVersion, irVersion);
  for (const [domain, version] of Object.entries(opsets)) writeMessage(writer, modelField.opsetImport, encodeOpset(domain, version));
  return writer.finish();
}

function encodeOpset(domain: string, version: number): Uint8Array {
  const writer = new BinaryWriter();
  if (domain !== '') writeText(writer, opsetField.domain, domain);
  writeInteger(writer, opsetField.version, version);
  return writer.finish();
}
