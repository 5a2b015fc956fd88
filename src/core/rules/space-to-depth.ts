import { t } from '@vscode/l10n';
import type { GraphRule } from './rule';
import { strideText } from './wording';

/** A lossless rearrangement of positions into channels. */
export const spaceToDepth = {
  id: 'space-to-depth',
  defaultSeverity: 'hint',
  summary: t('Rearrangement of positions into channels, behind which shifts turn into other channels.'),
  denseStep: 'nothing',
  concerns: (layer, context) => layer.operation.kind === 'space-to-depth' && context.aliases(layer),
  message: ({ title, stride }) =>
    t`${title} moves blocks of ${strideText(stride)} samples into channels. Nothing is lost, but a shift by less than a block becomes another order of channels, and what follows aliases unless it has learned to filter. A blur in front makes neighbouring orders alike.`,
} as const satisfies GraphRule;
