import type { TensorBatch } from '../equivariance/walk/circular-model';

/** Tensors by name. */
export type Tensors = ReadonlyMap<string, TensorBatch>;

/** Keeps tensors from one stage of a recovery to the next, whatever they take: what exceeds its memory lies elsewhere. */
export interface TensorStore {
  /** Keeps tensors under a key, in place of those that are there. They are not written to afterwards. */
  put(key: string, tensors: Tensors): Promise<void>;
  /** What was put there last. */
  get(key: string): Promise<Tensors>;
  /** Forgets what lies there. */
  remove(key: string): Promise<void>;
  /** Sets what it may take of the memory. */
  limit(bytes: number): Promise<void>;
}

/** Bytes of tensors together. */
export function bytesOf(tensors: Tensors): number {
  return [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
}
