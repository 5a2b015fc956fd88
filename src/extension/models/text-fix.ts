import * as vscode from 'vscode';
import type { FileChange } from '../../core/formats/format';
import { holds } from '../platform/atomic-write';
import { temporaryFile } from '../platform/stable-copy';

/** A change of a JSON model as one undoable edit: changes in the document, and files of weights that come to lie beside it. */
export interface TextFix {
  readonly edit: vscode.WorkspaceEdit;
  /** Removes what waits for an edit that is not made. */
  readonly discard: () => Promise<void>;
}

/**
 * Prepares the edit. Weights wait on the disk, from where the edit moves them and its undoing takes them back: VS Code sends what an edit
 * itself holds to its window and back, as a whole.
 *
 * @throws vscode.FileSystemError, ModelError `unwritable`
 */
export async function textFix(document: vscode.TextDocument, change: Extract<FileChange, { kind: 'text' }>): Promise<TextFix> {
  const edit = new vscode.WorkspaceEdit();
  const waiting: vscode.Uri[] = [];
  for (const { relativePath, bytes } of change.newFiles) {
    const target = vscode.Uri.joinPath(document.uri, '..', relativePath);
    // An editor that ended before the model was saved may have left it.
    if (await holds(target, bytes)) continue;
    if (document.uri.scheme === 'file') {
      const file = await temporaryFile(bytes);
      waiting.push(file);
      edit.renameFile(file, target);
    } else edit.createFile(target, { contents: bytes });
  }
  for (const { offset, length, text } of change.edits) {
    edit.replace(document.uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)), text);
  }
  const discard = async (): Promise<void> => {
    for (const file of waiting) await vscode.workspace.fs.delete(file).then(undefined, () => undefined);
  };
  return { edit, discard };
}
