import { t } from '@vscode/l10n';
import type { TemplateResult } from 'lit';
import { imageSizeText, parseImageSize } from '../../src/panel-protocol/core/image-size';
import type { InputsView } from '../../src/panel-protocol/inputs';
import { choose } from './choose';
import { textField } from './field';

/** The image size of a model that leaves its own open. @param otherwise what holds where neither the user nor the project chooses */
export function imageSizeField({ choices: { size }, projectSize }: InputsView, otherwise: string): TemplateResult {
  return textField(
    t`Image size`,
    size === null ? '' : imageSizeText(size),
    (text, restore) => {
      const wanted = parseImageSize(text);
      if (text === '') choose({ size: null });
      else if (wanted === undefined) restore();
      else choose({ size: wanted });
    },
    {
      placeholder: projectSize === null ? otherwise : imageSizeText(projectSize),
      hint: t`Height x width in pixels; the model leaves it open. Findings and fixes are for this size, and it is measured at it.`,
    },
  );
}
