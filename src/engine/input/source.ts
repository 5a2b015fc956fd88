import { open, readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, normalize, relative, sep } from 'node:path';
import { inMemory, type ByteSource } from '../../core/formats/byte-source';
import type { ModelSource } from '../../core/formats/format';
import { ModelError } from '../../core/model-error';
import type { ModelPayload, ModelPlace } from '../protocol/payload';

/** A model sent to the engine, as readers see it. */
export function payloadSource(model: ModelPayload): ModelSource {
  return { ...placedSource(model, inMemory(model.bytes)), whole: model.bytes };
}

/**
 * A model's bytes with the files beside it: those not yet written win over the disk; nothing outside the model's folder is
 * opened, symbolic links included.
 */
export function placedSource(model: ModelPlace, bytes: ByteSource): ModelSource {
  const overlay = new Map(Object.entries(model.overlay).map(([path, content]) => [normalize(path), content]));
  const unsaved = (relativePath: string): Uint8Array | undefined => overlay.get(requireRelative(model, relativePath));
  return {
    path: model.path,
    size: bytes.size,
    read: (offset, length) => bytes.read(offset, length),
    async readSibling(relativePath) {
      const content = unsaved(relativePath);
      if (content !== undefined) return content;
      const path = await resolveInside(model, relativePath);
      return path === undefined ? undefined : new Uint8Array(await readFile(path));
    },
    async siblingSize(relativePath) {
      const content = unsaved(relativePath);
      if (content !== undefined) return content.length;
      const path = await resolveInside(model, relativePath);
      return path === undefined ? undefined : (await stat(path)).size;
    },
    async readSiblingRange(relativePath, offset, length) {
      const content = unsaved(relativePath);
      if (content !== undefined) return content.subarray(offset, offset + length);
      const path = await resolveInside(model, relativePath);
      return path === undefined ? undefined : readRange(path, offset, length);
    },
  };
}

/** A file on disk that is opened for every read, so that nobody has to close it. @param size of the file when it was looked at */
export function fileBytes(path: string, size: number): ByteSource {
  return { size, read: (offset, length) => readRange(path, offset, length) };
}

async function readRange(path: string, offset: number, length: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, (await file.stat()).size - offset)));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The normalised path. @throws ModelError `outside-folder` for absolute paths, schemes and `..` that leaves the folder */
function requireRelative(model: ModelPlace, relativePath: string): string {
  const path = normalize(relativePath);
  const hasScheme = /^[a-z][a-z\d+.-]*:/i.test(relativePath);
  if (hasScheme || isAbsolute(path) || path === '..' || path.startsWith(`..${sep}`)) throw outside(model, relativePath);
  return path;
}

/** The real path of a file in the model's folder; undefined where there is no such file. */
async function resolveInside(model: ModelPlace, relativePath: string): Promise<string | undefined> {
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

function outside(model: ModelPlace, relativePath: string): ModelError {
  return new ModelError(
    'outside-folder',
    `"${model.path}" refers to "${relativePath}", which lies outside its own folder. Files outside a model's folder are not opened: move it beside the model.`,
  );
}
