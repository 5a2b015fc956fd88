import type { ModelSource } from '../format';
import type { WeightEntry, WeightGroup } from './manifest';
import { weightReader } from './weights';

/** One weight whose numbers are read piece by piece. */
export interface SlicedWeight {
  readonly shape: readonly number[];
  /** Bytes that one number takes in the file. */
  readonly elementBytes: number;
  /** `count` numbers from number `start` on, dequantized. */
  read(start: number, count: number): Promise<readonly number[]>;
}

/** Finds weights by name; undefined for unknown names and for types that no kernel is stored in. */
export type WeightSlices = (name: string) => SlicedWeight | undefined;

/**
 * Reads parts of weights. A weight is also found by its name without the last but one part, as TensorFlow.js finds the
 * weights of files that name the cell (`layer/cell/kernel`).
 */
export function weightSlices(groups: readonly WeightGroup[], model: ModelSource): WeightSlices {
  const source = keepingLatest(model);
  const places = new Map<string, { readonly group: WeightGroup; readonly entry: WeightEntry }>();
  for (const group of groups) {
    for (const entry of group.weights) {
      const short = shortened(entry.name);
      if (!places.has(short)) places.set(short, { group, entry });
    }
    for (const entry of group.weights) places.set(entry.name, { group, entry });
  }
  return (name) => {
    const place = places.get(name);
    if (place?.entry.dtype !== 'float32') return undefined;
    const { group, entry } = place;
    const count = entry.shape.reduce((product, length) => product * length, 1);
    if (count === 0) return undefined;
    const elementBytes = entry.byteLength / count;
    return {
      shape: entry.shape,
      elementBytes,
      read: async (start, length) => {
        const range = { shape: [length], byteOffset: entry.byteOffset + start * elementBytes, byteLength: length * elementBytes };
        return (await readSlice({ ...entry, ...range, name: 'slice' }, group, source)) ?? [];
      },
    };
  };
}

/** A part of a weight is a weight too: same file, same packing. */
async function readSlice(entry: WeightEntry, { paths }: WeightGroup, source: ModelSource): Promise<readonly number[] | undefined> {
  return weightReader([{ paths, weights: [entry] }], source)('slice');
}

/** Neighbouring slices come from one shard, which is fetched once. */
function keepingLatest(source: ModelSource): ModelSource {
  let latest: { readonly path: string; readonly bytes: Promise<Uint8Array | undefined> } | undefined;
  const sizes = new Map<string, Promise<number | undefined>>();
  return {
    path: source.path,
    bytes: source.bytes,
    readSibling: (path) => {
      if (latest?.path !== path) latest = { path, bytes: source.readSibling(path) };
      return latest.bytes;
    },
    siblingSize: (path) => {
      const known = sizes.get(path) ?? source.siblingSize(path);
      sizes.set(path, known);
      return known;
    },
  };
}

function shortened(name: string): string {
  const parts = name.split('/');
  return [...parts.slice(0, -2), parts.at(-1) ?? ''].join('/');
}
