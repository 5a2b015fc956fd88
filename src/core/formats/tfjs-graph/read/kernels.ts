import type { Layer } from '../../../graph/model-graph';
import { kernelEvidence, type KernelKind } from '../../tfjs/kernel-evidence';
import type { WeightSlices } from '../../tfjs/weight-slices';
import { tensorName, type GraphNode } from './node';

const kinds: ReadonlyMap<string, KernelKind> = new Map([
  ['Conv1D', 'full'],
  ['Conv2D', 'full'],
  ['Conv3D', 'full'],
  ['_FusedConv2D', 'full'],
  ['DepthwiseConv2d', 'depthwise'],
  ['DepthwiseConv2dNative', 'depthwise'],
  ['FusedDepthwiseConv2dNative', 'depthwise'],
]);

/** Adds to convolutions what their weights tell. @param weightOf name of the weight that a tensor passes on */
export async function withKernels(
  layers: readonly Layer[],
  nodes: ReadonlyMap<string, GraphNode>,
  weights: WeightSlices,
  weightOf: (tensor: string) => string | undefined,
): Promise<readonly Layer[]> {
  const read: Layer[] = [];
  for (const layer of layers) {
    const { operation } = layer;
    const kind = kinds.get(layer.op);
    const input = nodes.get(layer.name)?.inputs[1];
    const weight = input && weightOf(tensorName(input.node, input.output));
    if (operation.kind !== 'convolution' || kind === undefined || weight === undefined) {
      read.push(layer);
      continue;
    }
    read.push({ ...layer, operation: { ...operation, ...(await kernelEvidence(kind, operation, weights(weight))) } });
  }
  return read;
}
