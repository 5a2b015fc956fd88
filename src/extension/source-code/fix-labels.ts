import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CodeFix, FixPart } from '../../code/finding';
import type { TextEdit } from '../../core/formats/format';
import type { FixableSource } from './file-source';

/** Edits under the label that the Refactor Preview ticks them by. */
export interface LabelledEdits {
  readonly label: string;
  readonly edits: readonly TextEdit[];
}

/** The entries of a fix in the Refactor Preview: one for each layer that is fixed, and one for what all of them import. */
export function labelledParts(source: FixableSource, { title, edits, parts }: CodeFix): readonly LabelledEdits[] {
  if (parts === undefined) return [{ label: title, edits }];
  return parts.map((part) => ({ label: labelOf(source, part), edits: part.edits }));
}

/** `Line 10: Replace by MaxBlurPool2d (Tri-3)`. */
function labelOf(source: FixableSource, { does }: FixPart): string {
  const layers = does.filter(({ offset }) => offset !== null);
  const named = (layers.length === 0 ? does : layers).map(({ title, offset }) => {
    const place = offset === null ? undefined : source.locate({ start: offset, end: offset });
    return place === undefined ? title : t`${placeText(source, place)}: ${title}`;
  });
  return named.join(t`; `);
}

function placeText(source: FixableSource, { uri, range }: vscode.Location): string {
  const line = range.start.line + 1;
  if (!source.isNotebook) return t`Line ${line}`;
  const cell = vscode.workspace.notebookDocuments
    .flatMap((notebook) => notebook.getCells())
    .find(({ document }) => document.uri.toString() === uri.toString());
  return cell === undefined ? t`Line ${line}` : t`Cell ${cell.index + 1}, line ${line}`;
}
