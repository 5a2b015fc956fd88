import * as vscode from 'vscode';
import type { ByteSource } from '../../core/formats/byte-source';
import type { ModelSource } from '../../core/formats/format';
import { ModelError } from '../../core/model-error';
import { placedSource } from '../../engine/input/source';
import { displayPath } from '../platform/display-path';

/**
 * A model file with the files of its folder. On disk the engine's own source is used, so that what may be read for
 * judging is what may be read for measuring; other file systems (virtual workspaces) go through the editor.
 */
export function modelSource(uri: vscode.Uri, bytes: ByteSource): ModelSource {
  const folder = vscode.Uri.joinPath(uri, '..');
  const path = displayPath(uri);
  if (uri.scheme === 'file') return placedSource({ path, folder: folder.fsPath, overlay: {} }, bytes);
  const resolve = (relativePath: string): vscode.Uri => insideFolder(folder, relativePath, path);
  return {
    path,
    size: bytes.size,
    read: (offset, length) => bytes.read(offset, length),
    readSibling: (relativePath) => orMissing(() => vscode.workspace.fs.readFile(resolve(relativePath))),
    siblingSize: (relativePath) => orMissing(async () => (await vscode.workspace.fs.stat(resolve(relativePath))).size),
    readSiblingRange: (relativePath, offset, length) =>
      orMissing(async () => (await vscode.workspace.fs.readFile(resolve(relativePath))).subarray(offset, offset + length)),
  };
}

/** The error of an edit whose file is not what it was made from any more. */
export function changedMeanwhile(uri: vscode.Uri): Error {
  return new Error(`${displayPath(uri)} changed while the fix was prepared, so nothing was changed: try again.`);
}

function insideFolder(folder: vscode.Uri, relativePath: string, modelPath: string): vscode.Uri {
  const segments = relativePath.split(/[\\/]/);
  const absolute = /^([a-z][a-z0-9+.-]*:|[\\/])/i.test(relativePath);
  if (absolute || segments.includes('..')) {
    throw new ModelError(
      'outside-folder',
      `${modelPath} asks for "${relativePath}", which lies outside the model's folder; Shiftlint reads only files beside the model.`,
    );
  }
  return vscode.Uri.joinPath(folder, ...segments);
}

async function orMissing<T>(read: () => Thenable<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}
