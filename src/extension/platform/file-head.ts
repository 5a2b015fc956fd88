import * as vscode from 'vscode';
import { ModelError } from '../../core/model-error';
import { readRegularRange } from '../../engine/input/regular-file';

/** File systems of the editor alone give files as a whole: larger ones are not looked at. */
const largestWhole = 1 << 22;

/** The first bytes of a file; undefined for what cannot be read so, or is no regular file. */
export async function fileHead(uri: vscode.Uri, length: number): Promise<Uint8Array | undefined> {
  try {
    if (uri.scheme === 'file') return await readRegularRange(uri.fsPath, 0, length);
    const { size } = await vscode.workspace.fs.stat(uri);
    return size > largestWhole ? undefined : (await vscode.workspace.fs.readFile(uri)).subarray(0, length);
  } catch (error) {
    if (error instanceof ModelError || error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}
