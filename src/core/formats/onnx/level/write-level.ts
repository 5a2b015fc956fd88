import type { MeasureLevel, MeasurePlan } from '../../../equivariance/plan/measure-plan';
import { mapSize } from '../../../equivariance/plan/period';
import type { AxisPair, ModelGraph } from '../../../graph/model-graph';
import { ModelError } from '../../../model-error';
import { circularResample } from './circular-resample';
import { circularWrap } from './circular-wrap';
import { deinterleave, interleave, interleavedImages, interleaveGrid } from './interleave';
import { layerNames } from '../read/layer-names';
import { capturedNames } from '../read/read-graph';
import type { OnnxModel, OnnxNode } from '../wire/proto';
import { elementType } from '../wire/schema';
import { encodeModel, encodeNode, encodeValueInfo } from '../wire/write';

/** An ONNX file for one level of a measurement plan. */
export interface LevelModel {
  readonly bytes: Uint8Array;
  /** The inputs that feeds go to, float32 all of them: what the model takes as another type is cast. */
  readonly feedNames: ReadonlyMap<string, string>;
  /** Files beside the model that hold weights of this level. */
  readonly externalLocations: readonly string[];
  /** The batch has to be a multiple of this; 1 but where images are woven together. */
  readonly batchUnit: number;
}

/** Reshape takes the shape as an input from this operator set on. */
const reshapeByInput = 5;
/** From this version of the format on, initializers need not be inputs, and runtimes fold them as constants. */
const initializersAreConstant = 4;
/** Attributes of window operators that the explicit wrap replaces. */
const paddingAttributes: ReadonlySet<string> = new Set(['pads', 'auto_pad', 'ceil_mode']);
/** Starts the names of our own tensors. */
const prefix = 'shiftlint/wrap';
const protobufLimit = 2 ** 31 - 1;

/**
 * Cuts the levels of a measurement plan out of an ONNX model: nodes and weights as they stand in the file, except that
 * window nodes of the plan read a wrapped map and pad nothing themselves. Levels take their feeds as inputs with an open
 * batch and give their fetches as outputs.
 */
export class CircularOnnx {
  private readonly nodesByLayer: ReadonlyMap<string, { readonly node: OnnxNode; readonly index: number }>;
  private readonly producers = new Map<string, number>();

  /** @throws ModelError `unsupported`, `too-large` */
  constructor(
    private readonly model: OnnxModel,
    private readonly graph: ModelGraph,
    private readonly plan: MeasurePlan,
    private readonly path: string,
  ) {
    if (model.layout.fileSize > protobufLimit) {
      throw new ModelError('too-large', `"${path}" is larger than 2 GB, more than a runtime loads from memory.`);
    }
    for (const { tensor } of plan.input.images) {
      if (this.inputType(tensor) === elementType.float) continue;
      throw new ModelError(
        'unsupported',
        `The input "${tensor}" of "${path}" is not float32. Heatmaps are measured for float32 models: export one.`,
      );
    }
    const names = layerNames(model.graph);
    this.nodesByLayer = new Map(model.graph.nodes.map((node, index) => [names[index] ?? node.name, { node, index }]));
    for (const [index, node] of model.graph.nodes.entries()) {
      for (const output of node.outputs) this.producers.set(output, index);
    }
  }

  /**
   * @param forLargeBatches weaves the images of small maps together, which runs faster but only on whole grids of images
   * @throws ModelError `unsupported` where the level depends on something it is not fed
   */
  level(index: number, forLargeBatches = false): LevelModel {
    let batchUnit = 1;
    const level = this.plan.levels[index];
    if (level === undefined) throw new Error(`The plan has no level ${index}.`);
    const selection = this.select(level);
    const feedNames = new Map(
      level.feeds.map((tensor) => [tensor, this.inputType(tensor) === elementType.float ? tensor : `${prefix}/${tensor}`]),
    );
    const nodes = [...feedNames].flatMap(([tensor, name]) =>
      name === tensor
        ? []
        : [encodeNode({ opType: 'Cast', inputs: [name], outputs: [tensor], attributes: { to: { int: this.inputType(tensor) } } })],
    );
    const initializers = this.model.graph.initializers.filter((tensor) => selection.initializers.has(tensor.name));
    const constants: Uint8Array[] = initializers.map((tensor) => tensor.message);
    const layerOf = new Map(level.layers.map((layer) => [this.requireNode(layer).index, layer]));
    for (const nodeIndex of [...selection.nodes].sort((a, b) => a - b)) {
      const node = this.model.graph.nodes[nodeIndex];
      if (node === undefined) continue;
      const layer = layerOf.get(nodeIndex);
      const grid = forLargeBatches ? this.weavingGrid(node, layer) : undefined;
      const parts = grid === undefined ? this.circularNode(node, layer) : this.wovenConvolution(node, layer ?? '', grid);
      if (grid !== undefined) batchUnit = Math.max(batchUnit, interleavedImages(grid));
      nodes.push(...parts.nodes);
      constants.push(...parts.initializers);
    }
    const bytes = encodeModel({
      irVersion: Math.max(this.model.irVersion, initializersAreConstant),
      producerName: 'shiftlint',
      opsets: { '': this.model.opsetVersion, ...Object.fromEntries(this.model.opsets.map(({ domain, version }) => [domain, version])) },
      nodes,
      initializers: constants,
      inputs: [...feedNames].map(([tensor, name]) => encodeValueInfo(name, elementType.float, this.feedShape(tensor))),
      outputs: level.fetches.map((tensor) => encodeValueInfo(tensor, this.outputType(tensor))),
    });
    return {
      bytes,
      batchUnit,
      feedNames,
      externalLocations: [...new Set(initializers.flatMap((tensor) => tensor.external?.get('location') ?? []))],
    };
  }

  /** The level's nodes, the nodes that compute constants for them, and the weights all these read. */
  private select(level: MeasureLevel): { readonly nodes: ReadonlySet<number>; readonly initializers: ReadonlySet<string> } {
    const weights = new Set(this.model.graph.initializers.map((tensor) => tensor.name));
    const sparse = new Set(this.model.graph.sparseInitializers.map((tensor) => tensor.name));
    const feeds = new Set(level.feeds);
    const nodes = new Set(level.layers.map((layer) => this.requireNode(layer).index));
    const initializers = new Set<string>();
    const pending = [...nodes];
    for (let nodeIndex = pending.pop(); nodeIndex !== undefined; nodeIndex = pending.pop()) {
      const node = this.model.graph.nodes[nodeIndex];
      if (node === undefined) continue;
      for (const name of [...node.inputs, ...capturedNames(node)]) {
        if (feeds.has(name)) continue;
        if (weights.has(name)) initializers.add(name);
        if (sparse.has(name)) throw this.unsupported(node, `reads the sparse weight "${name}"`);
        const producer = this.producers.get(name);
        if (producer === undefined || nodes.has(producer)) continue;
        if (this.graph.tensors.has(name)) throw this.unsupported(node, `depends on the shape of "${name}" far from where it is computed`);
        nodes.add(producer);
        pending.push(producer);
      }
      if (this.plan.input.images.some(({ tensor }) => node.inputs.includes(tensor) && !feeds.has(tensor))) {
        throw this.unsupported(node, 'depends on the shape of the input image far from where it is read');
      }
    }
    return { nodes, initializers };
  }

  private circularNode(node: OnnxNode, layer: string | undefined): { nodes: readonly Uint8Array[]; initializers: readonly Uint8Array[] } {
    const [input = '', ...weights] = node.inputs;
    if (layer !== undefined && this.plan.foldedPads.has(layer)) {
      return { nodes: [encodeNode({ opType: 'Identity', inputs: [input], outputs: node.outputs })], initializers: [] };
    }
    const resampling = layer === undefined ? undefined : this.plan.circularResampling.get(layer);
    const operation = this.graph.layers.find(({ name }) => name === layer)?.operation;
    if (resampling !== undefined && operation !== undefined) {
      const parts = {
        node,
        operation,
        resampling,
        size: this.mapSize(input),
        opset: this.model.opsetVersion,
        isSignal: this.plan.input.isSignal,
        prefix: `${prefix}/${node.outputs[0] ?? ''}`,
      };
      return circularResample(parts) ?? { nodes: [node.message], initializers: [] };
    }
    const padding = layer === undefined ? undefined : this.plan.circularPadding.get(layer);
    if (padding === undefined) return { nodes: [node.message], initializers: [] };
    const wrap = circularWrap(
      input,
      this.mapSize(input),
      padding,
      this.model.opsetVersion,
      `${prefix}/${node.outputs[0] ?? ''}`,
      this.plan.input.isSignal,
    );
    const window = encodeNode({
      name: node.name,
      opType: node.opType,
      domain: node.domain,
      inputs: [wrap.output, ...weights],
      outputs: node.outputs,
      verbatimAttributes: [...node.attributes.values()].filter(({ name }) => !paddingAttributes.has(name)).map(({ message }) => message),
    });
    return { nodes: [...wrap.nodes, window], initializers: wrap.initializers };
  }

  /** Set for convolutions whose maps are so small that several images run faster as one map. */
  private weavingGrid(node: OnnxNode, layer: string | undefined): AxisPair | undefined {
    const operation = this.graph.layers.find(({ name }) => name === layer)?.operation;
    if (this.plan.input.isSignal || node.opType !== 'Conv' || operation?.kind !== 'convolution' || this.model.opsetVersion < reshapeByInput)
      return undefined;
    const { kernel, stride } = operation.window;
    if (
      operation.groups !== 1 ||
      !this.plan.circularPadding.has(layer ?? '') ||
      stride.some((step) => step !== 1) ||
      kernel.every((length) => length === 1)
    )
      return undefined;
    const channels = [node.inputs[0], node.outputs[0]].map((tensor) => this.channels(tensor ?? ''));
    return channels.includes(undefined) ? undefined : interleaveGrid(this.mapSize(node.inputs[0] ?? ''));
  }

  /** The convolution on woven maps: everything along the image axes is `grid` times as far apart. */
  private wovenConvolution(
    node: OnnxNode,
    layer: string,
    grid: AxisPair,
  ): { nodes: readonly Uint8Array[]; initializers: readonly Uint8Array[] } {
    const [input = '', ...weights] = node.inputs;
    const [output = ''] = node.outputs;
    const ours = `${prefix}/${output}`;
    const operation = this.graph.layers.find(({ name }) => name === layer)?.operation;
    const dilation = operation?.kind === 'convolution' ? operation.window.dilation : [1, 1];
    const padding = this.plan.circularPadding.get(layer) ?? { begin: [0, 0], end: [0, 0] };
    const apart = ([y, x]: AxisPair): AxisPair => [y * grid[0], x * grid[1]];
    const size = this.mapSize(input);
    const woven = interleave(input, this.channels(input) ?? 0, size, grid, `${ours}/weave`);
    const wrap = circularWrap(
      woven.output,
      apart(size),
      { begin: apart(padding.begin), end: apart(padding.end) },
      this.model.opsetVersion,
      ours,
    );
    const window = encodeNode({
      name: node.name,
      opType: node.opType,
      inputs: [wrap.output, ...weights],
      outputs: [`${ours}/woven`],
      verbatimAttributes: [...node.attributes.values()]
        .filter(({ name }) => !paddingAttributes.has(name) && name !== 'dilations')
        .map(({ message }) => message),
      attributes: { dilations: { ints: apart([dilation[0] ?? 1, dilation[1] ?? 1]) } },
    });
    const parted = deinterleave(`${ours}/woven`, this.channels(output) ?? 0, this.mapSize(output), grid, output, `${ours}/unweave`);
    return {
      nodes: [...woven.nodes, ...wrap.nodes, window, ...parted.nodes],
      initializers: [...woven.initializers, ...wrap.initializers, ...parted.initializers],
    };
  }

  private channels(tensor: string): number | undefined {
    return this.graph.tensors.get(tensor)?.shape?.[1] ?? undefined;
  }

  private mapSize(tensor: string): AxisPair {
    const [height, width] = this.plan.input.size;
    return mapSize([height, width], this.plan.strides.get(tensor) ?? [1, 1]);
  }

  private feedShape(tensor: string): readonly (number | string | null)[] | undefined {
    const shape = this.graph.tensors.get(tensor)?.shape;
    if (shape?.length !== 4 || !this.plan.strides.has(tensor)) return shape?.map((_, axis) => (axis === 0 ? 'batch' : null));
    const [height, width] = this.mapSize(tensor);
    return ['batch', shape[1] ?? null, ...(this.plan.input.isSignal ? [] : [height]), width];
  }

  /** Inputs of the model may be of any type; feature maps are float32. */
  private inputType(tensor: string): number {
    return this.model.graph.inputs.find((input) => input.name === tensor)?.elementType ?? elementType.float;
  }

  /** Outputs of the model may be of any type; feature maps are float32. */
  private outputType(tensor: string): number {
    return this.model.graph.outputs.find((output) => output.name === tensor)?.elementType ?? elementType.float;
  }

  private requireNode(layer: string): { readonly node: OnnxNode; readonly index: number } {
    const found = this.nodesByLayer.get(layer);
    if (found === undefined) throw new Error(`The plan names layer ${layer}, which the model does not have.`);
    return found;
  }

  private unsupported(node: OnnxNode, clause: string): ModelError {
    const name = node.name || node.outputs[0] || node.opType;
    return new ModelError(
      'unsupported',
      `The ${node.opType} node "${name}" of "${this.path}" ${clause}, which cannot be measured. Export the model with fixed shapes.`,
    );
  }
}
