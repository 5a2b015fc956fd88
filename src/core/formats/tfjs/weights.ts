import type { ModelSource } from '../format';
import type { WeightEntry, WeightGroup } from './manifest';

/** Reads the numbers of one weight, dequantized; undefined for an unknown name and for types that no filter is stored in. */
export type WeightReader = (name: string) => Promise<readonly number[] | undefined>;

/** A reader of that weight's bytes alone: shards are large, and few of their weights are asked for. */
export function weightReader(groups: readonly WeightGroup[], source: ModelSource): WeightReader {
  const places = new Map(groups.flatMap(({ paths, weights }) => weights.map((entry) => [entry.name, { paths, entry }] as const)));
  return async (name) => {
    const place = places.get(name);
    if (place?.entry.dtype !== 'float32') return undefined;
    return decode(place.entry, await readRange(place.paths, place.entry, source));
  };
}

/** Bytes of a weight, which may lie across shards: a group's shards are one sequence. */
async function readRange(paths: readonly string[], { byteOffset, byteLength }: WeightEntry, source: ModelSource): Promise<Uint8Array> {
  const range = new Uint8Array(byteLength);
  let shardStart = 0;
  for (const path of paths) {
    const size = (await source.siblingSize(path)) ?? 0;
    const from = Math.max(byteOffset, shardStart);
    const to = Math.min(byteOffset + byteLength, shardStart + size);
    if (from < to) {
      const bytes = await source.readSiblingRange(path, from - shardStart, to - from);
      if (bytes !== undefined) range.set(bytes, from - byteOffset);
    }
    shardStart += size;
  }
  return range;
}

function decode({ quantization, shape }: WeightEntry, bytes: Uint8Array): readonly number[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = shape.reduce((product, extent) => product * extent, 1);
  const numbers = (read: (index: number) => number): number[] => Array.from({ length }, (_, index) => read(index));
  if (quantization === undefined) return numbers((index) => view.getFloat32(index * 4, true));
  const { scale, min } = quantization;
  switch (quantization.dtype) {
    case 'uint8':
      return numbers((index) => view.getUint8(index) * scale + min);
    case 'uint16':
      return numbers((index) => view.getUint16(index * 2, true) * scale + min);
    case 'float16':
      return numbers((index) => halfToNumber(view.getUint16(index * 2, true)));
    default:
      return undefined;
  }
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
