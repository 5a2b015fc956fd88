import type { Layer, Layout, ModelGraph, Tensor } from '../../graph/model-graph';
import { readAll } from '../byte-source';
import type { ModelSource } from '../format';
import { orderedCalls, tensorName } from './call-order';
import { declaredInput, layoutOf } from './layer-config';
import { buildLayer } from './layer-table';
import { opaque, type BuiltLayer } from './layers/layer-call';
import { checkShards, parseManifest } from './manifest';
import { withSharedKernel } from './shared-kernel';
import { decodeText, modelClasses, parseTopology, type KerasLayer } from './topology';
import { weightReader } from './weights';

/** Reads a layers-model: topology and shapes from the JSON, from the shards only kernels that may be a fixed blur. @throws ModelError */
export async function readLayersModel(source: ModelSource): Promise<ModelGraph> {
  const topology = parseTopology(decodeText(await readAll(source), source.path), source.path);
  const calls = orderedCalls(topology, source.path);
  const groups = parseManifest(topology.weightsManifest, source.path);
  await checkShards(groups, source);
  const weightNamed = weightReader(groups, source);
  const layout = modelLayout(topology.layers);
  const tensors = new Map<string, Tensor>();
  const layers: Layer[] = [];
  const inputs: string[] = [];
  for (const { layer, tensor, reads } of calls) {
    const shapes = reads.length === 0 ? [declaredInput(layer.config)] : reads.map((name) => tensors.get(name)?.shape);
    const built = build(layer, shapes, layout);
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
      operation: await withSharedKernel(layer, built.operation, weightNamed),
      inputs: first === undefined ? reads : [first],
      outputs: [tensor],
      calls: Math.max(1, layer.calls.length),
    });
  }
  return {
    format: 'tfjs-layers',
    producer: topology.producer,
    layout,
    inputs: inDeclaredOrder(inputs, topology.inputs.map(tensorName)),
    outputs: topology.kind === 'sequential' ? calls.slice(-1).map(({ tensor }) => tensor) : topology.outputs.map(tensorName),
    layers,
    tensors,
    weightFiles: groups.flatMap(({ paths }) => paths),
  };
}

function build(layer: KerasLayer, inputs: readonly Tensor['shape'][], layout: Layout): BuiltLayer {
  if (modelClasses.has(layer.className)) return opaque(`"${layer.name}" is a model inside the model, which Shiftlint does not look into yet`);
  const own = hasPositions(layer) ? layoutOf(layer.config) : undefined;
  if (own !== undefined && own !== layout) {
    return opaque(`"${layer.name}" holds its channels on another axis than the rest of the model`);
  }
  const built = buildLayer({ className: layer.className, config: layer.config, inputs, layout });
  return built ?? opaque(`Shiftlint does not know layers of the class ${layer.className}`);
}

/** The tensor in front of a layer that carries the input's shape itself, named as tfjs names it. */
function implicitInput(layer: KerasLayer, tensors: Map<string, Tensor>): string {
  const name = `${layer.name}_input`;
  tensors.set(name, { name, shape: declaredInput(layer.config) });
  return name;
}

/** Feeds go by position, and the file says which is first. */
function inDeclaredOrder(inputs: readonly string[], declared: readonly string[]): readonly string[] {
  const rank = new Map(declared.map((name, index) => [name, index]));
  return [...inputs].sort((a, b) => (rank.get(a) ?? declared.length) - (rank.get(b) ?? declared.length));
}

function modelLayout(layers: readonly KerasLayer[]): Layout {
  for (const layer of layers) {
    const layout = hasPositions(layer) ? layoutOf(layer.config) : undefined;
    if (layout !== undefined) return layout;
  }
  return 'channels-last';
}

/** `Flatten` has a `data_format` too, which exporters leave at its default whatever the model's layout. */
function hasPositions({ className }: KerasLayer): boolean {
  return className !== 'Flatten';
}
