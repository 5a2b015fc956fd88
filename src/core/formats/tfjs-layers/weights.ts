import { ModelError, type ModelSource } from '../format';
import { isJsonArray, isJsonObject, numberAt, stringAt, type Json } from './json';

/** How a weight's numbers were packed by the converter: stored = (value - min) / scale. */
export interface Quantization {
  readonly dtype: string;
  readonly scale: number;
  readonly min: number;
}

/** One weight of a group. */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization: Quantization | undefined;
  /** Place in the group's concatenated shards. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** Weights that share a list of shard files. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightEntry[];
}

const bytesPerElement: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2, complex64: 8 };

/** Reads `weightsManifest`; a model without one has no weights. @throws ModelError `malformed` */
export function parseManifest(manifest: Json | undefined, path: string): readonly WeightGroup[] {
  if (manifest === undefined || manifest === null) return [];
  if (!isJsonArray(manifest)) throw new ModelError('malformed', `"${path}" has a weights manifest that is no list.`);
  return manifest.map((group, index) => {
    const paths = isJsonObject(group) ? group['paths'] : undefined;
    const weights = isJsonObject(group) ? group['weights'] : undefined;
    if (!isJsonArray(paths) || !isJsonArray(weights) || !paths.every((entry) => typeof entry === 'string')) {
      throw new ModelError('malformed', `Group ${index} of the weights manifest in "${path}" lists no paths or no weights.`);
    }
    let byteOffset = 0;
    const entries = weights.map((weight) => {
      const entry = parseWeight(weight, byteOffset, path);
      byteOffset += entry.byteLength;
      return entry;
    });
    return { paths, weights: entries };
  });
}

function parseWeight(weight: Json, byteOffset: number, path: string): WeightEntry {
  const name = isJsonObject(weight) ? stringAt(weight, 'name') : undefined;
  const dtype = isJsonObject(weight) ? stringAt(weight, 'dtype') : undefined;
  const shape = isJsonObject(weight) ? weight['shape'] : undefined;
  if (!isJsonObject(weight) || name === undefined || dtype === undefined || !isJsonArray(shape) || !shape.every(isLength)) {
    throw new ModelError('malformed', `The weights manifest in "${path}" has an entry without name, type or shape.`);
  }
  const packed = weight['quantization'];
  const quantization = isJsonObject(packed)
    ? { dtype: stringAt(packed, 'dtype') ?? dtype, scale: numberAt(packed, 'scale') ?? 1, min: numberAt(packed, 'min') ?? 0 }
    : undefined;
  const elements = shape.reduce<number>((product, length) => product * length, 1);
  // Strings have a length prefix each; nothing here reads them, and the file's size is then no check.
  const byteLength = elements * (bytesPerElement[quantization?.dtype ?? dtype] ?? 0);
  return { name, shape, dtype, quantization, byteOffset, byteLength };
}

function isLength(value: Json): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** Checks that every shard exists and is long enough. @throws ModelError `missing-weights`, `truncated` or `outside-folder` */
export async function checkShards(groups: readonly WeightGroup[], source: ModelSource): Promise<void> {
  for (const { paths, weights } of groups) {
    let available = 0;
    for (const path of paths) {
      const size = await source.siblingSize(path);
      if (size === undefined) {
        throw new ModelError('missing-weights', `"${source.path}" needs the weight file "${path}", which does not exist.`);
      }
      available += size;
    }
    const last = weights.at(-1);
    const needed = last === undefined ? 0 : last.byteOffset + last.byteLength;
    if (available < needed) {
      throw new ModelError(
        'truncated',
        `The weight file${paths.length === 1 ? '' : 's'} "${paths.join('", "')}" of "${source.path}" ${paths.length === 1 ? 'has' : 'have'} ${available} bytes, but the manifest needs ${needed}.`,
      );
    }
  }
}

/** The numbers of one weight, dequantized; undefined for types that no filter is stored in. */
export async function readWeight(groups: readonly WeightGroup[], name: string, source: ModelSource): Promise<readonly number[] | undefined> {
  for (const { paths, weights } of groups) {
    const entry = weights.find((weight) => weight.name === name);
    if (entry === undefined) continue;
    return decode(entry, await readRange(paths, entry.byteOffset, entry.byteLength, source));
  }
  return undefined;
}

async function readRange(paths: readonly string[], byteOffset: number, byteLength: number, source: ModelSource): Promise<Uint8Array> {
  const range = new Uint8Array(byteLength);
  let shardStart = 0;
  for (const path of paths) {
    const size = (await source.siblingSize(path)) ?? 0;
    const from = Math.max(byteOffset, shardStart);
    const to = Math.min(byteOffset + byteLength, shardStart + size);
    if (from < to) {
      const shard = await source.readSibling(path);
      if (shard !== undefined) range.set(shard.subarray(from - shardStart, to - shardStart), from - byteOffset);
    }
    shardStart += size;
  }
  return range;
}

function decode({ dtype, quantization, shape }: WeightEntry, bytes: Uint8Array): readonly number[] | undefined {
  if (dtype !== 'float32') return undefined;
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
