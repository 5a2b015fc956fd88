import { markChains } from '../../../graph/activation-chains';
import { withLabels } from '../../../graph/layer-labels';
import { inputShapes } from '../../../graph/layout';
import type { AxisPair, Layer, Layout, ModelGraph, Tensor } from '../../../graph/model-graph';
import { phaseGroup } from '../../../graph/phase-group';
import { neighboursOf, type SliceCut } from '../../../graph/rearrangement';
import { withOtherReaders, type FileRead } from '../../other-readers';
import { tensorFlowModule } from '../../tensor-flow-module';
import type { WeightSlices } from '../../tfjs/weight-slices';
import { userMetadata } from '../../tfjs/user-metadata';
import type { Constant } from '../operators/constant';
import { ControlFlow } from './control-flow';
import { markCroppedBorders } from './cropped-borders';
import type { GraphDef } from './graph-def';
import { inputLayout } from './input-layout';
import { withKernels } from './kernels';
import { constantShape, declaredShape, parseInput, tensorName, type GraphNode } from './node';
import { nodesByName, orderedNodes } from '../patch/node-order';
import type { CropPadding, OperatorCall, OperatorInput, OperatorResult } from '../operators/call';
import { foldNode } from '../operators/folding';
import { applyOperator, axisFlow, callLayout, operatorOf } from '../operators/table';
import { declaredLayout } from '../operators/window';

/** Constants with more entries than this are weights, not arguments; the longest are places along an axis of an image. */
const longestArgument = 4096;

/** What is known of a tensor while the nodes are walked in order. */
type Value = Omit<OperatorInput, 'name'>;

/** The graph of a model, and which weights its tensors pass on. */
export interface ReadGraph {
  readonly graph: ModelGraph;
  /** Name of the weight that a tensor passes on. */
  readonly weightOf: (tensor: string) => string | undefined;
}

/**
 * The graph in the terms of sampling theory: run-time layers with inferred shapes; weights and the arithmetic of shapes are
 * folded away, nodes that no output needs are left out. @param imageSize for images whose size the file leaves open
 * @throws ModelError `malformed`
 */
export async function readGraph(definition: GraphDef, weights: WeightSlices, path: string, imageSize?: AxisPair): Promise<ReadGraph> {
  const byName = nodesByName(definition.nodes, path);
  const outputs = outputsOf(definition);
  const outputNodes = outputs.flatMap((name) => parseInput(name, 0)?.node ?? []);
  const reading = new Reading(definition, byName, layoutOf(definition.nodes), await argumentsOf(definition.nodes, weights), imageSize);
  for (const node of orderedNodes(byName, outputNodes, path)) reading.read(node);
  const { tensors, layout } = reading;
  const bordered = markCroppedBorders(withPhases(reading), neighboursOf(reading.layers, tensors, layout), reading.crops, outputs);
  const chained = markChains(bordered, outputs, (op) => operatorOf({ op })?.joins);
  const layers = withLabels(await withKernels(chained, byName, weights, reading.weightOf));
  const metadata = userMetadata(definition.root);
  const graph: ModelGraph = {
    format: 'tfjs-graph',
    producer: definition.producer,
    ...(metadata && { metadata }),
    layout,
    inputs: inputsOf(definition, reading.inputs),
    outputs: outputs.filter((name) => tensors.has(name)),
    layers,
    tensors: withOtherReaders(tensors, layers, fileReads(definition)),
  };
  return { graph, weightOf: reading.weightOf };
}

/** What the nodes of the file read, those that only compute with shapes and those that no output needs included. */
function* fileReads({ nodes }: GraphDef): Generator<FileRead> {
  for (const { name, inputs } of nodes) {
    for (const { node, output } of inputs) yield { node: name, tensor: tensorName(node, output) };
  }
}

class Reading {
  readonly layers: Layer[] = [];
  readonly tensors = new Map<string, Tensor>();
  readonly inputs: string[] = [];
  readonly cuts = new Map<string, SliceCut>();
  readonly crops = new Map<string, CropPadding>();
  private readonly values = new Map<string, Value>();
  private readonly controlFlow: ControlFlow;
  private readonly readOutputs: ReadonlyMap<string, number>;

  constructor(
    private readonly definition: GraphDef,
    byName: ReadonlyMap<string, GraphNode>,
    readonly layout: Layout,
    private readonly constants: ReadonlyMap<string, Constant>,
    private readonly imageSize: AxisPair | undefined,
  ) {
    this.controlFlow = new ControlFlow(byName);
    this.readOutputs = outputCounts(definition);
  }

  /** Name of the weight that a tensor passes on. */
  readonly weightOf = (tensor: string): string | undefined => this.values.get(tensor)?.constant?.weight;

  read(node: GraphNode): void {
    const constant = this.constants.get(node.name);
    if (constant !== undefined) {
      this.values.set(node.name, { shape: constant.shape, layout: this.layout, constant });
      return;
    }
    if (node.op === 'Placeholder') {
      this.addInput(node);
      return;
    }
    const call = this.call(node);
    const result = applyOperator(call);
    const seal = this.controlFlow.seal(node);
    const isConstant = call.inputs.length > 0 && call.inputs.every((input) => input.constant !== undefined);
    const outputs = Array.from({ length: this.readOutputs.get(node.name) ?? 1 }, (_, output) => tensorName(node.name, output));
    if (isConstant || operatorOf(node)?.readsOnlyShape === true) {
      for (const [output, name] of outputs.entries()) this.fold(call, result, name, output);
      return;
    }
    for (const [output, name] of outputs.entries()) this.write(call, result, name, output);
    if (result.cut !== undefined) this.cuts.set(node.name, result.cut);
    if (result.crop !== undefined) this.crops.set(node.name, result.crop);
    const flow = axisFlow(call, result);
    const module = tensorFlowModule(node.name);
    this.layers.push({
      name: node.name,
      op: node.op,
      operation: result.operation,
      inputs: call.inputs.flatMap((input) => (input.constant === undefined ? [input.name] : [])),
      outputs,
      ...(seal !== undefined && { sealed: seal }),
      ...(module !== undefined && { module }),
      ...(flow !== undefined && { axisFlow: flow }),
    });
  }

  private addInput(node: GraphNode): void {
    const layout = inputLayout(this.definition.nodes, this.constants, node.name) ?? this.layout;
    const shapes = inputShapes(declaredShape(node), layout, this.imageSize);
    this.values.set(node.name, { shape: shapes.shape, layout });
    this.inputs.push(node.name);
    this.note(node.name, { ...shapes, layout });
  }

  private call(node: GraphNode): OperatorCall {
    const inputs = node.inputs.map((input): OperatorInput => {
      const name = tensorName(input.node, input.output);
      return { name, ...(this.values.get(name) ?? { shape: undefined, layout: this.layout }) };
    });
    const block = inputs.find((input) => input.block !== undefined)?.block;
    return { node, inputs, layout: callLayout({ node }, inputs, this.layout), ...(block !== undefined && { block }) };
  }

  private fold(call: OperatorCall, result: OperatorResult, name: string, output: number): void {
    const constant = foldNode(call, result.shapes[output], output);
    this.values.set(name, { shape: constant.shape, layout: call.layout, constant });
  }

  private write(call: OperatorCall, result: OperatorResult, name: string, output: number): void {
    const layout = result.layout ?? call.layout;
    const block = result.block === null ? undefined : (result.block ?? call.block);
    const shape = result.shapes[output];
    this.values.set(name, { shape, layout, ...(block !== undefined && { block }) });
    this.note(name, { shape, layout });
  }

  private note(name: string, { shape, declared, layout }: Value & Pick<Tensor, 'declared'>): void {
    const isElsewhere = layout !== this.layout && (shape === undefined || shape.length > 2);
    this.tensors.set(name, { name, shape, ...(declared && { declared }), ...(isElsewhere && { layout }) });
  }
}

/** How many outputs of each node are read; the first always counts. */
function outputCounts({ nodes, signature }: GraphDef): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const named = (signature?.outputs ?? []).flatMap((name) => parseInput(name, 0) ?? []);
  for (const { node, output } of [...nodes.flatMap(({ inputs }) => inputs), ...named]) {
    // A node with more outputs than this is none of an image model; the number comes from the file.
    if (output < 4096) counts.set(node, Math.max(counts.get(node) ?? 1, output + 1));
  }
  return counts;
}

/** Weights by name; the values of those that are arguments: axes, shapes, amounts. */
async function argumentsOf(nodes: readonly GraphNode[], weights: WeightSlices): Promise<ReadonlyMap<string, Constant>> {
  const constants = new Map<string, Constant>();
  for (const node of nodes) {
    if (node.op !== 'Const') continue;
    const weight = weights(node.name);
    const shape = weight?.shape ?? constantShape(node);
    const count = shape?.reduce<number>((product, length) => product * (length ?? Number.NaN), 1) ?? Number.NaN;
    constants.set(node.name, {
      shape,
      weight: node.name,
      ...(count === 0 && { values: [] }),
      ...(weight?.dtype === 'int32' && !weight.isMissing && count <= longestArgument && { values: await weight.read(0, count) }),
    });
  }
  return constants;
}

/** The layout that the first window operator names; TensorFlow's own where none does. */
function layoutOf(nodes: readonly GraphNode[]): Layout {
  return nodes.map(declaredLayout).find((layout) => layout !== undefined) ?? 'channels-last';
}

/** The tensors that the signature names, else those of placeholders in file order. */
function inputsOf({ signature }: GraphDef, found: readonly string[]): readonly string[] {
  const named = (signature?.inputs ?? []).filter((name) => found.includes(name));
  return [...named, ...found.filter((name) => !named.includes(name))];
}

/** The tensors that the signature names, else those that nothing reads. */
function outputsOf({ nodes, signature }: GraphDef): readonly string[] {
  if (signature !== undefined && signature.outputs.length > 0) return [...new Set(signature.outputs)];
  const read = new Set(nodes.flatMap(({ inputs }) => inputs.map(({ node }) => node)));
  return nodes.filter(({ name, op }) => op !== 'Const' && !read.has(name)).map(({ name }) => name);
}

/** Strided slices that together take every phase of a map and are joined at their channels: a space-to-depth. */
function withPhases({ layers, tensors, layout, cuts }: Reading): readonly Layer[] {
  const neighbours = neighboursOf(layers, tensors, layout);
  const changes = new Map<string, Pick<Layer, 'operation' | 'stepOf'>>();
  for (const layer of layers) {
    const found = layer.op === 'ConcatV2' ? phaseGroup(neighbours, cuts, layer) : undefined;
    if (found === undefined) continue;
    changes.set(found.last.name, { operation: found.operation });
    for (const step of found.steps) changes.set(step.name, { operation: found.stepOperation, stepOf: found.last.name });
  }
  return layers.map((layer) => ({ ...layer, ...changes.get(layer.name) }));
}
