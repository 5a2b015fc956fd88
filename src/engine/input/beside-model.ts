import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { ModelPlace } from '../protocol/payload';

/** The real path of a file beside a model, and whether it lies in the model's folder itself. */
export interface FoundBeside {
  readonly realPath: string;
  readonly isInFolder: boolean;
}

/**
 * Follows a file's links: to the model's folder, or to where the model's own file leads, which its user has asked for and its author
 * cannot choose. Undefined where they lead elsewhere. @throws Error of the file system
 */
export async function followBeside({ folder, file }: ModelPlace, wanted: string): Promise<FoundBeside | undefined> {
  const [realFolder, realPath] = await Promise.all([realpath(folder), realpath(wanted)]);
  if (isInside(realFolder, realPath)) return { realPath, isInFolder: true };
  if (file === undefined) return undefined;
  const model = await realpath(file);
  const isAllowed = isInside(path.dirname(model), realPath) || isInStoreOf(model, realPath);
  return isAllowed ? { realPath, isInFolder: false } : undefined;
}

function isInside(folder: string, file: string): boolean {
  const inside = path.relative(folder, file);
  return inside !== '..' && !inside.startsWith(`..${path.sep}`) && !path.isAbsolute(inside);
}

/** A store that names files by their hash keeps them in folders of its first two digits: both files are in one such store. */
function isInStoreOf(model: string, file: string): boolean {
  const store = storeOf(model);
  return store !== undefined && store === storeOf(file);
}

function storeOf(file: string): string | undefined {
  const folder = path.dirname(file);
  const isHash = /^[\da-f]{2}$/.test(path.basename(folder)) && /^[\da-f]{30,}$/.test(path.basename(file));
  return isHash ? path.dirname(folder) : undefined;
}
