import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, normalize, relative, sep } from 'node:path';
import { ModelError, type ModelSource } from '../core/formats/format';
import type { ModelPayload } from './protocol';

/**
 * A model sent to the engine, as readers see it: files not yet written win over the disk; nothing outside the model's
 * folder is opened, symbolic links included.
 */
export function payloadSource(model: ModelPayload): ModelSource {
  const overlay = new Map(Object.entries(model.overlay).map(([path, bytes]) => [normalize(path), bytes]));
  const onDisk = (relativePath: string): Promise<string | undefined> => resolveInside(model, relativePath);
  return {
    path: model.path,
    bytes: model.bytes,
    async readSibling(relativePath) {
      const unsaved = overlay.get(requireRelative(model, relativePath));
      if (unsaved !== undefined) return unsaved;
      const path = await onDisk(relativePath);
      return path === undefined ? undefined : new Uint8Array(await readFile(path));
    },
    async siblingSize(relativePath) {
      const unsaved = overlay.get(requireRelative(model, relativePath));
      if (unsaved !== undefined) return unsaved.length;
      const path = await onDisk(relativePath);
      return path === undefined ? undefined : (await stat(path)).size;
    },
  };
}

/** The normalised path. @throws ModelError `outside-folder` for absolute paths, schemes and `..` that leaves the folder */
function requireRelative(model: ModelPayload, relativePath: string): string {
  const path = normalize(relativePath);
  const hasScheme = /^[a-z][a-z\d+.-]*:/i.test(relativePath);
  if (hasScheme || isAbsolute(path) || path === '..' || path.startsWith(`..${sep}`)) throw outside(model, relativePath);
  return path;
}

/** The real path of a file in the model's folder; undefined where there is no such file. */
async function resolveInside(model: ModelPayload, relativePath: string): Promise<string | undefined> {
  const wanted = join(model.folder, requireRelative(model, relativePath));
  try {
    const [folder, file] = await Promise.all([realpath(model.folder), realpath(wanted)]);
    const inside = relative(folder, file);
    if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) throw outside(model, relativePath);
    return (await stat(file)).isFile() ? file : undefined;
  } catch (error) {
    if (isNodeError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw error;
  }
}

function isNodeError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && !(error instanceof ModelError);
}

function outside(model: ModelPayload, relativePath: string): ModelError {
  return new ModelError(
    'outside-folder',
    `"${model.path}" refers to "${relativePath}", which lies outside its own folder. Files outside a model's folder are not opened: move it beside the model.`,
  );
}
