import { t } from '@vscode/l10n';
import type { Dimension } from '../../../graph/model-graph';
import { checkWithin } from '../../../limits';
import { ModelError } from '../../../model-error';
import { cutOff, longerThanFile, naming } from './damage';
import { readEntry } from './entries';
import { identityLayout, type FileLayout } from './file-layout';
import { functionTable, readFunction, type FunctionParts } from './functions';
import { readNotes } from '../read/origin';
import {
  attributeField,
  dimensionField,
  graphField,
  modelField,
  nodeField,
  opsetField,
  shapeField,
  sparseTensorField,
  tensorField,
  tensorTypeField,
  typeField,
  valueInfoField,
} from './schema';
import { MessageWalk } from './submessages';
import type { Located, OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxOpset, OnnxTensor, OnnxValueInfo } from './structure';
import { bytesOf, floatOf, floatsOf, integerOf, integersOf, messageFields, textOf, WireError, type WireField } from './wire';

export type * from './structure';

/**
 * Decodes the structure of an ONNX file; weights stay views.
 * @param bytes the file, or what a skim left of it: then `layout` says where its parts stand in the file
 * @throws ModelError `empty-file`, `truncated`, `malformed` or `too-large`, naming `path`
 */
export function decodeModel(bytes: Uint8Array, path: string, layout: FileLayout = identityLayout(bytes.length)): OnnxModel {
  if (bytes.length === 0) {
    throw new ModelError('empty-file', t`"${path}" is empty (0 bytes), so there is no model to read: save or download it again.`);
  }
  return naming(path, () => readModel(bytes, path, layout), layout.toFile);
}

function readModel(bytes: Uint8Array, path: string, layout: FileLayout): OnnxModel {
  const fields = topLevelFields(bytes, path);
  const first = (number: number): WireField | undefined => fields.find((field) => field.number === number);
  const text = (number: number): string => {
    const field = first(number);
    return field === undefined ? '' : textOf(bytes, field);
  };
  const graphs = fields.filter((field) => field.number === modelField.graph);
  const [graph] = graphs;
  if (graph === undefined) throw cutOff(path, t('it ends before its graph'));
  if (graphs.length > 1) throw new ModelError('malformed', t`"${path}" holds ${graphs.length} graphs; an ONNX model has one.`);
  const versionField = first(modelField.irVersion);
  const irVersion = versionField === undefined ? 0 : integerOf(bytes, versionField);
  const opsets = fields.filter((field) => field.number === modelField.opsetImport).map((field) => readOpset(bytes, field));
  if (opsets.length === 0 && irVersion >= 3) throw cutOff(path, t('it ends before its operator set version'));
  const metadata = new Map<string, string>();
  for (const field of fields) if (field.number === modelField.metadata) readEntry(bytes, field, metadata);
  const walk = new MessageWalk();
  const parts = functionParts(walk);
  const functions = fields.filter((field) => field.number === modelField.functions).map((field) => readFunction(bytes, field, parts));
  const decodedGraph = readGraph(bytes, graph, walk);
  return {
    bytes,
    layout,
    irVersion,
    producerName: text(modelField.producerName),
    producerVersion: text(modelField.producerVersion),
    metadata,
    opsets,
    opsetVersion: opsets.find((opset) => opset.domain === '')?.version ?? 1,
    graph: decodedGraph,
    functions: functionTable(functions),
    weightFiles: [...walk.weightFiles],
    nodeCount: walk.nodeCount,
  };
}

function topLevelFields(bytes: Uint8Array, path: string): WireField[] {
  const fields: WireField[] = [];
  try {
    for (const field of messageFields(bytes, { start: 0, end: bytes.length })) fields.push(field);
  } catch (error) {
    if (error instanceof WireError && error.problem === 'ended') {
      throw cutOff(path, longerThanFile(error.offset, bytes.length));
    }
    throw error;
  }
  return fields;
}

/** Where a part stands; spread behind its other properties, since V8 takes many times as long for an object that starts with a spread. */
function located(bytes: Uint8Array, field: WireField): Located {
  return { field: { start: field.start, end: field.end }, message: bytesOf(bytes, field) };
}

function readOpset(bytes: Uint8Array, field: WireField): OnnxOpset {
  let domain = '';
  let version = 1;
  for (const part of messageFields(bytes, field.value)) {
    if (part.number === opsetField.domain) domain = textOf(bytes, part);
    else if (part.number === opsetField.version) version = integerOf(bytes, part);
  }
  return { domain: standardDomain(domain), version, ...located(bytes, field) };
}

function standardDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

/** How the parts of a function are decoded. */
function functionParts(walk: MessageWalk): FunctionParts {
  return {
    node: (bytes, field) => readNode(bytes, field, walk),
    attribute: (bytes, field) => readAttribute(bytes, field, walk),
    valueInfo: readValueInfo,
    opset: readOpset,
  };
}

function readGraph(bytes: Uint8Array, field: WireField, walk: MessageWalk): OnnxGraph {
  walk.enter('graph');
  let name = '';
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const sparseInitializers: OnnxTensor[] = [];
  const inputs: OnnxValueInfo[] = [];
  const outputs: OnnxValueInfo[] = [];
  const valueInfo: OnnxValueInfo[] = [];
  for (const part of messageFields(bytes, field.value)) {
    if (part.number === graphField.node) nodes.push(readNode(bytes, part, walk));
    else if (part.number === graphField.name) name = textOf(bytes, part);
    else if (part.number === graphField.initializer) initializers.push(readTensor(bytes, part, walk));
    else if (part.number === graphField.sparseInitializer) sparseInitializers.push(readSparseTensor(bytes, part, walk));
    else if (part.number === graphField.input) inputs.push(readValueInfo(bytes, part));
    else if (part.number === graphField.output) outputs.push(readValueInfo(bytes, part));
    else if (part.number === graphField.valueInfo) valueInfo.push(readValueInfo(bytes, part));
  }
  walk.leave('graph');
  return { name, nodes, initializers, sparseInitializers, inputs, outputs, valueInfo, ...located(bytes, field) };
}

function readNode(bytes: Uint8Array, field: WireField, walk: MessageWalk): OnnxNode {
  walk.enter('node');
  let name = '';
  let opType = '';
  let domain = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  let overload = '';
  const notes: WireField[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  for (const part of messageFields(bytes, field.value)) {
    if (part.number === nodeField.input) inputs.push(textOf(bytes, part));
    else if (part.number === nodeField.output) outputs.push(textOf(bytes, part));
    else if (part.number === nodeField.name) name = textOf(bytes, part);
    else if (part.number === nodeField.opType) opType = textOf(bytes, part);
    else if (part.number === nodeField.domain) domain = standardDomain(textOf(bytes, part));
    else if (part.number === nodeField.overload) overload = textOf(bytes, part);
    else if (part.number === nodeField.docString || part.number === nodeField.metadata) notes.push(part);
    else if (part.number === nodeField.attribute) {
      const attribute = readAttribute(bytes, part, walk);
      attributes.set(attribute.name, attribute);
    }
  }
  checkWithin('nameLength', name.length);
  checkWithin('tensorsPerNode', inputs.length + outputs.length);
  const extras = { ...(overload !== '' && { overload }), ...readNotes(bytes, notes, name) };
  return { name, opType, domain, inputs, outputs, attributes, ...extras, ...located(bytes, field) };
}

function readAttribute(bytes: Uint8Array, field: WireField, walk: MessageWalk): OnnxAttribute {
  let name = '';
  const scalar: { int?: number; float?: number; text?: string; tensor?: OnnxTensor; reference?: string } = {};
  const ints: number[] = [];
  const floats: number[] = [];
  const graphs: OnnxGraph[] = [];
  for (const part of messageFields(bytes, field.value)) {
    if (part.number === attributeField.name) name = textOf(bytes, part);
    else if (part.number === attributeField.int) scalar.int = integerOf(bytes, part);
    else if (part.number === attributeField.float) scalar.float = floatOf(bytes, part);
    else if (part.number === attributeField.string) scalar.text = textOf(bytes, part);
    else if (part.number === attributeField.reference) scalar.reference = textOf(bytes, part);
    else if (part.number === attributeField.tensor) scalar.tensor = readTensor(bytes, part, walk);
    else if (part.number === attributeField.tensors) readTensor(bytes, part, walk);
    else if (part.number === attributeField.sparseTensor || part.number === attributeField.sparseTensors)
      readSparseTensor(bytes, part, walk);
    else if (part.number === attributeField.ints) append(ints, integersOf(bytes, part));
    else if (part.number === attributeField.floats) append(floats, floatsOf(bytes, part));
    else if (part.number === attributeField.graph || part.number === attributeField.graphs) {
      graphs.push(readGraph(bytes, part, walk));
    }
  }
  return { name, ...scalar, ints, floats, graphs, ...located(bytes, field) };
}

/** Element by element: spreading a long list into `push` would overflow the stack. */
function append(list: number[], more: readonly number[]): void {
  for (const value of more) list.push(value);
}

function readTensor(bytes: Uint8Array, field: WireField, walk: MessageWalk): OnnxTensor {
  let name = '';
  let dataType = 0;
  const dims: number[] = [];
  const external = new Map<string, string>();
  let isExternal = false;
  for (const part of messageFields(bytes, field.value)) {
    if (part.number === tensorField.name) name = textOf(bytes, part);
    else if (part.number === tensorField.dataType) dataType = integerOf(bytes, part);
    else if (part.number === tensorField.dims) append(dims, integersOf(bytes, part));
    else if (part.number === tensorField.dataLocation) isExternal = integerOf(bytes, part) === 1;
    else if (part.number === tensorField.externalData) readEntry(bytes, part, external);
  }
  checkWithin('axes', dims.length);
  if (dims.some((length) => !(length >= 0))) throw new WireError('invalid', field.start);
  const location = isExternal ? external.get('location') : undefined;
  if (location !== undefined) walk.weightFiles.add(location);
  return { name, dims, dataType, external: isExternal ? external : undefined, ...located(bytes, field) };
}

/** The name of a sparse tensor is that of its values; its dims are those of the dense tensor, which we do not need. */
function readSparseTensor(bytes: Uint8Array, field: WireField, walk: MessageWalk): OnnxTensor {
  let values: OnnxTensor | undefined;
  for (const part of messageFields(bytes, field.value)) {
    if (part.number === sparseTensorField.values) values ??= readTensor(bytes, part, walk);
    else if (part.number === sparseTensorField.indices) readTensor(bytes, part, walk);
  }
  if (values === undefined) throw new WireError('invalid', field.start);
  return { ...values, ...located(bytes, field) };
}

function readValueInfo(bytes: Uint8Array, field: WireField): OnnxValueInfo {
  let name = '';
  let elementType: number | undefined;
  let shape: Dimension[] | undefined;
  for (const part of messageFields(bytes, field.value)) {
    if (part.number === valueInfoField.name) name = textOf(bytes, part);
    if (part.number !== valueInfoField.type) continue;
    for (const type of messageFields(bytes, part.value)) {
      if (type.number !== typeField.tensorType) continue;
      for (const detail of messageFields(bytes, type.value)) {
        if (detail.number === tensorTypeField.elementType) elementType = integerOf(bytes, detail);
        else if (detail.number === tensorTypeField.shape) shape = readShape(bytes, detail);
      }
    }
  }
  return { name, elementType, shape, ...located(bytes, field) };
}

function readShape(bytes: Uint8Array, field: WireField): Dimension[] {
  const shape: Dimension[] = [];
  for (const part of messageFields(bytes, field.value)) {
    if (part.number !== shapeField.dimension) continue;
    let value: Dimension = null;
    for (const detail of messageFields(bytes, part.value)) {
      if (detail.number === dimensionField.value) value = integerOf(bytes, detail);
    }
    shape.push(value !== null && value < 0 ? null : value);
  }
  checkWithin('axes', shape.length);
  return shape;
}
