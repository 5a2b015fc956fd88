import { t } from '@vscode/l10n';
import { strideText } from '../../core/rules/wording';
import type { CodeFinding } from '../finding';

/** `stride 2`; `its stride` where that is not known. */
export function strideLabel({ stride }: CodeFinding): string {
  return stride.includes(null) ? t('its stride') : t`stride ${strideText(stride)}`;
}
