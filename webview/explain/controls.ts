import { t } from '@vscode/l10n';
import { css, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { largestShown, type DenseStep, type ExplainedLayer } from '../../src/panel-protocol/core/explain';
import { blurFilterNames } from '../../src/panel-protocol/core/filters';
import { html } from '../app/templates';
import { sharedStyles } from '../styles/shared';
import type { ExplainState } from './state';
import { filterLabel, stepNames } from './words';

/** What a user changes of the example; sent as the event `explain-choose`. */
export type ExplainChoice = Partial<Omit<ExplainedLayer, 'rule' | 'label'> & Pick<ExplainState, 'shift'>>;

const steps = Object.keys(stepNames) as readonly DenseStep[];

/** The controls of the example: layer, kernel, stride, filter, shift. */
@customElement('shiftlint-explain-controls')
export class ExplainControls extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 8px 20px;
        margin: 10px 0;
      }
      label {
        display: grid;
        grid-template-columns: minmax(0, max-content);
        gap: 3px;
        max-width: 100%;
      }
      select {
        max-width: 100%;
      }
      select,
      button {
        min-height: 26px;
        padding: 2px 8px;
        border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent));
        border-radius: 2px;
        background: var(--vscode-dropdown-background);
        color: var(--vscode-dropdown-foreground);
        font: inherit;
      }
      button {
        border-color: var(--vscode-button-border, var(--vscode-contrastBorder, transparent));
        background: var(--vscode-button-secondaryBackground);
        color: var(--vscode-button-secondaryForeground);
        cursor: pointer;
      }
      button:hover {
        background: var(--vscode-button-secondaryHoverBackground);
      }
      input {
        width: 110px;
        min-height: 26px;
        margin: 0;
        accent-color: var(--vscode-focusBorder);
      }
    `,
  ];

  @property({ attribute: false }) shown!: ExplainState;

  override render(): TemplateResult {
    const {
      layer: { step, kernel, stride, filter },
      signal,
      shift,
    } = this.shown;
    return html`
      <label>
        ${t`The layer computes`}
        <select
          @change=${(event: Event) => {
            this.choose({ step: chosen(event) as DenseStep });
          }}
        >
          ${steps.map((name) => html`<option value=${name} ?selected=${name === step}>${stepNames[name]}</option>`)}
        </select>
      </label>
      ${this.renderSlider(t`Kernel`, kernel, 1, largestShown, (value) => ({ kernel: value }))}
      ${this.renderSlider(t`Stride`, stride, 1, largestShown, (value) => ({ stride: value }))}
      <label>
        ${t`Filter`}
        <select
          @change=${(event: Event) => {
            this.choose({ filter: chosen(event) as ExplainedLayer['filter'] });
          }}
        >
          ${blurFilterNames.map((name) => html`<option value=${name} ?selected=${name === filter}>${filterLabel(name)}</option>`)}
        </select>
      </label>
      ${this.renderSlider(t`Shift`, shift, 0, signal.length - 1, (value) => ({ shift: value }))}
      <button
        @click=${() => {
          this.dispatchEvent(new CustomEvent('explain-reset'));
        }}
      >
        ${t`Textbook example`}
      </button>
    `;
  }

  private renderSlider(
    name: string,
    value: number,
    least: number,
    most: number,
    choiceOf: (value: number) => ExplainChoice,
  ): TemplateResult {
    return html`
      <label>
        <span class="number">${t`${name}: ${value}`}</span>
        <input
          type="range"
          aria-label=${name}
          min=${least}
          max=${most}
          .value=${String(value)}
          @input=${(event: Event) => {
            this.choose(choiceOf(Number(chosen(event))));
          }}
        />
      </label>
    `;
  }

  private choose(detail: ExplainChoice): void {
    this.dispatchEvent(new CustomEvent<ExplainChoice>('explain-choose', { detail }));
  }
}

function chosen({ target }: Event): string {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target.value : '';
}
