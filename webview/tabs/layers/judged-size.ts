import '@vscode-elements/elements/dist/vscode-button/index.js';
import { t } from '@vscode/l10n';
import { css, nothing, type TemplateResult } from 'lit';
import { hasOpenSize, type InputsView } from '../../../src/panel-protocol/inputs';
import type { ModelView } from '../../../src/panel-protocol/model';
import { choose } from '../../fields/choose';
import { imageSizeField } from '../../fields/image-size';
import { html } from '../../app/templates';
import { judgedSizeText } from './judged-size-text';

/** Looks of the bar; the view that shows it takes these in. */
export const judgedSizeStyles = css`
  .size {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    margin-bottom: 10px;
  }
  .size .field {
    flex-direction: row;
    align-items: center;
    gap: 8px;
  }
`;

/** The image size of a model that leaves its own open, what it was judged for, and the way back to all sizes. */
export function judgedSizeBar(model: ModelView, inputs: InputsView | null): TemplateResult | typeof nothing {
  const text = judgedSizeText(model, inputs);
  if (text === null) return nothing;
  return html`
    <div class="size">
      ${inputs !== null && hasOpenSize(inputs) ? imageSizeField(inputs, t`all sizes`) : nothing}
      <span class="muted" role="status">${text.statement}</span>
      ${
        text.wayBack === null
          ? nothing
          : html`<vscode-button
              secondary
              @click=${() => {
                choose({ size: null });
              }}
              >${text.wayBack}</vscode-button
            >`
      }
    </div>
  `;
}
