import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { css, type TemplateResult } from 'lit';
import { choiceSelect, type Choice } from './choice-select';
import { html } from '../app/templates';

/** Looks of the fields; every view that shows them takes these in. */
export const fieldStyles = css`
  .field {
    display: flex;
    flex-direction: column;
    gap: 3px;
    min-width: 0;
  }
  .caption {
    color: var(--vscode-descriptionForeground);
    font-size: 0.9em;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
    min-height: 26px;
  }
  .file-name {
    max-width: 24ch;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .field vscode-single-select {
    width: 168px;
  }
  .field vscode-textfield {
    width: 76px;
  }
  .field vscode-textfield.wide {
    width: 150px;
  }
`;

/** A control under its name. */
export function field(caption: string, control: TemplateResult, hint = ''): TemplateResult {
  return html`<div class="field" title=${hint}><span class="caption">${caption}</span><span class="controls">${control}</span></div>`;
}

/** One of a few values. */
export function choiceField<Value extends string>(
  caption: string,
  choices: readonly Choice<Value>[],
  chosen: Value,
  take: (value: Value) => void,
  hint = '',
): TemplateResult {
  return field(caption, choiceSelect(caption, choices, chosen, take), hint);
}

/** A whole number; empty for null, where that is allowed. What is no number is put back. */
export function numberField(
  caption: string,
  value: number | null,
  take: (value: number | null) => void,
  { placeholder = '', hint = '' } = {},
): TemplateResult {
  const shown = value === null ? '' : `${value}`;
  return textField(
    caption,
    shown,
    (text, restore) => {
      const isNumber = /^\d+$/.test(text);
      if (isNumber || (text === '' && placeholder !== '')) take(isNumber ? Number(text) : null);
      else restore();
    },
    { placeholder, hint },
  );
}

/** A line of text; `take` may put back what was shown before. */
export function textField(
  caption: string,
  shown: string,
  take: (text: string, restore: () => void) => void,
  { placeholder = '', hint = '', wide = false } = {},
): TemplateResult {
  const changed = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    take(input.value.trim(), () => {
      input.value = shown;
    });
  };
  return field(
    caption,
    html`<vscode-textfield
      class=${wide ? 'wide' : ''}
      .label=${caption}
      placeholder=${placeholder}
      .value=${shown}
      @change=${changed}
    ></vscode-textfield>`,
    hint,
  );
}
