import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import type { TemplateResult } from 'lit';
import { html } from '../app/templates';

/** One entry of a select. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** Why it cannot be chosen, told where it is listed; null or left out where it can. */
  readonly obstacle?: string | null;
}

/** A select over fixed choices; `label` is for screen readers. */
export function choiceSelect<Value extends string>(
  label: string,
  choices: readonly Choice<Value>[],
  chosen: Value,
  choose: (value: Value) => void,
): TemplateResult {
  const changed = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    const choice = choices.find((candidate) => candidate.value === value);
    if (choice !== undefined) choose(choice.value);
  };
  return html`
    <vscode-single-select .label=${label} .value=${chosen} @change=${changed}>
      ${choices.map(
        (choice) =>
          html`<vscode-option
            value=${choice.value}
            description=${choice.obstacle ?? ''}
            ?disabled=${(choice.obstacle ?? null) !== null}
            ?selected=${choice.value === chosen}
            >${choice.label}</vscode-option
          >`,
      )}
    </vscode-single-select>
  `;
}
