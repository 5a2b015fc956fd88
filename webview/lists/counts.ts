import { t } from '@vscode/l10n';

/** How many layers there are, in words. */
export function layerCountText(count: number): string {
  return count === 1 ? t`1 layer` : t`${count} layers`;
}

/** How many findings there are, one at least. */
export function findingCountText(count: number): string {
  return count === 1 ? t`1 finding` : t`${count} findings`;
}
