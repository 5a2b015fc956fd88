import * as vscode from 'vscode';
import { translationsVariable } from '../../engine/protocol/translations-variable';

/** Our translations into the language of VS Code by their English texts; undefined where there are none, and texts stay English. */
export const translations = (): Readonly<Record<string, string>> | undefined => vscode.l10n.bundle;

/** The language of our texts, as HTML names it. */
export const textLanguage = (): string => (translations() === undefined ? 'en' : vscode.env.language);

/** What tells a process of ours the language of its messages. */
export function languageEnvironment(): Readonly<Record<string, string>> {
  const file = vscode.l10n.uri?.fsPath;
  return file === undefined ? {} : { [translationsVariable]: file };
}
