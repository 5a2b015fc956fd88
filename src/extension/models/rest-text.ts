import { t } from '@vscode/l10n';

/** Said where a list shows the first of many findings. */
export function restText(shown: number, count: number): string {
  return t`The first ${shown} of ${count} findings are listed. "shiftlint lint" prints them all, and "Fix all" mends them all.`;
}
