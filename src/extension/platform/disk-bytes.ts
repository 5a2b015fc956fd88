import { constants } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { inMemory, type ByteSource } from '../../core/formats/byte-source';
import { fileBytes } from '../../engine/input/source';
import { disk } from '../../engine/output/file-system';
import { removeLeftovers } from '../../engine/output/leftovers';
import { temporaryNames } from '../../engine/output/temporary-file';

/** Files up to this size are simply read. */
const readWholeUpTo = 64 * 1024 * 1024;

/** A file's bytes, read from disk where and when they are needed; whole from file systems that only exist in the editor. */
export async function diskBytes(uri: vscode.Uri): Promise<ByteSource> {
  if (uri.scheme !== 'file') return inMemory(await vscode.workspace.fs.readFile(uri));
  const { size } = await vscode.workspace.fs.stat(uri);
  return fileBytes(uri.fsPath, size);
}

/** Bytes that stay what they are, whatever becomes of the file that they were read from. */
export interface StableBytes {
  readonly bytes: ByteSource;
  dispose(): void;
}

/** Reads a small file, and copies a large one aside (without copying where the file system can share blocks). */
export async function stableBytes(uri: vscode.Uri): Promise<StableBytes> {
  const { size } = await vscode.workspace.fs.stat(uri);
  if (uri.scheme !== 'file' || size <= readWholeUpTo) {
    return { bytes: inMemory(await vscode.workspace.fs.readFile(uri)), dispose: () => undefined };
  }
  await removeLeftovers(tmpdir(), disk);
  const copy = path.join(tmpdir(), temporaryNames()(0));
  await copyFile(uri.fsPath, copy, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  return { bytes: fileBytes(copy, size), dispose: () => void rm(copy, { force: true }) };
}
