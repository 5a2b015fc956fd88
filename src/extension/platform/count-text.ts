import { t } from '@vscode/l10n';

/** `no findings`, `1 finding`, `3 findings`. */
export function countText(count: number): string {
  if (count === 0) return t`no findings`;
  return count === 1 ? t`1 finding` : t`${count} findings`;
}

/** How many of a model's or a document's findings have a fix in it. */
export function fixableText(count: number): string {
  return count === 0 ? t`none can be fixed here` : t`${count} can be fixed here`;
}
