import { t } from '@vscode/l10n';
import type { Layer } from '../../../graph/model-graph';
import { ModelError } from '../../../model-error';
import type { NewWeights, UnsolvableLayer } from '../../../recover/linear-layer';
import { concatenate } from '../../concatenate';
import type { FileChange, ModelSource, NewFile, TextEdit } from '../../format';
import { freeFileName } from '../../free-file-name';
import { misleadsLookup, shardSizes, weightBytes } from '../blur-shard';
import { JsonDocument } from '../document';
import type { WeightEntry, WeightGroup } from '../manifest';
import { shortened, type WeightSlices } from '../weight-slices';
import { noteNewValues, type NewValues, type TfjsLinear } from './linear-weights';

/** New numbers as edits of the manifest and new shards. */
type ShardChange = Extract<FileChange, { kind: 'text' }>;

/**
 * Stores new numbers for some weights. A group's weights stand one behind the other in its shards, so every group that holds one gets
 * a new shard of its own: what does not change is copied byte for byte, what does is stored as float32, whatever it was quantised to.
 * The old shards stay as they are and belong to no group any more.
 */
async function replaceShards(
  document: JsonDocument,
  groups: readonly WeightGroup[],
  values: NewValues,
  source: ModelSource,
): Promise<ShardChange> {
  const edits: TextEdit[] = [];
  const newFiles: NewFile[] = [];
  const sizes: number[] = [];
  for (const [index, group] of groups.entries()) {
    if (!group.weights.some(({ name }) => values.has(name))) {
      sizes.push(...(await shardSizes([group], source)));
      continue;
    }
    const bytes = await newGroup(group, values, source);
    const taken = newFiles.map((file) => file.relativePath);
    const relativePath = await freeFileName(source, bytes, shardName, taken);
    newFiles.push({ relativePath, bytes });
    sizes.push(bytes.length);
    edits.push(document.replace(['weightsManifest', index, 'paths'], [relativePath]), ...dequantized(document, index, group, values));
  }
  if (sizes.length > 1 && misleadsLookup(sizes.slice(0, -1), sizes.at(-1) ?? 0)) return inOneGroup(document, groups, values, source);
  return { kind: 'text', edits, newFiles };
}

/** All groups as one, whose one shard no lookup can miss. */
async function inOneGroup(
  document: JsonDocument,
  groups: readonly WeightGroup[],
  values: NewValues,
  source: ModelSource,
): Promise<ShardChange> {
  const parts = await Promise.all(groups.map((group) => newGroup(group, values, source)));
  const bytes = concatenate(parts);
  const relativePath = await freeFileName(source, bytes, shardName);
  const weights = groups.flatMap((group) => group.weights.map((entry) => describe(entry, values.has(entry.name))));
  return {
    kind: 'text',
    edits: [document.replace(['weightsManifest'], [{ paths: [relativePath], weights }])],
    newFiles: [{ relativePath, bytes }],
  };
}

function describe({ name, shape, dtype, quantization }: WeightEntry, isNew: boolean): unknown {
  return { name, shape, dtype, ...(quantization !== undefined && !isNew && { quantization }) };
}

/** Edits that take the quantisation away from weights that are stored as numbers now. */
function dequantized(document: JsonDocument, index: number, { weights }: WeightGroup, values: NewValues): readonly TextEdit[] {
  return weights.flatMap((entry, place) =>
    values.has(entry.name) && entry.quantization !== undefined
      ? [document.replace(['weightsManifest', index, 'weights', place], describe(entry, true))]
      : [],
  );
}

/** The bytes of a group with its new numbers. @throws ModelError `truncated` */
async function newGroup({ paths, weights }: WeightGroup, values: NewValues, source: ModelSource): Promise<Uint8Array> {
  const shards = await Promise.all(paths.map(async (path) => (await source.readSibling(path)) ?? new Uint8Array()));
  const old = concatenate(shards);
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const { name, byteOffset, byteLength } of weights) {
    const bytes = old.subarray(byteOffset, byteOffset + byteLength);
    if (bytes.length < byteLength) throw new ModelError('truncated', t`"${source.path}" has weight files that end before "${name}".`);
    parts.push(values.has(name) ? weightBytes([{ dtype: 'float32', values: values.get(name) ?? [] }]) : bytes);
    end = byteOffset + byteLength;
  }
  return concatenate([...parts, old.subarray(end)]);
}

const shardName = (count: number): string => `shiftlint-recovered-${count}.bin`;

/**
 * Puts new weights of linear layers into a model.
 *
 * @param find tells its linear layers
 * @throws ModelError `unsupported` for a layer whose weights cannot be replaced
 */
export async function replaceWeights(
  { text, groups, weights: slices }: StoredModel,
  layers: readonly Layer[],
  find: FindLinear,
  wanted: NewWeights,
  source: ModelSource,
): Promise<FileChange> {
  const values: NewValues = new Map();
  for (const layer of layers) {
    const weights = wanted.get(layer.name);
    const found = weights && find(layer);
    if (weights === undefined) continue;
    if (found === undefined || 'reason' in found)
      throw new ModelError('unsupported', t`The weights of "${layer.name}" in "${source.path}" cannot be replaced.`);
    await noteNewValues(values, found, weights, slices);
  }
  return replaceShards(new JsonDocument(text), groups, byEntry(values, groups), source);
}

/** Files may name the cell of a layer as well (`layer/cell/kernel`): the same numbers by the names that the file has. */
function byEntry(values: NewValues, groups: readonly WeightGroup[]): NewValues {
  const entries = groups.flatMap(({ weights }) => weights);
  const exact = new Set(entries.map(({ name }) => name));
  return new Map(
    entries.flatMap(({ name }) => {
      const short = shortened(name);
      const found = values.get(name) ?? (exact.has(short) ? undefined : values.get(short));
      return found === undefined ? [] : [[name, found] as const];
    }),
  );
}

/** A model's text and what stands in its files of weights. */
export interface StoredModel {
  readonly text: string;
  readonly groups: readonly WeightGroup[];
  readonly weights: WeightSlices;
}

/** How a format tells its linear layers. */
export type FindLinear = (layer: Layer) => TfjsLinear | UnsolvableLayer | undefined;
