import { t } from '@vscode/l10n';
import { imageSizeText, imagesOfSize } from '../../../src/panel-protocol/core/image-size';
import { hasOpenSize, type InputsView } from '../../../src/panel-protocol/inputs';
import type { ModelView } from '../../../src/panel-protocol/model';

/** Which image size the findings are for, and what leads back from one that the user has chosen; null where that is no question. */
export interface JudgedSizeText {
  readonly statement: string;
  /** Says what holds without the user's choice; null where they have made none. */
  readonly wayBack: string | null;
}

/** What is said of the image size that a model was judged for. @param inputs null where they are not known yet */
export function judgedSizeText({ judgedSize }: Pick<ModelView, 'judgedSize'>, inputs: InputsView | null): JudgedSizeText | null {
  const isOpen = inputs !== null && hasOpenSize(inputs);
  if (judgedSize === null) return isOpen ? { statement: t`Findings and fixes are for all image sizes.`, wayBack: null } : null;
  const { projectSize = null, choices } = inputs ?? {};
  const isChosen = choices !== undefined && choices.size !== null;
  const images = imagesOfSize(judgedSize);
  return {
    statement:
      isChosen || projectSize === null
        ? t`Findings and fixes are for ${images}.`
        : t`Findings and fixes are for ${images}, as shiftlint.json says.`,
    wayBack: !isChosen ? null : projectSize === null ? t`All sizes` : t`As shiftlint.json says (${imageSizeText(projectSize)})`,
  };
}
