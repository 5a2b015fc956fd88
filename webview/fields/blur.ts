import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import { t } from '@vscode/l10n';
import type { TemplateResult } from 'lit';
import {
  blurFilter,
  blurFilterNames,
  type BlurFilterName,
  type BlurPadding,
  type BorderChoice,
} from '../../src/panel-protocol/core/filters';
import type { BlurChoice } from '../../src/panel-protocol/fixes';
import { html } from '../app/templates';
import { choiceField } from './field';
import { choose } from './choose';

/** What a border is called. */
export const borderLabels: Readonly<Record<BlurPadding, string>> = { reflect: t`Reflect`, replicate: t`Repeat edge`, zero: t`Zeros` };

/** The filter and the border of the blurs that fixes insert; borders that the format has no form of are shown, with the reason. */
export function blurFields({ filter, border }: BlurChoice, borders: readonly BorderChoice[]): TemplateResult {
  const filters = blurFilterNames.filter((name) => name !== 'identity' || name === filter);
  return html`
    ${choiceField<BlurFilterName>(
      t`Filter`,
      filters.map((value) => ({ value, label: blurFilter(value).label })),
      filter,
      (fixFilter) => {
        choose({ fixFilter });
      },
      t`The blur that fixes insert. A wider one aliases less and costs more.`,
    )}
    ${choiceField<BlurPadding>(
      t`Border`,
      borders.map(({ border: value, obstacle }) => ({ value, label: borderLabels[value], obstacle })),
      border,
      (fixBorder) => {
        choose({ fixBorder });
      },
      t`What lies beside the blurred map. Maps too small for it take the next best, and their fixes say so.`,
    )}
  `;
}
