import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import { t } from '@vscode/l10n';
import type { TemplateResult } from 'lit';
import { blurFilter, blurFilterNames, type BlurFilterName } from '../../src/panel-protocol/core/filters';
import type { StudyChoices } from '../../src/panel-protocol/inputs';
import { choose } from './choose';
import { field } from './field';
import { html } from '../app/templates';

/** Which filters are compared with the model as it is; at least one. */
export function filterFields({ filters }: StudyChoices): TemplateResult {
  const offered = blurFilterNames.filter((name) => name !== 'identity');
  const toggle = (name: BlurFilterName, on: boolean): void => {
    choose({ filters: offered.filter((other) => (other === name ? on : filters.includes(other))) });
  };
  return field(
    t`Filters`,
    html`${offered.map(
      (name) => html`
        <vscode-checkbox
          .label=${blurFilter(name).label}
          .checked=${filters.includes(name)}
          ?disabled=${filters.length === 1 && filters.includes(name)}
          aria-disabled=${filters.length === 1 && filters.includes(name)}
          @change=${(event: Event) => {
            toggle(name, (event.target as HTMLInputElement).checked);
          }}
        ></vscode-checkbox>
      `,
    )}`,
  );
}
