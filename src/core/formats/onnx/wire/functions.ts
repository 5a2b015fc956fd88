import { functionField } from './schema';
import type { OnnxAttribute, OnnxFunction, OnnxNode, OnnxOpset, OnnxValueInfo } from './structure';
import { messageFields, textOf, type WireField } from './wire';

/** Decoders of the messages that a function is made of. */
export interface FunctionParts {
  node(bytes: Uint8Array, field: WireField): OnnxNode;
  attribute(bytes: Uint8Array, field: WireField): OnnxAttribute;
  valueInfo(bytes: Uint8Array, field: WireField): OnnxValueInfo;
  opset(bytes: Uint8Array, field: WireField): OnnxOpset;
}

/** Decodes a FunctionProto. @throws WireError */
export function readFunction(bytes: Uint8Array, field: WireField, parts: FunctionParts): OnnxFunction {
  let [name, domain, overload] = ['', '', ''];
  let opsetVersion: number | undefined;
  const inputs: string[] = [];
  const outputs: string[] = [];
  const nodes: OnnxNode[] = [];
  const defaults = new Map<string, OnnxAttribute>();
  const valueInfo: OnnxValueInfo[] = [];
  for (const part of messageFields(bytes, field.value)) {
    if (part.number === functionField.name) name = textOf(bytes, part);
    else if (part.number === functionField.domain) domain = textOf(bytes, part);
    else if (part.number === functionField.overload) overload = textOf(bytes, part);
    else if (part.number === functionField.input) inputs.push(textOf(bytes, part));
    else if (part.number === functionField.output) outputs.push(textOf(bytes, part));
    else if (part.number === functionField.node) nodes.push(parts.node(bytes, part));
    else if (part.number === functionField.valueInfo) valueInfo.push(parts.valueInfo(bytes, part));
    else if (part.number === functionField.attributeDefault) {
      const attribute = parts.attribute(bytes, part);
      defaults.set(attribute.name, attribute);
    } else if (part.number === functionField.opsetImport) {
      const opset = parts.opset(bytes, part);
      if (opset.domain === '') opsetVersion = opset.version;
    }
  }
  return { name, domain: domain === 'ai.onnx' ? '' : domain, overload, inputs, outputs, nodes, opsetVersion, defaults, valueInfo };
}

/** What tells functions apart: their domain, name and overload. */
export function functionKey(call: { readonly domain: string; readonly overload?: string }, name: string): string {
  return `${call.domain}:${name}:${call.overload ?? ''}`;
}

/** Functions by their key. */
export function functionTable(functions: readonly OnnxFunction[]): ReadonlyMap<string, OnnxFunction> {
  return new Map(functions.map((definition) => [functionKey(definition, definition.name), definition]));
}

/** The function that a node calls; undefined where it is an operator. */
export function calledFunction(functions: ReadonlyMap<string, OnnxFunction>, node: OnnxNode): OnnxFunction | undefined {
  return functions.get(functionKey(node, node.opType));
}
