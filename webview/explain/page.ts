import { t } from '@vscode/l10n';
import { css, LitElement, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { filled } from '../app/filled';
import { html } from '../app/templates';
import { sharedStyles } from '../styles/shared';
import './controls';
import type { ExplainChoice } from './controls';
import './filters';
import { keep, kept, listen, post } from './host';
import './shifts';
import { choosing, opened, reduce, stateFrom, turning, type ExplainState } from './state';
import './steps';
import { introduction, rulePage, verdicts, type Verdict } from './words';
import { textbookLayer } from '../../src/panel-protocol/core/explain';

/** Its title, which stays in its language. */
const paper = 'Making Convolutional Networks Shift-Invariant Again';

/** The whole page: the layer's steps for the signal and for the shifted one, and what of both definitions holds. */
@customElement('shiftlint-explain')
export class ShiftlintExplain extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        max-width: 1180px;
        padding: 12px 0 24px;
      }
      h1 {
        margin: 0 0 4px;
        font-size: 1.3em;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      h2 {
        margin: 0;
        font-size: 1em;
        font-weight: 600;
      }
      p {
        margin: 0;
        line-height: 1.45;
      }
      .explanation {
        max-width: 130ch;
      }
      .verdicts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(260px, 100%), 1fr));
        gap: 8px;
        margin: 10px 0;
      }
      .verdict {
        padding: 6px 10px;
        border: 1px solid var(--vscode-contrastBorder, transparent);
        border-inline-start: 3px solid var(--vscode-charts-red);
        background: var(--vscode-textBlockQuote-background);
      }
      .verdict.holds {
        border-inline-start-color: var(--vscode-charts-green);
      }
      .below {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr));
        gap: 10px 24px;
        margin-bottom: 10px;
      }
    `,
  ];

  @state() private shown: ExplainState = stateFrom(kept());
  private attached = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.attached = new AbortController();
    listen((message) => {
      this.show(reduce(this.shown, message));
    }, this.attached.signal);
    post({ kind: 'ready' });
  }

  override disconnectedCallback(): void {
    this.attached.abort();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { shown } = this;
    const { label } = shown.asked;
    return html`
      <main>
        <h1>
          ${label === '' ? t`Aliasing, step by step` : filled(t('Aliasing, step by step: {0}'), html`<span class="code">${label}</span>`)}
        </h1>
        <p class="explanation">${introduction(shown)}</p>
        <shiftlint-explain-controls
          .shown=${shown}
          @explain-choose=${(event: CustomEvent<ExplainChoice>) => {
            const { shift = shown.shift, ...choice } = event.detail;
            this.show(choosing({ ...shown, shift }, choice));
          }}
          @explain-reset=${() => {
            this.show(opened(textbookLayer, shown.request));
          }}
        ></shiftlint-explain-controls>
        <shiftlint-explain-steps
          .shown=${shown}
          @explain-turn=${(event: CustomEvent<number>) => {
            this.show(turning(shown, event.detail));
          }}
        ></shiftlint-explain-steps>
        <div class="verdicts" aria-live="polite">${verdicts(shown).map(renderVerdict)}</div>
        <div class="below">
          <shiftlint-explain-shifts
            .shown=${shown}
            @explain-shift=${(event: CustomEvent<number>) => {
              this.show({ ...shown, shift: event.detail });
            }}
          ></shiftlint-explain-shifts>
          <shiftlint-explain-filters .shown=${shown}></shiftlint-explain-filters>
        </div>
        <p class="muted explanation">
          ${filled(t('Read on: {0} · R. Zhang, {1}, ICML 2019, sections 3.1 to 3.3.'), renderRule(rulePage(shown.layer)), html`<cite>${paper}</cite>`)}
        </p>
      </main>
    `;
  }

  private show(shown: ExplainState): void {
    if (shown !== this.shown) keep(shown);
    this.shown = shown;
  }
}

function renderRule(rule: string): TemplateResult {
  return html`<button
    class="link code"
    title=${t`Open the rule's documentation`}
    @click=${() => {
      post({ kind: 'open-docs', rule });
    }}
  >
    ${rule}
  </button>`;
}

function renderVerdict({ title, formula, holds, text }: Verdict): TemplateResult {
  return html`
    <section class="verdict ${holds ? 'holds' : ''}">
      <h2>${holds ? t`✓ ${title} holds` : t`✗ ${title} is lost`}</h2>
      <p class="code muted">${formula}</p>
      <p>${text}</p>
    </section>
  `;
}
