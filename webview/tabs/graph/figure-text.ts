import { t } from '@vscode/l10n';
import type { LayerRow } from '../../../src/panel-protocol/model';

/** A count with its thousands apart. */
export function exactCount(count: number | null): string {
  return count === null ? t`not known` : count.toLocaleString('en');
}

/** How much of the image a value is made of. */
export function fieldInWords(field: LayerRow['receptiveField']): string {
  if (field === null) return t`not known`;
  const { size, isGlobal } = field;
  if (size === null) return isGlobal ? t`the whole image` : t`none of the image`;
  const pixels = `${size[0] === size[1] ? `${size[0]}` : size.join(' × ')} px`;
  return isGlobal ? t`${pixels}, and the whole image besides` : pixels;
}
