import type { Layer } from '../../../graph/model-graph';
import { kernelEvidence } from '../../tfjs/kernel-evidence';
import type { WeightSlices } from '../../tfjs/weight-slices';
import { operatorOf } from '../operators/table';
import { tensorName, type GraphNode } from './node';

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
    const kind = operatorOf(layer)?.kernel;
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
