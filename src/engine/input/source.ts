import { stat } from 'node:fs/promises';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { t } from '@vscode/l10n';
import { inMemory, type ByteSource } from '../../core/formats/byte-source';
import type { ModelSource } from '../../core/formats/format';
import { requireWithin } from '../../core/limits';
import { ModelError } from '../../core/model-error';
import type { ModelPayload, ModelPlace } from '../protocol/payload';
import { followBeside } from './beside-model';
import { readRegularFile, readRegularRange, requireRegular, unreadable } from './regular-file';

/** A model sent to the engine, as readers see it. */
export function payloadSource(model: ModelPayload): ModelSource {
  return { ...placedSource(model, inMemory(model.bytes)), whole: model.bytes };
}

/**
 * A model's bytes with the files beside it: those not yet written win over the disk; nothing outside the model's folder is
 * opened, symbolic links included, unless the model's own file is a link that leads there too.
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
      return path === undefined ? undefined : readRegularFile(path);
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
      return path === undefined ? undefined : readRegularRange(path, offset, length);
    },
  };
}

/** A file on disk that is opened for every read, so that nobody has to close it. @param size of the file when it was looked at */
export function fileBytes(path: string, size: number): ByteSource {
  return { size, read: (offset, length) => readRegularRange(path, offset, length) };
}

/** The normalised path. @throws ModelError `outside-folder` for absolute paths, schemes and `..` that leaves the folder, and for no name */
function requireRelative(model: ModelPlace, relativePath: string): string {
  requireName(model, relativePath);
  const path = normalize(relativePath);
  const hasScheme = /^[a-z][a-z\d+.-]*:/i.test(relativePath);
  if (hasScheme || isAbsolute(path) || path === '..' || path.startsWith(`..${sep}`)) throw outside(model, relativePath);
  return path;
}

/** The real path of a regular file in the model's folder; undefined where there is no such file. @throws ModelError */
export async function resolveInside(model: ModelPlace, relativePath: string): Promise<string | undefined> {
  const wanted = join(model.folder, requireRelative(model, relativePath));
  try {
    const file = (await followBeside(model, wanted))?.realPath;
    if (file === undefined) throw outside(model, relativePath);
    const stats = await stat(file);
    if (stats.isDirectory()) return undefined;
    requireRegular(relativePath, stats);
    return file;
  } catch (error) {
    if (isNodeError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw unreadable(relativePath, error, model.path);
  }
}

/** @throws ModelError for what can be no file's name, said short: such a name is made to be long */
function requireName(model: ModelPlace, relativePath: string): void {
  requireWithin('nameLength', relativePath.length, model.path);
  if (relativePath.includes('\0'))
    throw new ModelError('malformed', t`"${model.path}" names a weight file whose name holds a null character: there can be no such file.`);
}

function isNodeError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && !(error instanceof ModelError);
}

function outside(model: ModelPlace, relativePath: string): ModelError {
  return new ModelError(
    'outside-folder',
    t`"${model.path}" refers to "${relativePath}", which lies outside its own folder. Files outside a model's folder are not opened: move it beside the model.`,
  );
}

/** Whether one of these files, which were found, is a link that leads out of the model's folder. */
export async function someLeaveFolder(model: ModelPlace, relativePaths: readonly string[]): Promise<boolean> {
  for (const relativePath of relativePaths) {
    const found = await followBeside(model, join(model.folder, requireRelative(model, relativePath))).catch(() => undefined);
    if (found?.isInFolder !== true) return true;
  }
  return false;
}
