import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-icon/index.js';
import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { priceText } from '../../../src/panel-protocol/core/figure-text';
import type { NamedLayer } from '../../../src/panel-protocol/core/layer-names';
import type { Severity } from '../../../src/panel-protocol/core/severity';
import { recoveryOffer, type FindingView } from '../../../src/panel-protocol/model';
import { post } from '../../app/host';
import { sharedStyles } from '../../styles/shared';
import { ruleLink } from '../../app/rule-link';
import { severityNames } from '../../app/severity-names';
import { html } from '../../app/templates';

/** Codicon of a severity. */
const icons: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', information: 'info', hint: 'lightbulb' };

/** A finding below its layer: rule, message, and the button that mends it or why there is none. */
@customElement('shiftlint-finding-detail')
export class FindingDetail extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-start;
        gap: 6px 12px;
        padding: 6px 10px;
        border: 1px solid var(--vscode-contrastBorder, transparent);
        border-inline-start: 3px solid var(--severity);
        background: var(--vscode-textBlockQuote-background);
        --severity: var(--vscode-problemsInfoIcon-foreground);
      }
      :host([severity='error']) {
        --severity: var(--vscode-problemsErrorIcon-foreground);
      }
      :host([severity='warning']) {
        --severity: var(--vscode-problemsWarningIcon-foreground);
      }
      vscode-icon {
        color: var(--severity);
        margin-top: 1px;
      }
      .text {
        flex: 1 1 240px;
        line-height: 1.45;
      }
      p {
        margin: 2px 0 0;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 16px;
        margin-top: 4px;
      }
    `,
  ];

  @property({ attribute: false }) layer!: NamedLayer;
  @property({ attribute: false }) finding!: FindingView;
  /** Why no model can be run, empty where it can. */
  @property() obstacle = '';

  override updated(): void {
    this.setAttribute('severity', this.finding.severity);
  }

  override render(): TemplateResult {
    const { rule, severity, message, notFixable, fixNotes, price } = this.finding;
    return html`
      <vscode-icon name=${icons[severity]} title=${severityNames[severity]}></vscode-icon>
      <div class="text">
        <span class="visually-hidden">${t`${severityNames[severity]}:`}</span>
        ${ruleLink(rule)}
        <p>${message}</p>
        ${notFixable === null ? nothing : html`<p class="muted">${t`No automatic fix: ${notFixable}`}</p>`}
        ${price === null ? nothing : html`<p class="muted number">${t`The fix costs ${priceText(price)}.`}</p>`}
        ${fixNotes.map((note) => html`<p class="muted">${note}</p>`)}
        <p class="ways">
          ${this.renderExplain()} ${this.renderIgnore(t`Ignore at this layer`, this.layer.label)}
          ${this.renderIgnore(t`Turn this rule off`, null)}
        </p>
      </div>
      ${notFixable === null ? this.renderFixes() : nothing}
    `;
  }

  private renderExplain(): TemplateResult {
    const { explained } = this.finding;
    return html`<button
      class="link"
      aria-label=${t`Explain on a signal what happens at ${this.layer.label}`}
      title=${t`Opens a page that takes this layer apart on a small signal`}
      @click=${() => {
        post({ kind: 'explain', explained });
      }}
    >
      ${t`Explain on a signal`}
    </button>`;
  }

  /** @param layer null for all of them */
  private renderIgnore(text: string, layer: string | null): TemplateResult {
    const { rule } = this.finding;
    return html`<button
      class="link"
      aria-label=${t`${text}: ${layer === null ? rule : t`${rule} at ${layer}`}`}
      title=${t`Adds it to shiftlint.json, which opens beside the model; it counts once you save that file`}
      @click=${() => {
        post({ kind: 'ignore', rule, layer });
      }}
    >
      ${text}
    </button>`;
  }

  private renderFixes(): TemplateResult {
    const {
      layer: { layer, label },
      obstacle,
    } = this;
    return html`
      <vscode-button
        secondary
        aria-label=${t`Insert BlurPool at ${label}`}
        @click=${() => {
          post({ kind: 'fix', fix: { layers: [layer], blur: null } });
        }}
      >
        ${t`Insert BlurPool`}
      </vscode-button>
      <vscode-button
        secondary
        aria-label=${t`Fix and recover: ${label}`}
        title=${obstacle === '' ? recoveryOffer : obstacle}
        ?disabled=${obstacle !== ''}
        aria-disabled=${obstacle !== ''}
        @click=${() => {
          post({ kind: 'fix-and-recover', fix: { layers: [layer], blur: null }, folder: 'asked' });
        }}
      >
        ${t`Fix and recover…`}
      </vscode-button>
    `;
  }
}
