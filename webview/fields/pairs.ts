import { t } from '@vscode/l10n';
import type { TemplateResult } from 'lit';
import type { StudyChoices } from '../../src/panel-protocol/inputs';
import { choose } from './choose';
import { numberField } from './field';
import { html } from '../app/templates';

/** How many pairs of shifts are drawn, and from which seed. */
export function pairFields({ pairs, seed }: StudyChoices): TemplateResult {
  return html`
    ${numberField(
      t`Pairs per image`,
      pairs,
      (value) => {
        choose({ pairs: value ?? pairs });
      },
      { hint: t`Two random shifts, up to a quarter of the side each, that should get the same class.` },
    )}
    ${numberField(t`Seed`, seed, (value) => {
      choose({ seed: value ?? seed });
    })}
  `;
}
