import type { ModelSource, TextEdit } from '../format';
import { freeFileName } from '../free-file-name';
import type { JsonDocument } from './document';
import type { WeightGroup } from './manifest';

/** A weight to store beside the model's own. */
export interface NewWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly values: ArrayLike<number>;
}

/** The new weight file and the manifest's group for it. */
export interface BlurShard {
  readonly relativePath: string;
  readonly bytes: Uint8Array;
  readonly manifestEdit: TextEdit;
}

/** Puts the weights of all blurs, little-endian, into one new file beside the model's own shards. */
export async function blurShard(
  document: JsonDocument,
  groups: readonly WeightGroup[],
  weights: readonly NewWeight[],
  source: ModelSource,
): Promise<BlurShard> {
  const bytes = weightBytes(weights);
  const relativePath = await freeFileName(source, bytes, (count) => `shiftlint-blur-${count}.bin`);
  const group = { paths: [relativePath], weights: weights.map(({ name, shape, dtype }) => ({ name, shape, dtype })) };
  const sizes = await shardSizes(groups, source);
  return { relativePath, bytes, manifestEdit: addGroup(document, group, misleadsLookup(sizes, bytes.length) ? 'front' : 'back') };
}

/** The values of weights one after the other, little-endian, as TensorFlow.js reads them. */
export function weightBytes(weights: readonly Pick<NewWeight, 'dtype' | 'values'>[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(weights.reduce((count, { values }) => count + values.length, 0) * 4));
  let offset = 0;
  for (const { dtype, values } of weights) {
    for (let place = 0; place < values.length; place++) {
      const value = values[place] ?? 0;
      if (dtype === 'int32') view.setInt32(offset, value, true);
      else view.setFloat32(offset, value, true);
      offset += 4;
    }
  }
  return new Uint8Array(view.buffer);
}

/** Sizes of the shards of groups, in order. */
export async function shardSizes(groups: readonly WeightGroup[], source: ModelSource): Promise<readonly number[]> {
  const paths = groups.flatMap((group) => group.paths);
  return Promise.all(paths.map(async (path) => (await source.siblingSize(path)) ?? 0));
}

/**
 * TensorFlow.js (4.22, `CompositeArrayBuffer`) looks a byte up by `floor(byte / size)` where all shards but the last have one
 * size. A longer last shard then lies beyond the list, and its weights are silently read as zeros.
 */
export function misleadsLookup(sizes: readonly number[], lastSize: number): boolean {
  const [first] = sizes;
  return first !== undefined && lastSize > first && sizes.every((size) => size === first);
}

function addGroup(document: JsonDocument, group: unknown, end: 'front' | 'back'): TextEdit {
  const path = ['weightsManifest'];
  if (!document.has(path)) return document.addProperty([], 'weightsManifest', [group]);
  const count = document.length(path);
  return count === 0 ? document.replace(path, [group]) : document.insertAfter(path, end === 'front' ? -1 : count - 1, [group]);
}
