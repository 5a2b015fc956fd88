import { existsSync } from 'node:fs';
import { config } from '@vscode/l10n';
import { translationsVariable } from '../protocol/translations-variable';

/**
 * Sets the language of this process's messages. Entries import it before everything else, so that texts which modules make
 * while they load are translated too. The file may be gone: VS Code removes an extension while a window still has it.
 */
const file = process.env[translationsVariable];
if (file !== undefined && existsSync(file)) config({ fsPath: file });
