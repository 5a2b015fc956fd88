import { t } from '@vscode/l10n';
import type { GraphRule } from './rule';
import { strideText } from './wording';

/** A low-pass filter that guards a subsampling, but not well. */
export const weakBlur = {
  id: 'weak-blur',
  defaultSeverity: 'information',
  summary: t('Blur that is too narrow for its stride, not normalised, or in front of the nonlinearity.'),
  denseStep: 'average',
  concerns: (layer, context) => context.weakness(layer) !== undefined,
  detail: (layer, context) => context.weakness(layer) ?? '',
  message: ({ title, detail = '' }) => t`${title} blurs before samples are dropped, but ${detail}.`,
} as const satisfies GraphRule;

/** A filter that does not reach from one kept sample to the next; read on after "blurs before samples are dropped, but". */
export function tooNarrow(samples: number, stride: readonly (number | null)[]): string {
  return t`its ${samples} samples are fewer than the stride ${strideText(stride)}, so some samples are never seen. Use a filter wider than the stride`;
}

/** A filter in front of the nonlinearity (Zhang 2019, section 3.3), by its name where there is one. */
export function tooEarly(activation?: string): string {
  return activation === undefined
    ? t('it stands in front of the nonlinearity, which brings back frequencies beyond the new grid. Let the blur follow it')
    : t`it stands in front of the nonlinearity "${activation}", which brings back frequencies beyond the new grid. Let the blur follow it`;
}
