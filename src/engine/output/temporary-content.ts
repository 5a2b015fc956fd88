import type { Stats } from 'node:fs';
import { t } from '@vscode/l10n';
import { ModelError } from '../../core/model-error';
import { hasCode, type WritingFileSystem } from './file-system';

/** What a file is to hold. Content that comes piece by piece is never held whole. */
export type Content = Uint8Array | string | AsyncIterable<Uint8Array>;

/** Who may read a file while it is written in place of another one. */
const onlyOwner = 0o600;
const permissions = 0o7777;

/**
 * Makes a file whose bytes are on the disk, not merely on the way there.
 *
 * @param replaced what it is going to replace, whose mode and owner it gets
 */
export async function writeTemporary(
  file: string,
  content: Content,
  replaced: Stats | undefined,
  fileSystem: WritingFileSystem,
): Promise<void> {
  const handle = await fileSystem.open(file, 'wx', replaced === undefined ? undefined : onlyOwner);
  try {
    if (typeof content === 'string' || content instanceof Uint8Array) await handle.writeFile(content);
    else for await (const bytes of reading(content)) await handle.writeFile(bytes);
    if (replaced !== undefined) {
      // Changing the owner takes bits of the mode away. Only the administrator can, and nobody else needs to.
      const { uid, gid, mode } = replaced;
      const present = await handle.stat();
      if (present.uid !== uid || present.gid !== gid) await handle.chown(uid, gid).catch(() => undefined);
      await handle.chmod(mode & permissions);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Brings the names of a folder onto the disk, where the system has that. */
export async function syncFolder(folder: string, fileSystem: WritingFileSystem): Promise<void> {
  try {
    const handle = await fileSystem.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!hasCode(error, 'EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EBADF')) throw error;
  }
}

/** A file that cannot be read while another one is made of it is not one that cannot be written. @throws ModelError `unreadable` */
async function* reading(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error) || error instanceof ModelError) throw error;
    throw new ModelError(
      'unreadable',
      t`A file of the model could not be read while it was copied (${String(error.code)}), so nothing was written.`,
    );
  }
}
