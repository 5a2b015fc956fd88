import type { Dimension, Layer, ModelGraph, Shape, Tensor } from '../../graph/model-graph';
import { ModelError } from '../format';
import type { Constant } from './constants';
import { foldNode, readsOnlyShape } from './folding';
import { layerNames } from './layer-names';
import type { OperatorCall, OperatorInput } from './operators/call';
import { applyOperator } from './operators/table';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxValueInfo } from './proto';
import { elementType } from './schema';

/** What is known while walking the nodes in order: constants and run-time tensors are disjoint. */
interface Knowledge {
  readonly constants: Map<string, Constant>;
  readonly tensors: Map<string, Tensor>;
  readonly declared: ReadonlyMap<string, OnnxValueInfo>;
}

/**
 * The graph in the terms of sampling theory: run-time layers with inferred shapes; weights, constants and shape arithmetic
 * are folded away. @param path shown in messages
 * @throws ModelError `malformed` where a node reads what no earlier node writes (a cycle, a wrong order, a missing weight)
 */
export function readGraph(model: OnnxModel, path: string): ModelGraph {
  const { graph } = model;
  const knowledge: Knowledge = { constants: initialConstants(graph), tensors: new Map(), declared: declaredTensors(graph) };
  const inputs = graph.inputs.filter((input) => !knowledge.constants.has(input.name));
  for (const input of inputs) knowledge.tensors.set(input.name, { name: input.name, shape: input.shape });
  const names = layerNames(graph);
  const layers: Layer[] = [];
  for (const [index, node] of graph.nodes.entries()) {
    const name = names[index] ?? node.name;
    const layer = readNode(model, node, name, knowledge, path);
    if (layer !== undefined) layers.push(layer);
  }
  return {
    format: 'onnx',
    producer: [model.producerName, model.producerVersion].filter((part) => part !== '').join(' '),
    layout: 'channels-first',
    inputs: inputs.map((input) => input.name),
    outputs: graph.outputs.map((output) => output.name),
    layers,
    tensors: knowledge.tensors,
  };
}

function initialConstants(graph: OnnxGraph): Map<string, Constant> {
  const integers: readonly number[] = [elementType.int64, elementType.int32];
  const constants = new Map<string, Constant>();
  for (const tensor of graph.initializers) {
    constants.set(tensor.name, { shape: tensor.dims, tensor, integer: integers.includes(tensor.dataType) });
  }
  for (const tensor of graph.sparseInitializers) constants.set(tensor.name, { shape: undefined, integer: false });
  return constants;
}

function declaredTensors(graph: OnnxGraph): Map<string, OnnxValueInfo> {
  return new Map([...graph.valueInfo, ...graph.outputs].map((info) => [info.name, info]));
}

/** Notes what the node writes; answers with its layer, or nothing where the node only computes constants. */
function readNode(model: OnnxModel, node: OnnxNode, name: string, knowledge: Knowledge, path: string): Layer | undefined {
  const inputs = node.inputs.map((input) => (input === '' ? undefined : lookUp(input, node, name, knowledge, path)));
  const captured = capturedNames(node).filter((tensor) => knowledge.tensors.has(tensor));
  for (const output of node.outputs) requireNew(output, name, knowledge, path);
  const call: OperatorCall = { node, opset: model.opsetVersion, inputs };
  const result = applyOperator(call, model.functions);
  const isConstant = inputs.every((input) => input === undefined || input.constant !== undefined) && captured.length === 0;
  if ((node.domain === '' && readsOnlyShape(node.opType)) || (isConstant && !isSource(node))) {
    for (const [index, output] of node.outputs.entries()) {
      knowledge.constants.set(output, index === 0 ? foldNode(call, result.shapes[0]) : { shape: result.shapes[index], integer: false });
    }
    return undefined;
  }
  for (const [index, output] of node.outputs.entries()) {
    if (output === '') continue;
    knowledge.tensors.set(output, { name: output, shape: mergeShapes(result.shapes[index], knowledge.declared.get(output)?.shape) });
  }
  const data = inputs.flatMap((input) => (input !== undefined && input.constant === undefined ? [input.name] : []));
  return {
    name,
    op: node.opType,
    operation: result.operation,
    inputs: [...data, ...captured],
    outputs: node.outputs.filter((output) => output !== ''),
  };
}

/** Generators of noise, and operators we do not know, yield values of their own even without a run-time input. */
function isSource(node: OnnxNode): boolean {
  if (node.domain !== '') return node.inputs.length === 0;
  return node.opType.startsWith('Random') || node.opType === 'Multinomial' || node.opType === 'Bernoulli';
}

function lookUp(input: string, node: OnnxNode, layer: string, knowledge: Knowledge, path: string): OperatorInput {
  const constant = knowledge.constants.get(input);
  if (constant !== undefined) return { name: input, shape: constant.shape, constant };
  const tensor = knowledge.tensors.get(input);
  if (tensor !== undefined) return { name: input, shape: tensor.shape };
  throw new ModelError(
    'malformed',
    `"${path}" is not a valid ONNX model: its ${node.opType} node "${layer}" reads "${input}", which no earlier node, input or weight provides. Export the model again.`,
  );
}

function requireNew(output: string, layer: string, knowledge: Knowledge, path: string): void {
  if (output === '' || !(knowledge.tensors.has(output) || knowledge.constants.has(output))) return;
  throw new ModelError(
    'malformed',
    `"${path}" is not a valid ONNX model: its node "${layer}" writes "${output}", which is written before. Export the model again.`,
  );
}

/** Names that the bodies of If, Loop and Scan read; those of the outer graph are among them. */
export function capturedNames(node: OnnxNode): string[] {
  const names = new Set<string>();
  const collect = (graph: OnnxGraph): void => {
    for (const output of graph.outputs) names.add(output.name);
    for (const inner of graph.nodes) {
      for (const input of inner.inputs) names.add(input);
      for (const attribute of inner.attributes.values()) attribute.graphs.forEach(collect);
    }
  };
  for (const attribute of node.attributes.values()) attribute.graphs.forEach(collect);
  return [...names].filter((name) => !node.inputs.includes(name));
}

/** Our inference first; what the file declares fills the gaps. */
function mergeShapes(inferred: Shape, declared: Shape): Shape {
  if (inferred === undefined) return declared;
  if (declared?.length !== inferred.length) return inferred;
  return inferred.map((length, axis): Dimension => length ?? declared[axis] ?? null);
}
