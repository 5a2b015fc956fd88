import type { Layer, Layout, Operation, Shape } from '../../graph/model-graph';
import type { Reading } from './graph-scope';
import { groupNormalisation } from './group-normalisation';
import { pixelShuffle } from './pixel-shuffle';
import { phaseGroup } from './phase-group';

/** What a group of layers does together: its last layer has the operation, the others keep every position's content. */
export interface Rearrangement {
  readonly last: Layer;
  readonly operation: Operation;
  /** The layers before; none of them loses a sample, since the last one has them all. */
  readonly steps: readonly Layer[];
  readonly stepOperation: Operation;
}

/** Who writes and who reads, among the layers so far. */
export interface Neighbours {
  producer(tensor: string): Layer | undefined;
  readers(tensor: string): readonly Layer[];
  shape(tensor: string): Shape;
  layout(tensor: string): Layout;
}

/**
 * Recognises moves of positions into other axes and back that a model spells out in several layers: the strided slices and
 * the Concat of YOLOv5's Focus, the Reshape, Transpose, Reshape of a pixel (un)shuffle, group normalisation between reshapes.
 */
export function markRearrangements(reading: Reading): readonly Layer[] {
  const { layers, slices, orders } = reading;
  const neighbours = indexed(reading);
  const changes = new Map<string, Pick<Layer, 'operation' | 'stepOf'>>();
  for (const layer of layers) {
    const found =
      layer.op === 'Concat'
        ? phaseGroup(neighbours, slices, layer)
        : layer.op === 'Reshape'
          ? (pixelShuffle(neighbours, orders, layer) ?? groupNormalisation(neighbours, layer))
          : undefined;
    if (found === undefined) continue;
    changes.set(found.last.name, { operation: found.operation });
    for (const step of found.steps) changes.set(step.name, { operation: found.stepOperation, stepOf: found.last.name });
  }
  return changes.size === 0 ? layers : layers.map((layer) => ({ ...layer, ...changes.get(layer.name) }));
}

function indexed({ layers, tensors }: Reading): Neighbours {
  const producers = new Map(layers.flatMap((layer) => layer.outputs.map((tensor) => [tensor, layer] as const)));
  const readers = new Map<string, Layer[]>();
  for (const layer of layers) {
    for (const tensor of new Set(layer.inputs)) {
      const known = readers.get(tensor);
      if (known === undefined) readers.set(tensor, [layer]);
      else known.push(layer);
    }
  }
  return {
    producer: (tensor) => producers.get(tensor),
    readers: (tensor) => readers.get(tensor) ?? [],
    shape: (tensor) => tensors.get(tensor)?.shape,
    layout: (tensor) => tensors.get(tensor)?.layout ?? 'channels-first',
  };
}
