import * as vscode from 'vscode';
import type { FileChange } from '../../core/formats/format';

/** A change of a JSON model as one undoable edit: changes in the document, and weight shards created beside it. */
export function workspaceEditOf(document: vscode.TextDocument, change: Extract<FileChange, { kind: 'text' }>): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { relativePath, bytes } of change.newFiles) {
    edit.createFile(vscode.Uri.joinPath(document.uri, '..', relativePath), { contents: bytes });
  }
  for (const { offset, length, text } of change.edits) {
    edit.replace(document.uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)), text);
  }
  return edit;
}
