import * as vscode from 'vscode';
import type { ModelReader } from '../../engine/host/model-reader';
import type { OnnxDocument } from './onnx-document';
import { readableModel } from './readable';
import type { ModelStore } from './store';

/**
 * Saves an ONNX model elsewhere as it is in its editor. In another folder it needs the files of its weights too, which go beside it
 * under names of its own.
 *
 * @param destination a file that the user has named
 * @returns the files written besides it @throws ModelError, EngineError, vscode.FileSystemError
 */
export async function saveModelAs(
  document: OnnxDocument,
  destination: vscode.Uri,
  { store, reader }: { readonly store: ModelStore; readonly reader: ModelReader },
): Promise<readonly vscode.Uri[]> {
  const { uri } = document;
  const isElsewhere = folderOf(uri) !== folderOf(destination);
  const areFiles = uri.scheme === 'file' && destination.scheme === 'file';
  const model = areFiles && isElsewhere ? await store.current(uri).catch(() => undefined) : undefined;
  if (model?.hasWeightFiles !== true) {
    await document.saveAs(destination);
    return [];
  }
  const files = await reader.ask('write-copy', readableModel(model), { file: destination.fsPath });
  return files.filter((file) => file !== destination.fsPath).map((file) => vscode.Uri.file(file));
}

function folderOf(uri: vscode.Uri): string {
  return vscode.Uri.joinPath(uri, '..').toString();
}
