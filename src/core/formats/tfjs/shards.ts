import { t } from '@vscode/l10n';
import type { ModelSource } from '../format';
import { missingWeights } from '../missing-weights';
import { isStoragePointer } from '../storage-pointer';
import { ModelError } from '../../model-error';
import type { WeightGroup } from './manifest';

/** Which files of weights are not there. */
export interface MissingShards {
  readonly groups: ReadonlySet<WeightGroup>;
  /** Says which; undefined where none is missing. */
  readonly error: ModelError | undefined;
}

/** Looks for every shard, and that it is long enough. @throws ModelError `truncated` or `outside-folder` */
export async function missingShards(groups: readonly WeightGroup[], source: ModelSource): Promise<MissingShards> {
  const missing: string[] = [];
  const incomplete = new Set<WeightGroup>();
  for (const group of groups) {
    const absent = await missingOf(group, source);
    if (absent.length > 0) incomplete.add(group);
    missing.push(...absent);
  }
  return { groups: incomplete, error: missing.length === 0 ? undefined : missingWeights(source.path, missing) };
}

/** The shards of a group that are not there; where all are, they must be as long as the manifest says. */
async function missingOf({ paths, weights }: WeightGroup, source: ModelSource): Promise<readonly string[]> {
  const missing: string[] = [];
  let available = 0;
  for (const path of paths) {
    const size = await source.siblingSize(path);
    if (size === undefined || (await isStoragePointer(size, (length) => source.readSiblingRange(path, 0, length)))) missing.push(path);
    else available += size;
  }
  const last = weights.at(-1);
  const needed = last === undefined ? 0 : last.byteOffset + last.byteLength;
  if (missing.length > 0 || available >= needed) return missing;
  const named = `"${paths.join('", "')}"`;
  throw new ModelError(
    'truncated',
    paths.length === 1
      ? t`The weight file ${named} of "${source.path}" has ${available} bytes, but the manifest needs ${needed}.`
      : t`The weight files ${named} of "${source.path}" have ${available} bytes, but the manifest needs ${needed}.`,
  );
}

/** The error for a model that does not say where its weights lie. */
export function noManifest(path: string): ModelError {
  return new ModelError(
    'missing-weights',
    t`"${path}" has no "weightsManifest", so it does not say where its weights lie: it is judged without them, and can be neither fixed nor measured.`,
  );
}
