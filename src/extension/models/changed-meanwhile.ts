import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { displayPath } from '../platform/display-path';

/** The error of an edit whose file is not what it was made from any more. */
export function changedMeanwhile(uri: vscode.Uri): Error {
  return new Error(t`${displayPath(uri)} changed while the fix was prepared, so nothing was changed: try again.`);
}
