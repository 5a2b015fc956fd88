import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { pieceBytes, readAll, type ByteSource } from '../../core/formats/byte-source';

/**
 * Replaces a file so that a crash leaves either the old or the new bytes, never a mixture: on disk the bytes go to a
 * temporary file beside it, which is then renamed (links are followed, the file's mode is kept). Other file systems
 * get the editor's own write.
 */
export async function writeAtomically(uri: vscode.Uri, bytes: ByteSource): Promise<void> {
  if (uri.scheme !== 'file') {
    await vscode.workspace.fs.writeFile(uri, await readAll(bytes));
    return;
  }
  const target = await existing(() => realpath(uri.fsPath), uri.fsPath);
  const mode = await existing(async () => (await stat(target)).mode, 0o666);
  const temporary = join(dirname(target), `.shiftlint-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      // Each call goes on where the one before ended.
      for await (const part of pieceBytes(bytes, [{ start: 0, end: bytes.size }])) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function existing<T>(read: () => Promise<T>, whenMissing: T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return whenMissing;
    throw error;
  }
}
