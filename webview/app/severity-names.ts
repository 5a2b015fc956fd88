import { t } from '@vscode/l10n';
import type { Severity } from '../../src/panel-protocol/core/severity';

/** What severities are called. */
export const severityNames: Readonly<Record<Severity, string>> = {
  error: t`error`,
  warning: t`warning`,
  information: t`information`,
  hint: t`hint`,
};
