import type { SummedLevel, SumsBatch, TensorBatch } from '../../core/equivariance/walk/circular-model';
import type { ResultBatch } from './one-by-one';

/** What the sums of a map are called beside maps in what a run gives. */
export function squaresOf(tensor: string): string {
  return `squares of ${tensor}`;
}

export function productsOf(tensor: string): string {
  return `products of ${tensor}`;
}

/** Maps and sums of what a run gave. @param tensors whose sums may be there */
export function summedLevel(given: ReadonlyMap<string, ResultBatch>, tensors: Iterable<string>): SummedLevel {
  const maps = new Map<string, TensorBatch>();
  for (const [tensor, { data, dims }] of given) if (data instanceof Float32Array) maps.set(tensor, { data, dims });
  const sums = new Map<string, SumsBatch>();
  for (const tensor of tensors) {
    const [squares, products] = [given.get(squaresOf(tensor)), given.get(productsOf(tensor))];
    if (!(squares?.data instanceof Float64Array && products?.data instanceof Float64Array)) continue;
    sums.set(tensor, { images: squares.dims[0] ?? 0, squares: squares.data, products: products.data });
  }
  return { maps, sums };
}
