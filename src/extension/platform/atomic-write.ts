import * as vscode from 'vscode';
import { pieceBytes, readAll, type ByteSource } from '../../core/formats/byte-source';
import { atomicWrite } from '../../engine/output/atomic-write';

/** Replaces a file as a whole or not at all; file systems that only exist in the editor get its own write. */
export async function writeAtomically(uri: vscode.Uri, bytes: ByteSource): Promise<void> {
  if (uri.scheme === 'file') await atomicWrite(uri.fsPath, pieceBytes(bytes, [{ start: 0, end: bytes.size }]));
  else await vscode.workspace.fs.writeFile(uri, await readAll(bytes));
}
