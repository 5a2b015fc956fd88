import { closeSync, constants, fstatSync, openSync, readFileSync, statSync, type Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import { ModelError } from '../../core/model-error';

/**
 * Opens only what is a regular file, links followed: a pipe would wait for a writer, a device may never end or do something. What it is
 * is asked before it is opened, since opening a device can have effects, and again of what was opened, since it may have been exchanged in
 * between; `O_NONBLOCK` keeps a pipe that came in between from waiting.
 */
const known: Partial<typeof constants> = constants; // Windows has no O_NONBLOCK and no O_NOCTTY.
const flags = constants.O_RDONLY | (known.O_NONBLOCK ?? 0) | (known.O_NOCTTY ?? 0);

/** A file is read whole up to this many bytes; larger ones are read where they are needed. */
const largestWhole = 2 ** 31 - 1;

/** @throws ModelError `unreadable` for anything but a regular file, and where it cannot be opened; the caller closes it */
export async function openRegularFile(path: string): Promise<FileHandle> {
  return unreadableNamed(path, async () => {
    requireRegular(path, await stat(path));
    const file = await open(path, flags);
    try {
      requireRegular(path, await file.stat());
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  });
}

/** The same at once, as a descriptor that the caller closes. */
export function openRegularFileSync(path: string): number {
  try {
    requireRegular(path, statSync(path));
    const descriptor = openSync(path, flags);
    try {
      requireRegular(path, fstatSync(descriptor));
      return descriptor;
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * All bytes of a regular file.
 * @param most bytes that are of use @throws ModelError `unreadable`, and `too-large` for more bytes
 */
export async function readRegularFile(path: string, most = largestWhole): Promise<Uint8Array> {
  const file = await openRegularFile(path);
  try {
    const { size } = await file.stat();
    requireAtMost(path, size, most);
    return new Uint8Array(await unreadableNamed(path, () => file.readFile()));
  } finally {
    await file.close();
  }
}

/** The same at once, for many small files: each wait would cost more than the file. */
export function readRegularFileSync(path: string, most = largestWhole): Uint8Array {
  const descriptor = openRegularFileSync(path);
  try {
    requireAtMost(path, fstatSync(descriptor).size, most);
    return readFileSync(descriptor);
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    closeSync(descriptor);
  }
}

function requireAtMost(path: string, size: number, most: number): void {
  if (size > most) throw new ModelError('too-large', t`"${path}" has ${size} bytes, and at most ${most} are read of such a file.`);
}

/** A part of a regular file, fewer bytes only where it ends. @throws ModelError `unreadable` */
export async function readRegularRange(path: string, offset: number, length: number): Promise<Uint8Array> {
  const file = await openRegularFile(path);
  try {
    return await unreadableNamed(path, async () => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, (await file.stat()).size - offset)));
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, offset + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return bytes.subarray(0, done);
    });
  } finally {
    await file.close();
  }
}

/** Why something could not be read, as a full sentence that names it. @param model that it is a file of */
export function unreadable(path: string, error: unknown, model?: string): ModelError {
  if (error instanceof ModelError) return error;
  const told =
    model === undefined
      ? t`"${path}" could not be read: ${reasonOf(error)}.`
      : t`"${path}" of "${model}" could not be read: ${reasonOf(error)}.`;
  return new ModelError('unreadable', told, { cause: error });
}

/** A system's error in words. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: t('there is no such file'),
  ENOTDIR: t('a part of its path is no folder'),
  EISDIR: t('it is a folder, not a file'),
  EACCES: t('its permissions do not allow it'),
  EPERM: t('the system does not allow it'),
  ELOOP: t('its links lead in a circle'),
  ENAMETOOLONG: t('its name is too long'),
  ENXIO: t('it is a socket or a device, not a file'),
  EMFILE: t('too many files are open'),
  EIO: t('the disk reports an error'),
  ERR_INVALID_ARG_VALUE: t('its name holds a null character'),
  ERR_FS_FILE_TOO_LARGE: t('it is too large to be read whole'),
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return (code === undefined ? undefined : reasons[code]) ?? (error instanceof Error ? error.message : String(error));
}

async function unreadableNamed<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** @throws ModelError `unreadable` where something is no regular file */
export function requireRegular(path: string, stats: Stats): void {
  if (!stats.isFile()) throw new ModelError('unreadable', t`"${path}" could not be read: it is ${kindOf(stats)}, not a file.`);
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return t('a folder');
  if (stats.isFIFO()) return t('a pipe');
  return stats.isSocket() ? t('a socket') : t('a device');
}
