import '@vscode-elements/elements/dist/vscode-button/index.js';
import { nothing, type TemplateResult } from 'lit';
import type { InputsView } from '../../src/panel-protocol/inputs';
import { post } from '../app/host';
import { field } from './field';
import { html } from '../app/templates';

/** The image that is measured. */
export function imageField({ imageName }: InputsView): TemplateResult {
  return field(
    'Input',
    html`
      <span class="file-name" title=${imageName ?? 'Test pattern'}>${imageName ?? 'Test pattern'}</span>
      <vscode-button
        secondary
        @click=${() => {
          post({ kind: 'choose-image' });
        }}
        >Choose image…</vscode-button
      >
      ${
        imageName === null
          ? nothing
          : html`<vscode-button
              secondary
              @click=${() => {
                post({ kind: 'use-pattern' });
              }}
              >Test pattern</vscode-button
            >`
      }
    `,
  );
}

/** The folder that is classified. */
export function folderField({ folderName }: InputsView): TemplateResult {
  return field(
    'Images',
    html`
      <span class="file-name" title=${folderName ?? 'None'}>${folderName ?? 'None'}</span>
      <vscode-button
        secondary
        @click=${() => {
          post({ kind: 'choose-folder' });
        }}
        >Choose folder…</vscode-button
      >
    `,
  );
}
