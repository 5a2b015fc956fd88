import type { Layer, Layout, Operation, Shape, Tensor } from './model-graph';

/** What a slice takes, along all axes; nothing is cut off at an end. */
export interface SliceCut {
  readonly start: readonly number[];
  readonly step: readonly number[];
}

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

/** Indexes layers and their tensors. @param layout where a tensor says nothing */
export function neighboursOf(layers: readonly Layer[], tensors: ReadonlyMap<string, Tensor>, layout: Layout): Neighbours {
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
    layout: (tensor) => tensors.get(tensor)?.layout ?? layout,
  };
}
