import { t } from '@vscode/l10n';
import type { Rule } from './rule';

/** A window layer in source code whose stride depends on what cannot be seen in its file. */
export const dynamicStride = {
  id: 'dynamic-stride',
  defaultSeverity: 'off',
  summary: t('Layer in code whose stride is not known from its file.'),
  message: ({ title }) =>
    t`The stride of ${title} is not known from this file, so it may subsample without a low-pass filter. Where it can be above 1, convolve or pool at stride 1 and give the stride to a BlurPool.`,
} as const satisfies Rule;
