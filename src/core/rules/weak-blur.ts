import type { GraphRule } from './rule';

/** A low-pass filter that guards a subsampling, but not well. */
export const weakBlur = {
  id: 'weak-blur',
  defaultSeverity: 'information',
  summary: 'Blur that is too narrow for its stride, not normalised, or in front of the nonlinearity.',
  concerns: (layer, context) => context.weakness(layer) !== undefined,
  detail: (layer, context) => context.weakness(layer) ?? '',
  message: ({ title, detail = '' }) => `${title} blurs before samples are dropped, but ${detail}.`,
} as const satisfies GraphRule;
