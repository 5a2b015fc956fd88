import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-icon/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Metric } from '../src/core/equivariance/measurement';
import type { MeasureView } from '../src/extension/webview-protocol';
import { choiceSelect, type Choice } from './choice-select';
import { post } from './host';
import { measureStatus } from './measure-status';
import { send } from './page-events';
import type { Settings } from './settings';
import { sharedStyles } from './shared-styles';

const metrics: readonly Choice<Metric>[] = [
  { value: 'flat', label: 'Whole feature map' },
  { value: 'channel', label: 'Along channels' },
];

/** What to measure with, the button that starts or ends it, and how it stands. */
@customElement('shiftlint-measure-toolbar')
export class MeasureToolbar extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      .fields {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-end;
        gap: 8px 16px;
      }
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
      .input {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
        min-height: 26px;
      }
      .input-name {
        max-width: 24ch;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      vscode-single-select {
        width: 168px;
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

  @property({ attribute: false }) measure: MeasureView = { state: 'idle' };
  @property({ attribute: false }) mayMeasure = false;
  @property({ attribute: false }) imageName: string | null = null;
  @property({ attribute: false }) settings!: Settings;
  @property({ attribute: false }) layersDone = 0;
  @property({ attribute: false }) layersTotal = 0;

  override render(): TemplateResult {
    return html`
      <div class="fields">
        ${this.renderAction()} ${this.renderInput()}
        ${field('Compare', choiceSelect('Compare', metrics, this.settings.metric, (metric) => { send(this, 'settings-change', { metric }); }))}
      </div>
      ${this.renderOutcome()}
    `;
  }

  private renderAction(): TemplateResult {
    return this.measure.state === 'running'
      ? html`<vscode-button secondary icon="debug-stop" @click=${() => { post({ kind: 'cancel' }); }}>Cancel</vscode-button>`
      : html`<vscode-button
          icon="play"
          ?disabled=${!this.mayMeasure}
          @click=${() => { post({ kind: 'measure', metric: this.settings.metric }); }}
        >Measure</vscode-button>`;
  }

  private renderInput(): TemplateResult {
    return field('Input', html`
      <span class="input">
        <span class="input-name" title=${this.imageName ?? 'Test pattern'}>${this.imageName ?? 'Test pattern'}</span>
        <vscode-button secondary @click=${() => { post({ kind: 'choose-image' }); }}>Choose image…</vscode-button>
        ${this.imageName === null
          ? nothing
          : html`<vscode-button secondary @click=${() => { post({ kind: 'use-pattern' }); }}>Test pattern</vscode-button>`}
      </span>
    `);
  }

  private renderOutcome(): TemplateResult {
    const { measure } = this;
    const status = measureStatus(measure, this.layersDone, this.layersTotal);
    return html`
      ${measure.state === 'running'
        ? html`<vscode-progress-bar
            aria-label="Measurement"
            .value=${measure.done * 100}
            .indeterminate=${measure.backend === null}
          ></vscode-progress-bar>`
        : nothing}
      ${status.shown === '' ? nothing : html`<p class="status muted number">${status.shown}</p>`}
      <span class="visually-hidden" role="status" aria-live="polite">${status.spoken}</span>
      ${measure.state === 'failed' ? this.renderFailure(measure.message) : nothing}
      ${this.mayMeasure
        ? nothing
        : html`<p class="banner info"><vscode-icon name="shield"></vscode-icon>
            <span>Measuring runs the model: it needs a trusted workspace and a model on disk.</span></p>`}
    `;
  }

  private renderFailure(message: string): TemplateResult {
    return html`
      <div class="banner" role="alert">
        <vscode-icon name="error"></vscode-icon>
        <span>${message}</span>
        <vscode-button secondary icon="refresh" ?disabled=${!this.mayMeasure} @click=${() => { post({ kind: 'retry' }); }}>Retry</vscode-button>
      </div>
    `;
  }
}

function field(caption: string, control: TemplateResult): TemplateResult {
  return html`<div class="field"><span class="caption">${caption}</span>${control}</div>`;
}
