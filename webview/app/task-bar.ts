import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-icon/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { TaskName, TaskView } from '../../src/panel-protocol/messages';
import { post } from './host';
import { sharedStyles } from '../styles/shared-styles';
import { taskStatus, type TaskCount } from './task-status';

/** The buttons that start, end and export a task, its fields between them (slot), and below how it stands. */
@customElement('shiftlint-task-bar')
export class TaskBar extends LitElement {
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

  @property({ attribute: false }) task: TaskName = 'measure';
  @property({ attribute: false }) view: TaskView = { state: 'idle' };
  @property({ attribute: false }) label = 'Measure';
  @property({ attribute: false }) count: TaskCount = { done: 0, total: 0, noun: 'layers' };
  /** Why the task cannot be started; empty where it can. */
  @property({ attribute: false }) obstacle = '';

  override render(): TemplateResult {
    const { view, task } = this;
    const status = taskStatus(view, this.count);
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
                  post({ kind: 'export', task });
                }}
                >Export…</vscode-button
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
      ${view.state === 'finished' && view.stale ? info('history', 'The model, the input or the options have changed since: run it again.') : nothing}
      ${this.obstacle === '' ? nothing : info('shield', this.obstacle)}
    `;
  }

  private renderAction(): TemplateResult {
    const { task } = this;
    return this.view.state === 'running'
      ? html`<vscode-button
          secondary
          icon="debug-stop"
          @click=${() => {
            post({ kind: 'cancel', task });
          }}
          >Cancel</vscode-button
        >`
      : html`<vscode-button
          icon="play"
          ?disabled=${this.obstacle !== ''}
          @click=${() => {
            post({ kind: 'start', task });
          }}
          >${this.label}</vscode-button
        >`;
  }

  private renderFailure(message: string): TemplateResult {
    const { task } = this;
    return html`
      <div class="banner" role="alert">
        <vscode-icon name="error"></vscode-icon>
        <span>${message}</span>
        <vscode-button
          secondary
          icon="refresh"
          ?disabled=${this.obstacle !== ''}
          @click=${() => {
            post({ kind: 'start', task });
          }}
          >Retry</vscode-button
        >
      </div>
    `;
  }
}

function info(icon: string, text: string): TemplateResult {
  return html`<p class="banner info"><vscode-icon name=${icon}></vscode-icon><span>${text}</span></p>`;
}

/** Why no task can be started, empty where they can. */
export function measureObstacle(mayMeasure: boolean): string {
  return mayMeasure ? '' : 'Measuring runs the model: it needs a trusted workspace and a model on disk.';
}
