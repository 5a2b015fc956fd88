import { constants } from 'node:fs';
import { copyFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { disk } from '../../engine/output/file-system';
import { removeLeftovers } from '../../engine/output/leftovers';
import { writeTemporary } from '../../engine/output/temporary-content';
import { temporaryNames } from '../../engine/output/temporary-file';
import type { SentContent } from '../../engine/protocol/payload';

/** What a file held, whatever becomes of the file. */
export interface StableCopy {
  readonly content: SentContent;
  dispose(): void;
}

/** Copies a file aside (without copying where the file system can share blocks); one of a file system of the editor alone is read. */
export async function stableCopy(uri: vscode.Uri): Promise<StableCopy> {
  if (uri.scheme !== 'file') return { content: { bytes: await vscode.workspace.fs.readFile(uri) }, dispose: () => undefined };
  const file = await temporaryName();
  await copyFile(uri.fsPath, file, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  const { size, mtime } = await stat(file);
  return {
    content: { content: { file, size, modified: mtime.getTime(), pieces: null } },
    dispose: () => void rm(file, { force: true }),
  };
}

/** Bytes in a file of their own, for whoever moves it to its place; one that is left behind goes once this window is gone. */
export async function temporaryFile(bytes: Uint8Array): Promise<vscode.Uri> {
  const file = await temporaryName();
  await writeTemporary(file, bytes, undefined, disk);
  return vscode.Uri.file(file);
}

async function temporaryName(): Promise<string> {
  await removeLeftovers(tmpdir(), disk);
  return path.join(tmpdir(), temporaryNames()(0));
}
