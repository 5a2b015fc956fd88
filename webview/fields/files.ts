import '@vscode-elements/elements/dist/vscode-button/index.js';
import { t } from '@vscode/l10n';
import { nothing, type TemplateResult } from 'lit';
import type { InputsView } from '../../src/panel-protocol/inputs';
import { post } from '../app/host';
import { field } from './field';
import { html } from '../app/templates';

/** The image that is measured. */
export function imageField({ imageName }: InputsView): TemplateResult {
  return field(
    t`Input`,
    html`
      <span class="file-name" title=${imageName ?? t`Test pattern`}>${imageName ?? t`Test pattern`}</span>
      <vscode-button
        secondary
        @click=${() => {
          post({ kind: 'choose-image' });
        }}
        >${t`Choose image…`}</vscode-button
      >
      ${
        imageName === null
          ? nothing
          : html`<vscode-button
              secondary
              @click=${() => {
                post({ kind: 'use-pattern' });
              }}
              >${t`Test pattern`}</vscode-button
            >`
      }
    `,
  );
}

/** The folder that is classified. */
export function folderField({ folderName }: InputsView): TemplateResult {
  return field(
    t`Images`,
    html`
      <span class="file-name" title=${folderName ?? t`None`}>${folderName ?? t`None`}</span>
      <vscode-button
        secondary
        @click=${() => {
          post({ kind: 'choose-folder' });
        }}
        >${t`Choose folder…`}</vscode-button
      >
    `,
  );
}
