import type { Layer, Tensor } from '../graph/model-graph';

/** A node of a file and a tensor that it reads. */
export interface FileRead {
  /** As its layer is or would be called. */
  readonly node: string;
  readonly tensor: string;
}

/**
 * The tensors with what reads them in the file and is no reader in the graph: arithmetic of sizes, which readers fold away, and
 * nodes that run graphs of their own. A fix must not change the size of what these read.
 */
export function withOtherReaders(
  tensors: ReadonlyMap<string, Tensor>,
  layers: readonly Layer[],
  reads: Iterable<FileRead>,
): ReadonlyMap<string, Tensor> {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const others = new Map<string, string[]>();
  for (const { node, tensor } of reads) {
    if (!tensors.has(tensor) || byName.get(node)?.inputs.includes(tensor) === true) continue;
    const known = others.get(tensor);
    if (known === undefined) others.set(tensor, [node]);
    else if (!known.includes(node)) known.push(node);
  }
  if (others.size === 0) return tensors;
  return new Map(
    [...tensors].map(([name, tensor]) => {
      const otherReaders = others.get(name);
      return [name, otherReaders === undefined ? tensor : { ...tensor, otherReaders }];
    }),
  );
}
