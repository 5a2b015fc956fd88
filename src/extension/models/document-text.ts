import * as vscode from 'vscode';
import { partLength } from '../../engine/protocol/parts';
import { endOf, placeBehind } from '../platform/document-head';
import { changedMeanwhile } from './changed-meanwhile';

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
