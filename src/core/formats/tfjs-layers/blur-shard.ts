import type { ModelSource, TextEdit } from '../format';
import type { InsertedBlur } from './blur-layers';
import type { JsonDocument } from './document';
import type { WeightGroup } from './manifest';

/** The new weight file and the manifest's group for it. */
export interface BlurShard {
  readonly relativePath: string;
  readonly bytes: Uint8Array;
  readonly manifestEdit: TextEdit;
}

/** Puts the kernels of all blurs, float32 and little-endian, into one new file beside the model's own shards. */
export async function blurShard(
  document: JsonDocument,
  groups: readonly WeightGroup[],
  blurs: readonly InsertedBlur[],
  source: ModelSource,
): Promise<BlurShard> {
  const relativePath = await freeShardName(source);
  const bytes = kernelBytes(blurs);
  const weights = blurs.map(({ weight: { name, shape } }) => ({ name, shape, dtype: 'float32' }));
  const group = { paths: [relativePath], weights };
  const sizes = await shardSizes(groups, source);
  return { relativePath, bytes, manifestEdit: addGroup(document, group, misleadsLookup(sizes, bytes.length) ? 'front' : 'back') };
}

async function freeShardName(source: ModelSource): Promise<string> {
  for (let count = 1; ; count++) {
    const name = `shiftlint-blur-${count}.bin`;
    if ((await source.siblingSize(name)) === undefined) return name;
  }
}

function kernelBytes(blurs: readonly InsertedBlur[]): Uint8Array {
  const values = blurs.flatMap(({ weight }) => [...weight.values]);
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setFloat32(index * 4, value, true);
  });
  return bytes;
}

async function shardSizes(groups: readonly WeightGroup[], source: ModelSource): Promise<readonly number[]> {
  const paths = groups.flatMap((group) => group.paths);
  return Promise.all(paths.map(async (path) => (await source.siblingSize(path)) ?? 0));
}

/**
 * TensorFlow.js (4.22, `CompositeArrayBuffer`) looks a byte up by `floor(byte / size)` where all shards but the last have one
 * size. A longer last shard then lies beyond the list, and its weights are silently read as zeros.
 */
function misleadsLookup(sizes: readonly number[], lastSize: number): boolean {
  const [first] = sizes;
  return first !== undefined && lastSize > first && sizes.every((size) => size === first);
}

function addGroup(document: JsonDocument, group: unknown, end: 'front' | 'back'): TextEdit {
  const path = ['weightsManifest'];
  if (!document.has(path)) return document.addProperty([], 'weightsManifest', [group]);
  const count = document.length(path);
  return count === 0 ? document.replace(path, [group]) : document.insertAfter(path, end === 'front' ? -1 : count - 1, [group]);
}
