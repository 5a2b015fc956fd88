import type { Layer, Layout, ModelGraph, Operation, SharedKernel, Tensor } from '../../graph/model-graph';
import { ModelError, type ModelSource } from '../format';
import { isJsonArray, type JsonObject } from './json';
import { layoutOf } from './layer-config';
import { buildLayer, type BuiltLayer } from './layer-table';
import { modelClasses, parseTopology, decodeText, type KerasLayer, type KerasTopology, type TensorReference } from './topology';
import { checkShards, parseManifest, readWeight, type WeightGroup } from './weights';

/** Widest kernel that is looked at as a possible BlurPool; larger depthwise layers are learned. */
const widestBlur = 7;

/** Reads a layers-model: topology and shapes from the JSON, from the shards only kernels that may be a fixed blur. @throws ModelError */
export async function readLayersModel(source: ModelSource): Promise<ModelGraph> {
  const topology = parseTopology(decodeText(source.bytes, source.path), source.path);
  const groups = parseManifest(topology.weightsManifest, source.path);
  await checkShards(groups, source);
  const layout = modelLayout(topology.layers);
  const calls = topologicalOrder(callsOf(topology), source.path);
  const tensors = new Map<string, Tensor>();
  const layers: Layer[] = [];
  const inputs: string[] = [];
  for (const call of calls) {
    const { layer, tensor, reads } = call;
    const shapes = reads.map((name) => tensors.get(name)?.shape);
    const built = build(layer, reads.length === 0 ? [declaredInput(layer.config)] : shapes, layout);
    tensors.set(tensor, { name: tensor, shape: built.shape });
    if (layer.className === 'InputLayer') {
      inputs.push(tensor);
      continue;
    }
    const first = reads.length === 0 ? implicitInput(layer, tensors) : undefined;
    if (first !== undefined) inputs.push(first);
    layers.push({
      name: tensor,
      op: layer.className,
      operation: await withSharedKernel(layer, built.operation, groups, source),
      inputs: first === undefined ? reads : [first],
      outputs: [tensor],
      calls: Math.max(1, layer.calls.length),
    });
  }
  const outputs = topology.kind === 'sequential' ? calls.slice(-1).map(({ tensor }) => tensor) : topology.outputs.map(tensorName);
  return {
    format: 'tfjs-layers',
    producer: topology.producer,
    layout,
    inputs,
    outputs,
    layers,
    tensors,
    weightFiles: groups.flatMap(({ paths }) => paths),
  };
}

/** Name of the tensor that a call gives: the layer's own for its first call. */
export function tensorName({ layer, call }: Pick<TensorReference, 'layer' | 'call'>): string {
  return call === 0 ? layer : `${layer} (call ${call + 1})`;
}

interface Call {
  readonly layer: KerasLayer;
  readonly tensor: string;
  readonly reads: readonly string[];
}

function callsOf({ layers }: KerasTopology): readonly Call[] {
  return layers.flatMap((layer) => {
    const calls = layer.calls.length === 0 ? [[]] : layer.calls;
    return calls.map((reads, call) => ({ layer, tensor: tensorName({ layer: layer.name, call }), reads: reads.map(tensorName) }));
  });
}

/** Files need not list layers in order. @throws ModelError `malformed` on a cycle or a reference to nothing */
function topologicalOrder(calls: readonly Call[], path: string): readonly Call[] {
  const byTensor = new Map(calls.map((call) => [call.tensor, call]));
  const waiting = new Map<Call, number>();
  const readers = new Map<string, Call[]>();
  for (const call of calls) {
    const sources = new Set(call.reads);
    waiting.set(call, sources.size);
    for (const source of sources) {
      if (!byTensor.has(source)) {
        throw new ModelError('malformed', `Layer "${call.layer.name}" of "${path}" reads "${source}", which no layer gives.`);
      }
      readers.set(source, [...(readers.get(source) ?? []), call]);
    }
  }
  const ordered = calls.filter((call) => waiting.get(call) === 0);
  for (const call of ordered) {
    for (const reader of readers.get(call.tensor) ?? []) {
      const left = (waiting.get(reader) ?? 0) - 1;
      waiting.set(reader, left);
      if (left === 0) ordered.push(reader);
    }
  }
  if (ordered.length === calls.length) return ordered;
  const stuck = calls.find((call) => (waiting.get(call) ?? 0) > 0);
  throw new ModelError('malformed', `The layers of "${path}" form a cycle through "${stuck?.layer.name ?? ''}".`);
}

function build(layer: KerasLayer, inputs: readonly (Tensor['shape'])[], layout: Layout): BuiltLayer {
  if (modelClasses.has(layer.className)) {
    return { operation: { kind: 'opaque', reason: `"${layer.name}" is a model inside the model, which Shiftlint does not look into yet` }, shape: undefined };
  }
  const own = layoutOf(layer.config);
  if (own !== undefined && own !== layout) {
    return { operation: { kind: 'opaque', reason: `"${layer.name}" holds its channels on another axis than the rest of the model` }, shape: undefined };
  }
  return (
    buildLayer({ className: layer.className, config: layer.config, inputs, layout }) ?? {
      operation: { kind: 'opaque', reason: `Shiftlint does not know layers of the class ${layer.className}` },
      shape: undefined,
    }
  );
}

/** A sequential model's first layer carries the input's shape itself. */
function declaredInput(config: JsonObject): Tensor['shape'] {
  const shape = config['batch_input_shape'] ?? config['batch_shape'];
  return isJsonArray(shape) ? shape.map((length) => (typeof length === 'number' ? length : null)) : undefined;
}

/** The tensor in front of such a layer, named as tfjs names it. */
function implicitInput(layer: KerasLayer, tensors: Map<string, Tensor>): string {
  const name = `${layer.name}_input`;
  tensors.set(name, { name, shape: declaredInput(layer.config) });
  return name;
}

function modelLayout(layers: readonly KerasLayer[]): Layout {
  for (const { config } of layers) {
    const layout = layoutOf(config);
    if (layout !== undefined) return layout;
  }
  return 'channels-last';
}

async function withSharedKernel(
  layer: KerasLayer,
  operation: Operation,
  groups: readonly WeightGroup[],
  source: ModelSource,
): Promise<Operation> {
  if (operation.kind !== 'convolution' || layer.className !== 'DepthwiseConv2D') return operation;
  const { inChannels, outChannels, window } = operation;
  if (inChannels === null || inChannels !== outChannels || window.kernel.some((length) => length > widestBlur)) return operation;
  const weights = await readWeight(groups, `${layer.name}/depthwise_kernel`, source);
  const sharedKernel = weights && sharedByChannels(weights, window.kernel, inChannels);
  return sharedKernel === undefined ? operation : { ...operation, sharedKernel };
}

/** Weights are `[height, width, channels, 1]`: the kernel, if all channels have the same one. */
function sharedByChannels(weights: readonly number[], shape: readonly number[], channels: number): SharedKernel | undefined {
  const values: number[] = [];
  for (let position = 0; position * channels < weights.length; position++) {
    const first = weights[position * channels] ?? 0;
    for (let channel = 1; channel < channels; channel++) {
      if (weights[position * channels + channel] !== first) return undefined;
    }
    values.push(first);
  }
  return { shape, values };
}
