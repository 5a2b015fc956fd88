import { t } from '@vscode/l10n';
import type { GraphRule } from './rule';
import { kernelText, strideText } from './wording';

/** Stem of ViT, ConvNeXt and their kin: kernel = stride >= 4, so that patches do not overlap. */
export const patchifyConv = {
  id: 'patchify-conv',
  defaultSeverity: 'information',
  summary: t('Stem that cuts the image into patches which do not overlap.'),
  denseStep: 'convolution',
  concerns: (layer, context) => context.aliases(layer) && context.isPatchEmbedding(layer),
  message: ({ title, kernel, stride }) =>
    t`${title} (${kernelText(kernel)}, stride ${strideText(stride)}) cuts the image into patches: what it computes changes as soon as the image moves by less than a patch. No blur keeps the meaning of its weights; train it with overlapping patches or a convolutional stem.`,
} as const satisfies GraphRule;
