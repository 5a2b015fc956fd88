import { encodeAttribute, encodeNode, type AttributeValue, type NodeParts } from '../../../src/core/formats/onnx/wire/write';
import { concatenate } from '../../../src/core/formats/concatenate';
import { encodeField, encodeTextField } from '../../../src/core/formats/onnx/wire/write-fields';

/** A nested graph to write; every list holds encoded messages. */
export interface GraphParts {
  readonly nodes: readonly Uint8Array[];
  readonly inputs?: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
  readonly initializers?: readonly Uint8Array[];
}

/** An attribute that holds a body of If, Loop or Scan. */
export function bodyAttribute(name: string, { nodes, inputs = [], outputs, initializers = [] }: GraphParts): Uint8Array {
  const graph = concatenate([
    ...nodes.map((node) => encodeField(1, node)),
    encodeTextField(2, name),
    ...initializers.map((tensor) => encodeField(5, tensor)),
    ...inputs.map((input) => encodeField(11, input)),
    ...outputs.map((output) => encodeField(12, output)),
  ]);
  return concatenate([encodeTextField(1, name), encodeField(6, graph), Uint8Array.of(0xa0, 1, 5)]);
}

/** An attribute of a function's node that stands for one of the call. */
export function attributeReference(name: string, reference: string, type: number): Uint8Array {
  return concatenate([
    encodeTextField(1, name),
    Uint8Array.of(0xa0, 1, type),
    Uint8Array.of(0xaa, 1, reference.length),
    new TextEncoder().encode(reference),
  ]);
}

/** A model-local function to write. */
export interface FunctionParts {
  readonly name: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: readonly string[];
  readonly defaults?: Readonly<Record<string, AttributeValue>>;
  readonly nodes: readonly Uint8Array[];
  readonly opset?: number;
}

/** Encodes a FunctionProto. */
export function encodeFunction({
  name,
  domain = 'mine',
  inputs,
  outputs,
  attributes = [],
  defaults = {},
  nodes,
  opset = 17,
}: FunctionParts): Uint8Array {
  const imports = [concatenate([Uint8Array.of(0x10, opset)]), concatenate([encodeTextField(1, domain), Uint8Array.of(0x10, 1)])];
  return concatenate([
    encodeTextField(1, name),
    ...inputs.map((input) => encodeTextField(4, input)),
    ...outputs.map((output) => encodeTextField(5, output)),
    ...attributes.map((attribute) => encodeTextField(6, attribute)),
    ...nodes.map((node) => encodeField(7, node)),
    ...imports.map((opsetImport) => encodeField(9, opsetImport)),
    encodeTextField(10, domain),
    ...Object.entries(defaults).map(([attribute, value]) => encodeField(11, encodeAttribute(attribute, value))),
  ]);
}

/** A node by its operator, inputs and outputs, both separated by blanks; `-` stands for an input that is left out. */
export function step(opType: string, inputs: string, outputs: string, more: Partial<NodeParts> = {}): Uint8Array {
  const names = (list: string): string[] => (list === '' ? [] : list.split(' ').map((name) => (name === '-' ? '' : name)));
  return encodeNode({ opType, inputs: names(inputs), outputs: names(outputs), ...more });
}
