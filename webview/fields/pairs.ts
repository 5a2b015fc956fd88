import type { TemplateResult } from 'lit';
import type { StudyChoices } from '../../src/panel-protocol/inputs';
import { choose } from './choose';
import { numberField } from './field';
import { html } from '../app/templates';

/** How many pairs of shifts are drawn, and from which seed. */
export function pairFields({ pairs, seed }: StudyChoices): TemplateResult {
  return html`
    ${numberField(
      'Pairs per image',
      pairs,
      (value) => {
        choose({ pairs: value ?? pairs });
      },
      { hint: 'Two random shifts, up to a quarter of the side each, that should get the same class.' },
    )}
    ${numberField('Seed', seed, (value) => {
      choose({ seed: value ?? seed });
    })}
  `;
}
