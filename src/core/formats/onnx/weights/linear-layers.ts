import { t } from '@vscode/l10n';
import type { Layer, ModelGraph } from '../../../graph/model-graph';
import { ModelError } from '../../../model-error';
import {
  unsolvableKind,
  type LinearLayer,
  type LinearLookup,
  type LinearWeights,
  type UnsolvableLayer,
} from '../../../recover/linear-layer';
import type { ModelSource } from '../../format';
import { capturedNames } from '../read/captured-names';
import { layerNames } from '../read/layer-names';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../wire/proto';
import { readStored, storedValues, type StoredValues } from './stored-values';

/** Where the weights of a linear layer stand, and how. */
export interface LinearPlaces {
  readonly weights: StoredValues;
  /** True for `[unknowns, outputs]`, as products of matrices hold them. */
  readonly isTurned: boolean;
  /** What takes a bias: the layer's own, a sum behind it, or the mean of a normalisation behind it, from which it is subtracted. */
  readonly bias: { readonly values: StoredValues; readonly kind: 'own' | 'added' | 'mean' } | undefined;
}

/** A linear layer of an ONNX file with the places of its weights. */
export interface OnnxLinear {
  readonly linear: LinearLayer;
  readonly places: LinearPlaces;
}

/** The linear layers of an ONNX model whose weights can be replaced. */
export interface OnnxLinearLayers {
  find(layer: Layer): OnnxLinear | UnsolvableLayer | undefined;
  readonly lookup: LinearLookup;
  readonly graph: ModelGraph;
}

/** Finds the linear layers of an ONNX model. @param graph of the same model */
export function onnxLinearLayers(model: OnnxModel, graph: ModelGraph, source: ModelSource): OnnxLinearLayers {
  const site = siteOf(model, source);
  const find = (layer: Layer): OnnxLinear | UnsolvableLayer | undefined => {
    const node = site.nodes.get(layer.name);
    if (node === undefined || node.domain !== '') return unsolvableKind(layer);
    switch (node.opType) {
      case 'Conv':
        return convolution(site, layer, node);
      case 'Gemm':
        return gemm(site, layer, node);
      case 'MatMul':
        return matMul(site, layer, node);
      default:
        return unsolvableKind(layer);
    }
  };
  return {
    graph,
    find,
    lookup: (layer) => {
      const found = find(layer);
      return found === undefined || 'reason' in found ? found : found.linear;
    },
  };
}

interface Site {
  readonly model: OnnxModel;
  readonly source: ModelSource;
  readonly nodes: ReadonlyMap<string, OnnxNode>;
  readonly tensors: ReadonlyMap<string, OnnxTensor>;
  readonly readers: ReadonlyMap<string, readonly OnnxNode[]>;
}

function siteOf(model: OnnxModel, source: ModelSource): Site {
  const { nodes, initializers } = model.graph;
  const names = layerNames(model.graph);
  const readers = new Map<string, OnnxNode[]>();
  for (const node of nodes)
    for (const tensor of new Set([...node.inputs, ...capturedNames(node)])) readers.set(tensor, [...(readers.get(tensor) ?? []), node]);
  const constants = nodes.flatMap((node) => {
    const tensor = node.opType === 'Constant' ? node.attributes.get('value')?.tensor : undefined;
    return tensor === undefined ? [] : [[node.outputs[0] ?? '', tensor] as const];
  });
  const tensors = new Map([...initializers.map((tensor) => [tensor.name, tensor] as const), ...constants]);
  return { model, source, nodes: new Map(nodes.map((node, index) => [names[index] ?? '', node])), tensors, readers };
}

function convolution(site: Site, layer: Layer, node: OnnxNode): OnnxLinear | UnsolvableLayer {
  const { operation } = layer;
  if (operation.kind !== 'convolution') return { reason: t('its shape is not known') };
  const weights = ownValues(site, node.inputs[1]);
  if ('reason' in weights) return weights;
  const [outputs = 0, perGroup = 0, ...kernel] = weights.tensor.dims;
  const unknowns = kernel.reduce((product, length) => product * length, perGroup);
  const bias = node.inputs[2] ? ownBias(site, node.inputs[2], 'own') : (biasBehind(site, node, outputs) ?? undefined);
  if (bias !== undefined && 'reason' in bias) return bias;
  const places: LinearPlaces = { weights, isTurned: false, bias };
  return linearOf(site, layer, places, { window: operation.window, groups: operation.groups, outputs, unknowns });
}

function gemm(site: Site, layer: Layer, node: OnnxNode): OnnxLinear | UnsolvableLayer {
  const number = (name: string): number => node.attributes.get(name)?.float ?? 1;
  if (node.attributes.get('transA')?.int === 1 || number('alpha') !== 1 || number('beta') !== 1)
    return { reason: t('its product is scaled or transposed') };
  const weights = ownValues(site, node.inputs[1]);
  if ('reason' in weights) return weights;
  const isTurned = node.attributes.get('transB')?.int !== 1;
  const [first = 0, second = 0] = weights.tensor.dims;
  const [unknowns, outputs] = isTurned ? [first, second] : [second, first];
  const bias = node.inputs[2] ? ownBias(site, node.inputs[2], 'own') : biasBehind(site, node, outputs);
  if (bias !== undefined && 'reason' in bias) return bias;
  if (bias !== undefined && bias.kind === 'own' && !isVectorOf(bias.values.tensor, outputs))
    return { reason: t('its bias is not one number an output') };
  return linearOf(site, layer, { weights, isTurned, bias }, { window: undefined, groups: 1, outputs, unknowns });
}

/** A product with a constant matrix; what it reads has the unknowns along its last axis. */
function matMul(site: Site, layer: Layer, node: OnnxNode): OnnxLinear | UnsolvableLayer | undefined {
  if (site.tensors.has(node.inputs[0] ?? '') || !site.tensors.has(node.inputs[1] ?? '')) return undefined;
  const weights = ownValues(site, node.inputs[1]);
  if ('reason' in weights) return weights;
  const { dims } = weights.tensor;
  if (dims.length !== 2) return { reason: t('it is a stack of products') };
  const [unknowns = 0, outputs = 0] = dims;
  return linearOf(
    site,
    layer,
    { weights, isTurned: true, bias: biasBehind(site, node, outputs) },
    { window: undefined, groups: 1, outputs, unknowns },
  );
}

function linearOf(
  { source }: Site,
  { name }: Layer,
  places: LinearPlaces,
  shape: Pick<LinearLayer, 'window' | 'groups' | 'outputs' | 'unknowns'>,
): OnnxLinear {
  const read = async (): Promise<LinearWeights> => {
    const stored = await required(places.weights, source);
    const weights = places.isTurned ? turned(stored, shape.unknowns, shape.outputs) : stored;
    return { weights, bias: places.bias?.kind === 'own' ? await required(places.bias.values, source) : undefined };
  };
  const biasPlace = places.bias === undefined ? 'none' : places.bias.kind === 'own' ? 'own' : 'behind';
  return { linear: { layer: name, ...shape, biasPlace, read }, places };
}

/** The values of an operand that belongs to one node alone, or why they cannot be replaced. */
function ownValues({ tensors, readers, model }: Site, name: string | undefined): StoredValues | UnsolvableLayer {
  const tensor = tensors.get(name ?? '');
  if (name === undefined || tensor === undefined)
    return { reason: t('its weights are computed when the model runs, as quantised ones are') };
  if ((readers.get(name)?.length ?? 0) > 1) return { reason: t('its weights serve other layers too') };
  return storedValues(tensor, model) ?? { reason: t('its weights are no floats stored side by side') };
}

function ownBias(site: Site, name: string, kind: 'own' | 'added' | 'mean'): LinearPlaces['bias'] | UnsolvableLayer {
  const values = ownValues(site, name);
  return 'reason' in values ? values : { values, kind };
}

/** A sum with constants, or a normalisation, that alone reads what a layer gives. */
function biasBehind(site: Site, node: OnnxNode, outputs: number): LinearPlaces['bias'] {
  const [output = ''] = node.outputs;
  const [reader, ...others] = site.readers.get(output) ?? [];
  if (reader === undefined || others.length > 0 || site.model.graph.outputs.some(({ name }) => name === output)) return undefined;
  const constant =
    reader.opType === 'Add'
      ? reader.inputs.find((input) => input !== output)
      : reader.opType === 'BatchNormalization'
        ? reader.inputs[3]
        : undefined;
  const bias = constant === undefined ? undefined : ownBias(site, constant, reader.opType === 'Add' ? 'added' : 'mean');
  if (bias === undefined || 'reason' in bias || !isVectorOf(bias.values.tensor, outputs)) return undefined;
  // Constants of a sum stand along the last axis, which is that of the outputs behind a product, not behind a convolution.
  return reader.opType === 'Add' && node.opType === 'Conv' ? undefined : bias;
}

function isVectorOf({ dims }: OnnxTensor, length: number): boolean {
  return dims.at(-1) === length && dims.slice(0, -1).every((side) => side === 1);
}

/** Rows as columns: `[outputs, unknowns]` of `[unknowns, outputs]`. */
export function turned(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column] ?? 0;
  return result;
}

async function required(values: StoredValues, source: ModelSource): Promise<Float32Array> {
  const read = await readStored(values, source);
  if (read !== undefined) return read;
  throw new ModelError('truncated', t`"${source.path}" ends before the values of "${values.tensor.name}".`);
}
