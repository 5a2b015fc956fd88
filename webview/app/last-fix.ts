import '@vscode-elements/elements/dist/vscode-button/index.js';
import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LastFix } from '../../src/panel-protocol/fixes';
import { sharedStyles } from '../styles/shared';
import { post } from './host';
import { html } from './templates';

/** What the latest fix has done, on every tab, and the way back. */
@customElement('shiftlint-last-fix')
export class LastFixBar extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      .fix {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
        margin-bottom: 8px;
        padding: 6px 10px;
        border: 1px solid var(--vscode-contrastBorder, transparent);
        border-inline-start: 3px solid var(--vscode-charts-green);
        background: var(--vscode-textBlockQuote-background);
      }
      .text {
        flex: 1 1 320px;
        line-height: 1.45;
        overflow-wrap: anywhere;
      }
      p {
        margin: 0;
      }
    `,
  ];

  @property({ attribute: false }) fix: LastFix | null = null;

  override render(): TemplateResult {
    // The live region stays while its text comes and goes, so that readers of the screen hear of it.
    return html`<div role="status">${this.fix === null ? nothing : this.renderFix(this.fix)}</div>`;
  }

  private renderFix({ text, obstacle }: LastFix): TemplateResult {
    return html`
      <div class="fix">
        <div class="text">
          <p class="number">${text}</p>
          ${obstacle === null ? nothing : html`<p class="muted">${obstacle}</p>`}
        </div>
        <vscode-button
          secondary
          icon="discard"
          title=${obstacle ?? t`Takes this fix back`}
          ?disabled=${obstacle !== null}
          aria-disabled=${obstacle !== null}
          @click=${() => {
            post({ kind: 'undo-fix' });
          }}
          >${t`Undo`}</vscode-button
        >
      </div>
    `;
  }
}
