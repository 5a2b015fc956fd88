import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-icon/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { whyNotMeasured } from '../../src/panel-protocol/model';
import type { RunView } from '../../src/panel-protocol/run';
import type { StudyName } from '../../src/panel-protocol/studies/table';
import { post } from '../app/host';
import { sharedStyles } from '../styles/shared';
import { runStatus, type RunCount } from './status';
import { html } from '../app/templates';

/** The buttons that start and end a run of a study and export what it came to, its fields between them (slot), and below how it stands. */
@customElement('shiftlint-run-bar')
export class RunBar extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      .fields {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-end;
        gap: 8px 16px;
      }
      vscode-progress-bar {
        margin-top: 10px;
      }
      .status {
        margin: 8px 0 0;
        min-height: 1.4em;
      }
      .banner {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
        margin: 10px 0 0;
        padding: 6px 12px;
        border: 1px solid var(--vscode-inputValidation-errorBorder);
        background: var(--vscode-inputValidation-errorBackground);
        color: var(--vscode-inputValidation-errorForeground, var(--vscode-foreground));
      }
      .banner.info {
        border-color: var(--vscode-inputValidation-infoBorder);
        background: var(--vscode-inputValidation-infoBackground);
        color: var(--vscode-inputValidation-infoForeground, var(--vscode-foreground));
      }
      .banner span {
        flex: 1 1 240px;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) study!: StudyName;
  @property({ attribute: false }) view: RunView = { state: 'idle' };
  @property({ attribute: false }) label = t`Measure`;
  @property({ attribute: false }) count: RunCount = { done: 0, total: 0, noun: 'layers' };
  /** Why the study cannot be started; empty where it can. */
  @property({ attribute: false }) obstacle = '';

  override render(): TemplateResult {
    const { view, study } = this;
    const status = runStatus(view, this.count);
    return html`
      <div class="fields">
        ${this.renderAction()}
        <slot></slot>
        ${
          view.state === 'finished'
            ? html`<vscode-button
                secondary
                icon="export"
                @click=${() => {
                  post({ kind: 'export', study });
                }}
                >${t`Export…`}</vscode-button
              >`
            : nothing
        }
      </div>
      ${
        view.state === 'running'
          ? html`<vscode-progress-bar
              aria-label=${this.label}
              .value=${view.done * 100}
              .indeterminate=${view.backend === null && view.done === 0}
            ></vscode-progress-bar>`
          : nothing
      }
      ${status.shown === '' ? nothing : html`<p class="status muted number">${status.shown}</p>`}
      <span class="visually-hidden" role="status" aria-live="polite">${status.spoken}</span>
      ${view.state === 'failed' ? this.renderFailure(view.message) : nothing}
      ${view.state === 'finished' && view.stale ? info('history', t`The model, the input or the options have changed since: run it again.`) : nothing}
      ${this.obstacle === '' ? nothing : info('shield', this.obstacle)}
    `;
  }

  private renderAction(): TemplateResult {
    const { study } = this;
    return this.view.state === 'running'
      ? html`<vscode-button
          secondary
          icon="debug-stop"
          @click=${() => {
            post({ kind: 'cancel', study });
          }}
          >${t`Cancel`}</vscode-button
        >`
      : html`<vscode-button
          icon="play"
          ?disabled=${this.obstacle !== ''}
          aria-disabled=${this.obstacle !== ''}
          @click=${() => {
            post({ kind: 'start', study });
          }}
          >${this.label}</vscode-button
        >`;
  }

  private renderFailure(message: string): TemplateResult {
    const { study } = this;
    return html`
      <div class="banner" role="alert">
        <vscode-icon name="error"></vscode-icon>
        <span>${message}</span>
        <vscode-button
          secondary
          icon="refresh"
          ?disabled=${this.obstacle !== ''}
          aria-disabled=${this.obstacle !== ''}
          @click=${() => {
            post({ kind: 'start', study });
          }}
          >${t`Retry`}</vscode-button
        >
      </div>
    `;
  }
}

function info(icon: string, text: string): TemplateResult {
  return html`<p class="banner info"><vscode-icon name=${icon}></vscode-icon><span>${text}</span></p>`;
}

/** Why no study can be started, empty where they can. */
export function measureObstacle(mayMeasure: boolean): string {
  return mayMeasure ? '' : whyNotMeasured;
}
