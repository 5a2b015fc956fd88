import type { CircularPadding, CircularResampling, MeasureLevel, MeasurePlan } from '../../../equivariance/plan/measure-plan';
import { mapSize } from '../../../equivariance/plan/period';
import { circularRanges } from '../../../equivariance/plan/circular-ranges';
import type { AxisPair, ModelGraph, Operation } from '../../../graph/model-graph';
import { effectiveKernel } from '../../../graph/window';
import { ModelError } from '../../../model-error';
import type { NewWeight } from '../../tfjs/blur-shard';
import { NodeBuilder, windowPadding, type InsertedNode } from '../patch/node-builder';
import type { GraphDef } from '../read/graph-def';
import { tensorName, type GraphNode } from '../read/node';

/** A graph-model for one level of a measurement plan. */
export interface LevelGraph {
  /** Nodes as GraphDef's JSON spells them: the model's own, and ours that wrap and crop. */
  readonly nodes: readonly InsertedNode[];
  /** Names of the model's weights that the nodes read. */
  readonly weights: readonly string[];
  /** Values of our own constants. */
  readonly constants: readonly NewWeight[];
  /** The placeholder that each feed goes to. */
  readonly placeholders: ReadonlyMap<string, string>;
}

const float = 'DT_FLOAT';

/** Starts the names of our own nodes, where no node of the model is called like that. */
const ownPrefix = 'shiftlint_wrap';

/** Cutting a map into blocks only spreads a window, which the level's windows are told themselves. */
const blockOperators: ReadonlySet<string> = new Set(['SpaceToBatchND', 'BatchToSpaceND']);

/**
 * Cuts the levels of a measurement plan out of a graph-model: nodes as they stand in the file, except that window nodes of the
 * plan read a wrapped map and pad nothing themselves. Levels take their feeds as placeholders with an open batch.
 */
export class CircularGraph {
  private readonly nodes: ReadonlyMap<string, GraphNode>;
  private readonly operations: ReadonlyMap<string, Operation>;
  private readonly prefix: string;

  constructor(
    definition: GraphDef,
    private readonly graph: ModelGraph,
    private readonly plan: MeasurePlan,
    private readonly path: string,
  ) {
    this.nodes = new Map(definition.nodes.map((node) => [node.name, node]));
    this.operations = new Map(graph.layers.map(({ name, operation }) => [name, operation]));
    this.prefix = freePrefix(definition.nodes);
  }

  /** @throws ModelError `unsupported` where the level depends on something it is not fed */
  level(index: number): LevelGraph {
    const level = this.plan.levels[index];
    if (level === undefined) throw new Error(`The plan has no level ${index}.`);
    const placeholders = new Map(
      level.feeds.map((tensor) => [tensor, this.inputType(tensor) === float ? tensor.replaceAll(':', '/') : `${this.prefix}/${tensor}`]),
    );
    const selected = this.select(level, new Set(level.feeds));
    const builder = new NodeBuilder(this.prefix);
    for (const [tensor, name] of placeholders) {
      builder.push({ name, op: 'Placeholder', attr: { dtype: { type: float } } });
      if (this.inputType(tensor) !== float)
        builder.push({ name: tensor, op: 'Cast', input: [name], attr: { SrcT: { type: float }, DstT: { type: this.inputType(tensor) } } });
    }
    const read = new Map([...placeholders].filter(([tensor]) => this.inputType(tensor) === float));
    for (const node of selected) this.addNode(builder, node, read);
    const { nodes, weights: constants } = builder.built;
    return { nodes, constants, weights: selected.flatMap(({ name, op }) => (op === 'Const' ? [name] : [])), placeholders };
  }

  /** The level's nodes, and those that compute constants for them. */
  private select(level: MeasureLevel, feeds: ReadonlySet<string>): readonly GraphNode[] {
    const selected = new Map<string, GraphNode>();
    const pending = level.layers.map((layer) => this.require(layer));
    const own = new Set(level.layers);
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (selected.has(node.name)) continue;
      selected.set(node.name, node);
      for (const input of node.inputs) {
        const tensor = tensorName(input.node, input.output);
        if (feeds.has(tensor)) continue;
        const isComputed = this.graph.tensors.has(tensor) && !own.has(input.node);
        if (isComputed) throw this.unsupported(node, `depends on "${tensor}" far from where it is computed`);
        pending.push(this.require(input.node));
      }
    }
    return [...selected.values()];
  }

  /** @param read the placeholders of tensors that nodes read from them directly */
  private addNode(builder: NodeBuilder, node: GraphNode, read: ReadonlyMap<string, string>): void {
    const inputs = node.inputs.map(({ node: from, output }) => read.get(tensorName(from, output)) ?? tensorName(from, output));
    if (this.plan.foldedPads.has(node.name) || blockOperators.has(node.op)) {
      builder.push({ name: node.name, op: 'Identity', input: inputs.slice(0, 1), attr: { T: { type: float } } });
      return;
    }
    const resampling = this.plan.circularResampling.get(node.name);
    const padding = this.plan.circularPadding.get(node.name);
    const operation = this.operations.get(node.name);
    if (resampling !== undefined && operation !== undefined && node.op !== 'DepthToSpace')
      this.addResampling(builder, node, inputs, resampling, operation);
    else if (padding !== undefined && operation !== undefined) this.addWindow(builder, node, inputs, padding, operation);
    else builder.push({ name: node.name, op: node.op, input: inputs, attr: node.attributes });
  }

  private addWindow(
    builder: NodeBuilder,
    node: GraphNode,
    [map = '', ...others]: readonly string[],
    padding: CircularPadding,
    operation: Operation,
  ): void {
    const wrapped = wrap(builder, node, map, this.sizeOf(node, 0), padding);
    const dilation = operation.kind === 'convolution' ? { dilations: NodeBuilder.integers([1, ...operation.window.dilation, 1]) } : {};
    builder.push({
      name: node.name,
      op: node.op,
      input: [wrapped, ...others],
      attr: { ...node.attributes, ...windowPadding, ...dilation },
    });
  }

  /** Runs on the wrapped map, to the size that this gives, and cuts the circular output out of it. */
  private addResampling(
    builder: NodeBuilder,
    node: GraphNode,
    inputs: readonly string[],
    resampling: CircularResampling,
    operation: Operation,
  ): void {
    const isTransposed = operation.kind === 'transposed-convolution';
    const place = isTransposed ? 2 : 0;
    const size = this.sizeOf(node, place);
    const wrapped = wrap(builder, node, inputs[place] ?? '', size, resampling.padding);
    const lengths = ([0, 1] as const).map((axis) => size[axis] + resampling.padding.begin[axis] + resampling.padding.end[axis]);
    const whole = lengths.map((length, axis) => wholeLength(operation, axis, length, (resampling.size[axis] ?? 1) / (size[axis] ?? 1)));
    const full = builder.name(`${node.name}/full`);
    if (isTransposed) {
      const channels = this.graph.tensors.get(node.name)?.shape?.at(-1) ?? 1;
      const shape = builder.batchShape(`${node.name}/shape`, wrapped, [...whole, channels]);
      builder.push({ name: full, op: node.op, input: [shape, inputs[1] ?? '', wrapped], attr: { ...node.attributes, ...windowPadding } });
    } else {
      builder.push({ name: full, op: node.op, input: [wrapped, builder.constant(`${node.name}/size`, [2], whole)], attr: node.attributes });
    }
    builder.slice(`${node.name}/crop`, full, resampling.begin, resampling.size, node.name);
  }

  /** Inputs of the model may be of any type; feeds are float32. */
  private inputType(tensor: string): string {
    const node = this.nodes.get(tensor);
    const dtype = node?.op === 'Placeholder' ? (node.attributes['dtype'] as { readonly type?: unknown } | undefined)?.type : undefined;
    return typeof dtype === 'string' ? dtype : float;
  }

  private sizeOf(node: GraphNode, place: number): AxisPair {
    const input = node.inputs[place];
    const tensor = input === undefined ? '' : tensorName(input.node, input.output);
    return mapSize(this.plan.input.size, this.plan.strides.get(tensor) ?? [1, 1]);
  }

  private require(name: string): GraphNode {
    const node = this.nodes.get(name);
    if (node === undefined) throw new Error(`The plan names a node "${name}" that the model lacks.`);
    return node;
  }

  private unsupported(node: GraphNode, clause: string): ModelError {
    return new ModelError(
      'unsupported',
      `The ${node.op} node "${node.name}" of "${this.path}" ${clause}, which cannot be measured. Export the model with fixed shapes.`,
    );
  }
}

function freePrefix(nodes: readonly GraphNode[]): string {
  let prefix = ownPrefix;
  while (nodes.some(({ name }) => name.startsWith(prefix))) prefix = `${prefix}_`;
  return prefix;
}

function wholeLength(operation: Operation, axis: number, length: number, factor: number): number {
  if (operation.kind !== 'transposed-convolution') return Math.round(length * factor);
  const { window } = operation;
  return (length - 1) * (window.stride[axis] ?? 1) + (effectiveKernel(window)[axis] ?? 1);
}

/** Circular padding (negative: crop) of `[batch, height, width, channels]`, axis by axis. */
function wrap(builder: NodeBuilder, node: GraphNode, map: string, size: AxisPair, { begin, end }: CircularPadding): string {
  let current = map;
  const wrapped: [number, number] = [...size];
  for (const axis of [0, 1] as const) {
    if (begin[axis] === 0 && end[axis] === 0) continue;
    const source = current;
    const parts = circularRanges(size[axis], begin[axis], end[axis]).map((range, index) => {
      if (range.start === 0 && range.end === size[axis]) return source;
      const [first, lengths]: [[number, number], [number, number]] = [[0, 0], [...wrapped]];
      first[axis] = range.start;
      lengths[axis] = range.end - range.start;
      return builder.slice(`${node.name}/axis${axis}_part${index}`, source, first, lengths);
    });
    const [only = source, ...others] = parts;
    current = others.length === 0 ? only : builder.concat(`${node.name}/axis${axis}`, parts, axis + 1);
    wrapped[axis] = size[axis] + begin[axis] + end[axis];
  }
  return current;
}
