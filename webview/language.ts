import { config } from '@vscode/l10n';

/**
 * Sets the language of the page's texts, by the translations that its HTML holds. Entries import it before everything else,
 * so that texts which modules make while they load are translated too.
 */
const translations = document.getElementById('translations')?.textContent;
if (translations !== undefined) config({ contents: translations });
