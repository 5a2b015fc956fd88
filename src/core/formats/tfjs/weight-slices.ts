import type { ModelSource } from '../format';
import type { WeightEntry, WeightGroup } from './manifest';
import { weightValues } from './weight-values';

/** One weight whose numbers are read piece by piece. */
export interface SlicedWeight {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  /** Bytes that one number takes in the file. */
  readonly elementBytes: number;
  /** True where its file is not there: its shape is all that is known. */
  readonly isMissing: boolean;
  /** `count` numbers from number `start` on, dequantized. */
  read(start: number, count: number): Promise<readonly number[]>;
}

/** Finds weights by name; undefined for unknown names and for types that hold no numbers. */
export type WeightSlices = (name: string) => SlicedWeight | undefined;

/**
 * Reads parts of weights. A weight is also found by its name without the last but one part, as TensorFlow.js finds the
 * weights of files that name the cell (`layer/cell/kernel`). @param missing groups of which a file is not there
 */
export function weightSlices(groups: readonly WeightGroup[], source: ModelSource, missing: ReadonlySet<WeightGroup>): WeightSlices {
  const shardsOfGroup = shardTable(source);
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
    const dtype = place?.entry.dtype;
    if (place === undefined || (dtype !== 'float32' && dtype !== 'int32')) return undefined;
    const { group, entry } = place;
    const count = entry.shape.reduce((product, length) => product * length, 1);
    if (count === 0) return undefined;
    const elementBytes = entry.byteLength / count;
    return {
      shape: entry.shape,
      dtype,
      elementBytes,
      isMissing: missing.has(group),
      read: async (start, length) => {
        const bytes = await readRange(entry.byteOffset + start * elementBytes, length * elementBytes, await shardsOfGroup(group), source);
        return weightValues({ ...entry, shape: [length] }, bytes);
      },
    };
  };
}

/** Bytes of a group, which may lie across shards: a group's shards are one sequence. */
async function readRange(offset: number, length: number, shards: readonly Shard[], source: ModelSource): Promise<Uint8Array> {
  const range = new Uint8Array(length);
  for (const { path, start, end } of shards) {
    const from = Math.max(offset, start);
    const to = Math.min(offset + length, end);
    const bytes = from < to ? await source.readSiblingRange(path, from - start, to - from) : undefined;
    if (bytes !== undefined) range.set(bytes, from - offset);
  }
  return range;
}

/** One file of a group, and which of the group's bytes it holds. */
interface Shard {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** Sizes are asked for once: a group may have many shards. */
function shardTable(source: ModelSource): (group: WeightGroup) => Promise<readonly Shard[]> {
  const tables = new Map<WeightGroup, Promise<readonly Shard[]>>();
  return (group) => {
    const known = tables.get(group) ?? shardsOf(group, source);
    tables.set(group, known);
    return known;
  };
}

async function shardsOf({ paths }: WeightGroup, source: ModelSource): Promise<readonly Shard[]> {
  let end = 0;
  const shards: Shard[] = [];
  for (const path of paths) {
    const start = end;
    end += (await source.siblingSize(path)) ?? 0;
    shards.push({ path, start, end });
  }
  return shards;
}

/** The name of a weight without the last but one part. */
export function shortened(name: string): string {
  const parts = name.split('/');
  return [...parts.slice(0, -2), parts.at(-1) ?? ''].join('/');
}
