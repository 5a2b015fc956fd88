import { config } from '@vscode/l10n';
import * as vscode from 'vscode';

/**
 * Sets the language of this process's texts. The entry imports it before everything else, so that texts which modules make
 * while they load are translated too.
 */
if (vscode.l10n.bundle !== undefined) config({ contents: vscode.l10n.bundle });
