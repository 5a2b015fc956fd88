import { markChains } from '../../../graph/activation-chains';
import { inputShapes } from '../../../graph/layout';
import { withLabels } from '../../../graph/layer-labels';
import type { AxisPair, ModelGraph, Tensor } from '../../../graph/model-graph';
import { limits } from '../../../limits';
import type { Constant } from '../operators/constants';
import { withOtherReaders, type FileRead } from '../../other-readers';
import { capturedNames } from './captured-names';
import { declaredTensors, initialConstants, UniqueNames, type Reading, type Scope } from './graph-scope';
import { withElementTypes } from './element-types';
import { channelsLastInputs } from './input-layout';
import { layerNames } from './layer-names';
import { operatorOf } from '../operators/table';
import type { OnnxGraph, OnnxModel } from '../wire/proto';
import { markRearrangements } from './rearrangements';
import { readingOrder } from './node-order';
import { readNodes } from './read-nodes';

/** Calls of functions add at most this many nodes to a graph; what goes beyond stays opaque. */
const inlinedNodeLimit = 50_000;

/**
 * The graph in the terms of sampling theory: run-time layers with inferred shapes; weights, constants and shape arithmetic
 * are folded away. Bodies of control flow and of functions are read too, their layers sealed. @param path shown in messages
 * @param imageSize for images whose size the file leaves open
 * @throws ModelError `malformed` where a node reads what no earlier node writes (a cycle, a wrong order, a missing weight)
 */
export function readGraph(model: OnnxModel, path: string, imageSize?: AxisPair): ModelGraph {
  const { graph } = model;
  const constants = initialConstants(graph);
  const inputs = graph.inputs.filter((input) => !constants.has(input.name));
  const lastInputs = channelsLastInputs(graph);
  const tensors = new Map(
    inputs.map(({ name, shape }): [string, Tensor] => {
      const layout = lastInputs.has(name) ? 'channels-last' : 'channels-first';
      return [name, { name, ...inputShapes(shape, layout, imageSize), ...(layout === 'channels-last' && { layout }) }];
    }),
  );
  const names = layerNames(graph);
  const reading: Reading = {
    model,
    readNodes,
    path,
    layers: [],
    tensors,
    layerNames: new UniqueNames(names),
    tensorNames: new UniqueNames([...constants.keys(), ...tensors.keys(), ...graph.nodes.flatMap((node) => node.outputs)]),
    slices: new Map(),
    orders: new Map(),
    budget: Math.min(inlinedNodeLimit, limits.nodes.most - model.nodeCount),
  };
  const scope: Scope = {
    values: new Map<string, Constant | string>([...constants, ...inputs.map(({ name }) => [name, name] as const)]),
    declared: declaredTensors([...graph.valueInfo, ...graph.outputs]),
    opset: model.opsetVersion,
    prefix: '',
    exports: new Map(),
  };
  const order = readingOrder(graph);
  const ordered = order.flatMap((index) => graph.nodes[index] ?? []);
  readNodes(reading, scope, ordered, (place) => names[order[place] ?? place] ?? '');
  const outputs = graph.outputs.map((output) => output.name);
  const chained = markChains(markRearrangements(reading), outputs, (opType) => operatorOf({ opType, domain: '' })?.joins);
  const layers = withLabels(chained);
  return {
    format: 'onnx',
    producer: [model.producerName, model.producerVersion].filter((part) => part !== '').join(' '),
    metadata: model.metadata,
    layout: 'channels-first',
    inputs: inputs.map((input) => input.name),
    outputs,
    layers,
    tensors: withOtherReaders(withElementTypes(tensors, model), layers, fileReads(graph, names)),
  };
}

/** What the nodes of the main graph read, those that only compute with shapes and those that run graphs of their own included. */
function* fileReads({ nodes }: OnnxGraph, names: readonly string[]): Generator<FileRead> {
  for (const [index, node] of nodes.entries()) {
    for (const tensor of [...node.inputs, ...capturedNames(node)]) yield { node: names[index] ?? '', tensor };
  }
}
