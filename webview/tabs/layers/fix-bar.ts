import '@vscode-elements/elements/dist/vscode-button/index.js';
import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { InputsView } from '../../../src/panel-protocol/inputs';
import { recoveryOffer, type ModelView } from '../../../src/panel-protocol/model';
import { post } from '../../app/host';
import { html } from '../../app/templates';
import { blurFields } from '../../fields/blur';
import { fieldStyles } from '../../fields/field';
import { measureObstacle } from '../../run/bar';
import { remarks, remarkStyles } from '../../styles/remarks';
import { sharedStyles } from '../../styles/shared';
import { fixPreviewText } from './fix-preview-text';

/** The blur of fixes, the buttons that insert it everywhere, and what that would cost and leave. */
@customElement('shiftlint-fix-bar')
export class FixBar extends LitElement {
  static override readonly styles = [
    sharedStyles,
    fieldStyles,
    remarkStyles,
    css`
      :host {
        display: block;
        margin-bottom: 10px;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 8px 12px;
      }
      .field vscode-single-select {
        width: 120px;
      }
      p {
        margin: 6px 0 0;
        line-height: 1.45;
      }
    `,
  ];

  @property({ attribute: false }) model!: ModelView;
  @property({ attribute: false }) inputs: InputsView | null = null;

  override render(): TemplateResult | typeof nothing {
    const { findingCount, fixableCount, fixAll, borders, mayMeasure } = this.model;
    if (findingCount === 0) return nothing;
    const obstacle = measureObstacle(mayMeasure);
    const preview = fixAll === null ? null : fixPreviewText(fixAll);
    return html`
      <div class="bar">
        ${this.inputs === null ? nothing : blurFields(this.inputs.blur, borders)}
        <vscode-button
          icon="wand"
          title=${t`Inserts BlurPool into every layer where it fits`}
          ?disabled=${fixableCount === 0}
          aria-disabled=${fixableCount === 0}
          @click=${() => {
            post({ kind: 'fix', fix: { layers: null, blur: null } });
          }}
          >${t`Fix all (${fixableCount})`}</vscode-button
        >
        <vscode-button
          secondary
          icon="wand"
          title=${obstacle === '' ? recoveryOffer : obstacle}
          ?disabled=${fixableCount === 0 || obstacle !== ''}
          aria-disabled=${fixableCount === 0 || obstacle !== ''}
          @click=${() => {
            post({ kind: 'fix-and-recover', fix: { layers: null, blur: null }, folder: 'asked' });
          }}
          >${t`Fix and recover…`}</vscode-button
        >
      </div>
      ${
        preview === null
          ? nothing
          : html`<p class="muted number">${preview.statement}</p>
              ${remarks(t`Left by "Fix all"`, preview.left, false)} ${remarks(t`Notes on the fixes`, preview.notes, false)}`
      }
    `;
  }
}
