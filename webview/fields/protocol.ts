import { t } from '@vscode/l10n';
import { nothing, type TemplateResult } from 'lit';
import type { StudyChoices } from '../../src/panel-protocol/inputs';
import type { Choice } from './choice-select';
import { choose } from './choose';
import { choiceField, numberField } from './field';
import { html } from '../app/templates';

const protocols: readonly Choice<StudyChoices['protocol']>[] = [
  { value: 'circular', label: t`Circular` },
  { value: 'deployed', label: t`As deployed` },
];
const patterns: readonly Choice<StudyChoices['pattern']>[] = [
  { value: 'grid', label: t`Grid` },
  { value: 'diagonal', label: t`Diagonal` },
];

/** What a shift is; with `shifts`, also which ones the deployed protocol takes. */
export function protocolFields({ protocol, pattern, largest, step }: StudyChoices, shifts: boolean): TemplateResult {
  const hint = t`Circular: images roll and all padding wraps, so that any loss is the network’s own. As deployed: the model as it is, on crops of a larger canvas.`;
  const placeholder = t`auto`;
  return html`
    ${choiceField(
      t`Protocol`,
      protocols,
      protocol,
      (value) => {
        choose({ protocol: value });
      },
      hint,
    )}
    ${
      protocol === 'deployed' && shifts
        ? html`
            ${choiceField(t`Shifts`, patterns, pattern, (value) => {
              choose({ pattern: value });
            })}
            ${numberField(
              t`Up to (px)`,
              largest,
              (value) => {
                choose({ largest: value });
              },
              { placeholder },
            )}
            ${numberField(
              t`Every (px)`,
              step,
              (value) => {
                choose({ step: value });
              },
              { placeholder },
            )}
          `
        : nothing
    }
  `;
}
