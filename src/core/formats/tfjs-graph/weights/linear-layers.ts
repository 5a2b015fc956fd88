import { t } from '@vscode/l10n';
import type { Dataflow } from '../../../graph/dataflow';
import type { Layer } from '../../../graph/model-graph';
import { unsolvableKind, type UnsolvableLayer } from '../../../recover/linear-layer';
import type { WeightSlices } from '../../tfjs/weight-slices';
import type { KernelForm } from '../../tfjs/weights/kernel-form';
import { linearLayer, type BiasWeight, type TfjsLinear } from '../../tfjs/weights/linear-weights';
import { flagOf, tensorName, textsOf, type GraphNode } from '../read/node';

const convolutions: ReadonlyMap<string, KernelForm> = new Map([
  ['Conv2D', 'full'],
  ['Conv3D', 'full'],
  ['_FusedConv2D', 'full'],
  ['DepthwiseConv2d', 'depthwise'],
  ['DepthwiseConv2dNative', 'depthwise'],
  ['FusedDepthwiseConv2dNative', 'depthwise'],
]);

const products: ReadonlySet<string> = new Set(['MatMul', '_FusedMatMul']);
const normalisations: ReadonlySet<string> = new Set(['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3']);

/** What the linear layers of a graph-model are found by. */
export interface GraphWeights {
  readonly nodes: readonly GraphNode[];
  readonly flow: Dataflow;
  readonly weights: WeightSlices;
  /** Name of the weight that a tensor passes on. */
  readonly weightOf: (tensor: string) => string | undefined;
}

/** Finds the linear layers of a graph-model whose weights can be replaced. */
export function graphLinearLayers({
  nodes: all,
  flow,
  weights,
  weightOf,
}: GraphWeights): (layer: Layer) => TfjsLinear | UnsolvableLayer | undefined {
  const nodes = new Map(all.map((node) => [node.name, node]));
  const readers = readerCounts(all, weightOf);
  const ownWeight = (node: GraphNode | undefined, place: number): string | undefined => {
    const input = node?.inputs[place];
    const weight = input && weightOf(tensorName(input.node, input.output));
    return weight !== undefined && readers.get(weight) === 1 ? weight : undefined;
  };
  const biasBehind = (layer: Layer): BiasWeight | undefined => {
    const [output = ''] = layer.outputs;
    const [reader, ...others] = flow.readers(output);
    if (reader === undefined || others.length > 0 || flow.isModelOutput(output)) return undefined;
    const isSum = ['BiasAdd', 'Add', 'AddV2'].includes(reader.op);
    const weight = isSum
      ? ownWeight(nodes.get(reader.name), 1)
      : normalisations.has(reader.op)
        ? ownWeight(nodes.get(reader.name), 3)
        : undefined;
    return weight === undefined ? undefined : { weight, kind: isSum ? 'added' : 'mean' };
  };
  return (layer) => {
    const node = nodes.get(layer.name);
    const isProduct = products.has(layer.op);
    const form = isProduct ? (node !== undefined && flagOf(node, 'transpose_b') ? 'transposed' : 'full') : convolutions.get(layer.op);
    const { operation } = layer;
    if (node === undefined || form === undefined || (operation.kind !== 'convolution' && !isProduct)) return unsolvableKind(layer);
    if (layer.sealed !== undefined) return { reason: layer.sealed };
    if (isProduct && (layer.inputs.length !== 1 || flagOf(node, 'transpose_a')))
      return { reason: t('neither of its operands is a plain matrix of weights') };
    const kernel = ownWeight(node, 1);
    if (kernel === undefined) return { reason: t('its weights are computed when the model runs, or serve other layers too') };
    const bias = fusedBias(node, ownWeight) ?? biasBehind(layer);
    const usable = bias !== undefined && isVector(weights(bias.weight)?.shape) ? bias : undefined;
    if (bias?.kind === 'own' && usable === undefined) return { reason: t('its bias is not one number an output') };
    const [window, groups] = operation.kind === 'convolution' ? [operation.window, operation.groups] : [undefined, 1];
    return linearLayer(layer.name, { kernel, form, bias: usable }, window, groups, weights) ?? { reason: t('its weights are no floats') };
  };
}

function fusedBias(node: GraphNode, ownWeight: (node: GraphNode, place: number) => string | undefined): BiasWeight | undefined {
  if (!textsOf(node, 'fused_ops').includes('BiasAdd')) return undefined;
  const weight = ownWeight(node, 2);
  return { weight: weight ?? '', kind: 'own' };
}

function isVector(shape: readonly number[] | undefined): boolean {
  return shape !== undefined && shape.slice(0, -1).every((length) => length === 1);
}

/** How many nodes read each weight, through whatever passes it on. */
function readerCounts(nodes: readonly GraphNode[], weightOf: (tensor: string) => string | undefined): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    // What passes a weight on reads it for others.
    if (weightOf(node.name) !== undefined) continue;
    for (const { node: name, output } of node.inputs) {
      const weight = weightOf(tensorName(name, output));
      if (weight !== undefined) counts.set(weight, (counts.get(weight) ?? 0) + 1);
    }
  }
  return counts;
}
