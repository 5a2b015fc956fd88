import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { labelsFromFolders, parseLabels } from '../../../core/consistency/labels';
import { ModelError } from '../../../core/model-error';
import type { Shard } from '../../../core/report/consistency-report';
import type { ImageFile } from '../../protocol/classifying';

const imageName = /\.(?:jpe?g|png|bmp|tiff?|webp)$/i;

/**
 * The images of a folder and its subfolders, in order of their names, with their true classes where a labels file or
 * subfolders tell them.
 * @throws ModelError
 */
export async function imagesOf(
  folder: string,
  labelsFile: { readonly path: string; readonly bytes: Uint8Array } | undefined,
  shard: Shard | null,
): Promise<readonly ImageFile[]> {
  const names = await imageNames(folder);
  if (names.length === 0) throw new ModelError('unreadable', `"${folder}" holds no image (jpg, png, webp, bmp, tif).`);
  const labels =
    labelsFile === undefined ? labelsFromFolders(names) : parseLabels(new TextDecoder().decode(labelsFile.bytes), labelsFile.path);
  const unknown = labelsFile === undefined ? undefined : [...labels.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new ModelError('malformed', `"${labelsFile?.path ?? ''}" names "${unknown}", which "${folder}" does not hold.`);
  return names
    .map((name): ImageFile => ({ name, path: path.join(folder, name), label: labels.get(name) ?? null }))
    .filter((_, index) => shard === null || index % shard.count === shard.index);
}

async function imageNames(folder: string): Promise<readonly string[]> {
  let entries;
  try {
    entries = await readdir(folder, { recursive: true, withFileTypes: true });
  } catch {
    throw new ModelError('unreadable', `"${folder}" is not a folder that can be read.`);
  }
  return entries
    .filter((entry) => !entry.isDirectory() && imageName.test(entry.name))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort((a, b) => (a < b ? -1 : 1));
}
