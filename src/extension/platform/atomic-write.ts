import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { inMemory, pieceBytes, readAll, type ByteSource } from '../../core/formats/byte-source';
import { atomicWrite, writeUnlessThere } from '../../engine/output/atomic-write';
import { hasCode } from '../../engine/output/file-system';
import { holdsBytes } from '../../engine/output/same-bytes';
import { unwritable } from '../../engine/output/write-failure';
import { displayPath } from './display-path';
import { exists } from './exists';

/** Replaces a file that the user has named as a whole or not at all; file systems that only exist in the editor get its own write. */
export async function writeAtomically(uri: vscode.Uri, bytes: ByteSource): Promise<void> {
  if (uri.scheme === 'file') await atomicWrite(uri.fsPath, pieceBytes(bytes, [{ start: 0, end: bytes.size }]));
  else await vscode.workspace.fs.writeFile(uri, await readAll(bytes));
}

/** Writes a text to a file that the user has named. */
export function writeText(uri: vscode.Uri, text: string): Promise<void> {
  return writeAtomically(uri, inMemory(new TextEncoder().encode(text)));
}

/**
 * Makes a file that nobody has named, so that it never replaces one; false where these very bytes lie there already.
 *
 * @throws ModelError `unwritable` where another file lies there
 */
export async function createFile(uri: vscode.Uri, bytes: Uint8Array): Promise<boolean> {
  if (uri.scheme === 'file') return writeUnlessThere(uri.fsPath, bytes);
  if (await holds(uri, bytes)) return false;
  if (await exists(uri)) throw unwritable(displayPath(uri), t`there is a file of that name, which stays as it is`);
  await vscode.workspace.fs.writeFile(uri, bytes);
  return true;
}

/** True for a file with exactly these bytes. */
export async function holds(uri: vscode.Uri, bytes: Uint8Array): Promise<boolean> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size === bytes.length && uri.scheme === 'file')
      return await holdsBytes(uri.fsPath, size, (from, length) => bytes.subarray(from, from + length));
    return size === bytes.length && Buffer.compare(await vscode.workspace.fs.readFile(uri), bytes) === 0;
  } catch (error) {
    if (error instanceof vscode.FileSystemError || hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}
