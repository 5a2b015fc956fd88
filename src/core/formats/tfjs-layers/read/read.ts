import { t } from '@vscode/l10n';
import { possibleShape } from '../../../graph/shapes';
import type { ModelError } from '../../../model-error';
import { inputShapes } from '../../../graph/layout';
import type { AxisPair, Layer, Layout, ModelGraph, Tensor } from '../../../graph/model-graph';
import type { ModelSource } from '../../format';
import { flatCalls, listingKey, type FlatCall, type FlatModel } from './flat-calls';
import { modelClasses, type KerasLayer, type KerasModel } from './keras-model';
import type { TensorReference } from './keras-references';
import { judgedOnly } from './judged-only';
import { kernelReader } from './kernels';
import { declaredInput, layoutOf } from './layer-config';
import { buildLayer } from './layer-table';
import { opaque, type BuiltLayer } from '../layers/layer-call';
import { builtOverTime, overSteps } from '../layers/over-time';
import { markBorders } from './spelt-border';
import { runsOfSeveralSizes } from './several-sizes';
import { parseManifest, type WeightGroup } from '../../tfjs/manifest';
import { readModelText, type ModelText } from '../../tfjs/model-text';
import { missingShards } from '../../tfjs/shards';
import { LayerCount } from './layer-count';
import { parseTopology, type KerasTopology } from './topology';
import { weightSlices, type WeightSlices } from '../../tfjs/weight-slices';
import { userMetadata } from '../../tfjs/user-metadata';

type InputShapes = ReturnType<typeof inputShapes>;

/** What a file says, decoded, and the graph that this makes. */
export interface LayersModel extends ModelText {
  readonly topology: KerasTopology;
  readonly groups: readonly WeightGroup[];
  readonly weights: WeightSlices;
  readonly flat: FlatModel;
  readonly graph: ModelGraph;
  /** Why it can be judged and no more; undefined where that is not so. */
  readonly judgedOnly: ModelError | undefined;
}

/**
 * Reads a layers-model: topology and shapes from the JSON, from the shards only samples of kernels and those of possible blurs.
 * @throws ModelError
 */
export async function readLayersModel(source: ModelSource): Promise<LayersModel> {
  const decoded = await readModelText(source);
  const count = new LayerCount(source.path);
  const topology = parseTopology(decoded.text, source.path, count);
  const flat = flatCalls(topology, source.path, count);
  const groups = parseManifest(topology.weightsManifest, source.path);
  const missing = await missingShards(groups, source);
  const weights = weightSlices(groups, source, missing.groups);
  return {
    ...decoded,
    topology,
    groups,
    weights,
    flat,
    graph: await buildGraph(topology, flat, groups, weights, source.imageSize),
    judgedOnly: judgedOnly(topology, groups, missing.error, source.path),
  };
}

async function buildGraph(
  topology: KerasTopology,
  flat: FlatModel,
  groups: readonly WeightGroup[],
  weights: WeightSlices,
  imageSize: AxisPair | undefined,
): Promise<ModelGraph> {
  const { calls, outputs } = flat;
  const withKernels = kernelReader(weights);
  const layout = modelLayout(topology) ?? 'channels-last';
  const runs = countsOf(calls.map(({ path }) => path));
  const listings = countsOf(calls.map(listingKey));
  const tensors = new Map<string, Tensor>();
  const layers: Layer[] = [];
  const inputs: string[] = [];
  for (const run of calls) {
    const { layer, path, tensor, reads } = run;
    const given = inputShapes(declaredInput(layer.config), layout, imageSize);
    const shapes = reads.length === 0 ? [given.shape] : reads.map((name) => tensors.get(name)?.shape);
    const built = build(run, shapes, layout);
    const isInput = layer.className === 'InputLayer';
    tensors.set(tensor, isInput ? inputTensor(tensor, given) : { name: tensor, shape: possibleShape(built.shape) });
    if (isInput) {
      inputs.push(tensor);
      continue;
    }
    const first = reads.length === 0 ? implicitInput(layer, tensors, given) : undefined;
    if (first !== undefined) inputs.push(first);
    const operation = await withKernels(layer, built.operation);
    layers.push({
      name: tensor,
      op: layer.wrapper === undefined ? layer.className : `${layer.wrapper}(${layer.className})`,
      operation: built.isOverTime === true ? overSteps(operation) : operation,
      inputs: first === undefined ? reads : [first],
      outputs: [tensor],
      calls: runs.get(path) ?? 1,
      ...(tensor !== path && { callOf: path }),
      ...((listings.get(listingKey(run)) ?? 1) > 1 && { listedAs: listingKey(run) }),
      ...(run.model !== topology && { listedIn: run.model.layersPath.join('/') }),
      ...(run.model.kind === 'sequential' && run.model.layers[0] === layer && { declaresInput: true }),
      ...(built.axisFlow && { axisFlow: built.axisFlow }),
      ...(built.sealed !== undefined && { sealed: built.sealed }),
    });
  }
  // What stands in the file still declares no size, and takes every one.
  const isChosen = [...tensors.values()].some(({ declared }) => declared !== undefined);
  const severalSizes = isChosen ? new Set(layers.map(({ name }) => name)) : runsOfSeveralSizes(topology, flat, tensors);
  const metadata = userMetadata(topology.root);
  return {
    format: 'tfjs-layers',
    producer: topology.producer,
    ...(metadata && { metadata }),
    layout,
    inputs: inDeclaredOrder(inputs, topology.inputs),
    outputs,
    layers: markBorders(
      layers.map((layer) => (severalSizes.has(layer.name) ? { ...layer, fitsSeveralSizes: true } : layer)),
      tensors,
      outputs,
      layout,
    ),
    tensors,
    weightFiles: groups.flatMap(({ paths }) => paths),
  };
}

function countsOf(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function build({ layer, reads, isOverTime }: FlatCall, inputs: readonly Tensor['shape'][], layout: Layout): BuiltLayer {
  if (!isOverTime) return buildAlone(layer, inputs, layout);
  // A model inside declares its input as for one step; a layer inside has that of the layer around it.
  const given = reads.length === 0 && layer.wrapper === undefined ? inputs.map((shape) => shape?.toSpliced(1, 0, null)) : inputs;
  return builtOverTime(given, (step) => buildAlone(layer, step, layout));
}

function buildAlone(layer: KerasLayer, inputs: readonly Tensor['shape'][], layout: Layout): BuiltLayer {
  if (modelClasses.has(layer.className)) return opaque(t`"${layer.name}" is a model inside the model that lists no layers`);
  const own = hasPositions(layer) ? layoutOf(layer.config) : undefined;
  if (own !== undefined && own !== layout) {
    return opaque(t`"${layer.name}" holds its channels on another axis than the rest of the model`);
  }
  const built = buildLayer({ className: layer.className, config: layer.config, inputs, layout });
  if (built === undefined) return opaque(t`Shiftlint does not know layers of the class ${layer.className}`);
  return layer.wrapper === 'Bidirectional' ? { ...built, shape: inBothDirections(layer, built.shape, layout) } : built;
}

/** Channels of both directions stand one behind the other unless the layer says otherwise. */
function inBothDirections({ config }: KerasLayer, shape: Tensor['shape'], layout: Layout): Tensor['shape'] {
  const place = layout === 'channels-last' ? -1 : 1;
  const channels = shape?.at(place) ?? null;
  return config['merge_mode'] === 'concat' && channels !== null ? shape?.with(place, 2 * channels) : shape;
}

/** The tensor in front of a layer that carries the input's shape itself, named as tfjs names it. */
function implicitInput(layer: KerasLayer, tensors: Map<string, Tensor>, given: InputShapes): string {
  const name = `${layer.name}_input`;
  tensors.set(name, inputTensor(name, given));
  return name;
}

function inputTensor(name: string, { shape, declared }: InputShapes): Tensor {
  return { name, shape: possibleShape(shape), ...(declared && { declared }) };
}

/** Feeds go by position, and the file says which is first. */
function inDeclaredOrder(inputs: readonly string[], declared: readonly TensorReference[]): readonly string[] {
  const rank = new Map(declared.map(({ layer }, index) => [layer, index]));
  return [...inputs].sort((a, b) => (rank.get(a) ?? declared.length) - (rank.get(b) ?? declared.length));
}

/** The first layout that any layer names. */
function modelLayout({ layers }: KerasModel): Layout | undefined {
  for (const layer of layers) {
    const layout = layer.model === undefined ? (hasPositions(layer) ? layoutOf(layer.config) : undefined) : modelLayout(layer.model);
    if (layout !== undefined) return layout;
  }
  return undefined;
}

/** `Flatten` has a `data_format` too, which exporters leave at its default whatever the model's layout. */
function hasPositions({ className }: KerasLayer): boolean {
  return className !== 'Flatten';
}
