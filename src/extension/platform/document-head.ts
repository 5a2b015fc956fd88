import * as vscode from 'vscode';

/** Characters of a document, which need not be fetched to be counted. */
export function documentLength(document: vscode.TextDocument): number {
  return document.offsetAt(endOf(document));
}

/** The beginning of a document's text, about so many characters of it. */
export function documentHead(document: vscode.TextDocument, length: number): string {
  const start = new vscode.Position(0, 0);
  return document.getText(new vscode.Range(start, placeBehind(document, start, length)));
}

/** A place so many characters further on, or the end. Offsets would have the editor walk over all lines of the document first. */
export function placeBehind(document: vscode.TextDocument, { line, character }: vscode.Position, length: number): vscode.Position {
  let left = length;
  for (let current = line, start = character; current < document.lineCount; current++, start = 0) {
    const rest = document.lineAt(current).text.length - start;
    if (rest >= left) return new vscode.Position(current, start + left);
    left -= rest + 1;
  }
  return endOf(document);
}

/** The end of a document. */
export function endOf(document: vscode.TextDocument): vscode.Position {
  return document.lineAt(document.lineCount - 1).range.end;
}
