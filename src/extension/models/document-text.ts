import * as vscode from 'vscode';
import { partLength } from '../../engine/protocol/parts';
import { changedMeanwhile } from './changed-meanwhile';

/** The beginning of a document's text, about so many characters of it. */
export function documentHead(document: vscode.TextDocument, length: number): string {
  const start = new vscode.Position(0, 0);
  return document.getText(new vscode.Range(start, placeBehind(document, start, length)));
}

/**
 * The text of a document in parts, with turns of the editor in between: all of a large one at once would hold it up.
 *
 * @param version of the document that is wanted @throws Error where it is another one by now
 */
export async function documentText(document: vscode.TextDocument, version: number): Promise<readonly string[]> {
  const parts: string[] = [];
  for (let from = new vscode.Position(0, 0), isAll = false; !isAll;) {
    if (parts.length > 0) await new Promise((resolve) => setImmediate(resolve));
    if (document.version !== version) throw changedMeanwhile(document.uri);
    const to = placeBehind(document, from, partLength);
    parts.push(document.getText(new vscode.Range(from, to)));
    isAll = to.isEqual(from) || to.isEqual(endOf(document));
    from = to;
  }
  return parts;
}

/** A place so many characters further on, or the end. Offsets would have the editor walk over all lines of the document first. */
function placeBehind(document: vscode.TextDocument, { line, character }: vscode.Position, length: number): vscode.Position {
  let left = length;
  for (let current = line, start = character; current < document.lineCount; current++, start = 0) {
    const rest = document.lineAt(current).text.length - start;
    if (rest >= left) return new vscode.Position(current, start + left);
    left -= rest + 1;
  }
  return endOf(document);
}

function endOf(document: vscode.TextDocument): vscode.Position {
  return document.lineAt(document.lineCount - 1).range.end;
}
