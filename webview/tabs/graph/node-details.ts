import '@vscode-elements/elements/dist/vscode-button/index.js';
import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { fullName } from '../../../src/panel-protocol/core/layer-names';
import type { FindingView, LayerRow } from '../../../src/panel-protocol/model';
import type { LayerFacts, WeightFacts, WeightsMessage } from '../../../src/panel-protocol/network';
import { post } from '../../app/host';
import { send } from '../../app/page-events';
import { ruleLink } from '../../app/rule-link';
import { severityNames } from '../../app/severity-names';
import { sentences } from '../../app/sentences';
import { html } from '../../app/templates';
import type { Group } from '../../graph/group-tree';
import type { Vertex } from '../../graph/network';
import { valueText, type MeasuredHeatmap } from '../../heatmap/reading';
import { sharedStyles } from '../../styles/shared';
import { exactCount, fieldInWords } from './figure-text';
import { weightFigures, weightHeading } from './weight-text';

/** A node next to the chosen one, as the drawing shows it. */
export interface NodeAround {
  readonly id: string;
  readonly label: string;
  readonly isBefore: boolean;
}

/** More neighbours than a reader wants to go through. */
const mostAround = 12;

/** What is known of the chosen node, and the ways from it to the other tabs. */
@customElement('shiftlint-node-details')
export class NodeDetails extends LitElement {
  static override readonly shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        padding: 10px 12px;
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, var(--vscode-editorGroup-border, transparent)));
        overflow: auto;
        line-height: 1.45;
      }
      h2 {
        margin: 0;
        font-size: 1.08em;
        overflow-wrap: anywhere;
      }
      h3 {
        margin: 12px 0 4px;
        font-size: 1em;
      }
      p {
        margin: 4px 0 0;
        overflow-wrap: anywhere;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 2px 12px;
        margin: 8px 0 0;
      }
      dt {
        color: var(--vscode-descriptionForeground);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 10px;
      }
      .finding {
        margin-top: 10px;
        padding: 6px 8px;
        border-inline-start: 3px solid var(--vscode-problemsWarningIcon-foreground);
        background: var(--vscode-textBlockQuote-background);
      }
      .around {
        margin: 2px 0 0;
        padding-inline-start: 18px;
      }
    `,
  ];

  @property({ attribute: false }) group: Group | null = null;
  /** Set where the node is a single layer or input. */
  @property({ attribute: false }) vertex: Vertex | null = null;
  @property({ attribute: false }) isOpen = false;
  /** The node in words. */
  @property({ attribute: false }) summary = '';
  @property({ attribute: false }) map: MeasuredHeatmap | null = null;
  @property({ attribute: false }) facts: LayerFacts | null = null;
  @property({ attribute: false }) weights: WeightsMessage | null = null;
  @property({ attribute: false }) around: readonly NodeAround[] = [];
  /** The layer whose weights are being read. */
  @state() private reading: string | null = null;

  override render(): TemplateResult {
    const { group, vertex } = this;
    if (group === null) return html`<p class="muted">${t`Choose a node to see what is known of it.`}</p>`;
    return html`
      <div
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Escape') send(this, 'node-focus', group.id);
        }}
      >
        ${vertex === null ? this.renderGroup(group) : this.renderVertex(vertex)}
      </div>
    `;
  }

  private renderGroup(group: Group): TemplateResult {
    return html`
      <h2>${group.label}</h2>
      <p class="muted">${this.summary}</p>
      <div class="buttons">
        ${this.renderButton(this.isOpen ? t`Close the group` : t`Open the group`, () => {
          send(this, this.isOpen ? 'node-close' : 'node-open', group.id);
        })}
      </div>
    `;
  }

  private renderVertex({ row, label, shape, isOutput, kind }: Vertex): TemplateResult {
    if (row === null) {
      return html`<h2>${label}</h2>
        <p class="muted">${t`Input of the model, ${shape}`}</p>
        ${this.renderAround()}`;
    }
    const role = kind === 'blur' ? t`A blur: a fixed low-pass filter.` : isOutput ? t`An output of the model.` : '';
    return html`
      <h2 class="code" title=${fullName(row)}>${label}</h2>
      <p class="muted">${sentences(role, row.op)}</p>
      ${row.finding === null ? nothing : this.renderFinding(row.finding)} ${this.renderWays(row)} ${this.renderFacts(row)}
      ${this.renderAround()} ${this.renderWeights(row)}
    `;
  }

  private renderFinding({ rule, severity, message }: FindingView): TemplateResult {
    return html`<div class="finding">
      <span class="muted">${t`${severityNames[severity]}:`}</span>
      ${ruleLink(rule)}
      <p>${message}</p>
    </div>`;
  }

  private renderWays({ layer }: LayerRow): TemplateResult {
    const { map } = this;
    return html`<div class="buttons">
      ${this.renderButton(t`Show row`, () => {
        send(this, 'layer-show', layer);
      })}
      ${
        map === null
          ? nothing
          : this.renderButton(t`Show map`, () => {
              send(this, 'heatmap-enlarge', map.index);
            })
      }
    </div>`;
  }

  private renderFacts(row: LayerRow): TemplateResult {
    const { facts, map } = this;
    const shapes = (tensors: LayerFacts['inputs']): string => tensors.map(({ shape }) => shape).join('; ') || t`none`;
    const figures: readonly (readonly [string, string])[] = [
      ...(map === null ? [] : [[t`Mean equivariance`, valueText(map.mean)] as const, [t`Worst`, valueText(map.min)] as const]),
      ...(facts === null ? [] : [[t`Reads`, shapes(facts.inputs)] as const]),
      [t`Gives`, facts === null ? row.shape : shapes(facts.outputs)],
      ...(facts?.attributes ?? []).map(({ name, text }) => [name, text] as const),
      [t`Receptive field`, fieldInWords(row.receptiveField)],
      [t`Multiply-adds`, exactCount(row.multiplyAdds)],
      ...(row.parameters === 0 ? [] : [[t`Parameters`, exactCount(row.parameters)] as const]),
    ];
    return renderFigures(figures);
  }

  private renderAround(): TemplateResult | typeof nothing {
    if (this.around.length === 0) return nothing;
    const list = (isBefore: boolean): TemplateResult | typeof nothing => {
      const nodes = this.around.filter((node) => node.isBefore === isBefore);
      if (nodes.length === 0) return nothing;
      return html`<h3>${isBefore ? t`Reads from` : t`Read by`}</h3>
        <ul class="around">
          ${nodes.slice(0, mostAround).map(({ id, label }) => html`<li>${this.renderNeighbour(id, label)}</li>`)}
          ${nodes.length > mostAround ? html`<li class="muted">${t`and ${nodes.length - mostAround} more`}</li>` : nothing}
        </ul>`;
    };
    return html`${list(true)}${list(false)}`;
  }

  private renderNeighbour(id: string, label: string): TemplateResult {
    return html`<button
      class="link code"
      @click=${() => {
        send(this, 'node-select', id);
        send(this, 'node-focus', id);
      }}
    >
      ${label}
    </button>`;
  }

  private renderWeights({ layer, parameters }: LayerRow): TemplateResult | typeof nothing {
    const { weights } = this;
    if (weights !== null) return this.renderStatistics(weights);
    if (parameters === 0) return nothing;
    if (this.reading === layer) return html`<p class="muted" role="status">${t`The weights are being read…`}</p>`;
    return html`<div class="buttons">
      ${this.renderButton(t`Weights in figures`, () => {
        this.reading = layer;
        post({ kind: 'show-weights', layer });
      })}
    </div>`;
  }

  private renderStatistics({ weights, error }: WeightsMessage): TemplateResult {
    return html`<h3>${t`Weights`}</h3>
      ${error === null ? nothing : html`<p role="alert">${error}</p>`} ${weights.map((weight) => this.renderWeight(weight))}`;
  }

  private renderWeight(weight: WeightFacts): TemplateResult {
    return html`<p class="code">${weightHeading(weight)}</p>
      ${renderFigures(weightFigures(weight))}`;
  }

  private renderButton(label: string, act: () => void): TemplateResult {
    return html`<vscode-button secondary @click=${act}>${label}</vscode-button>`;
  }
}

function renderFigures(figures: readonly (readonly [name: string, text: string])[]): TemplateResult {
  return html`<dl>
    ${figures.map(
      ([name, text]) =>
        html`<dt>${name}</dt>
          <dd class="number">${text}</dd>`,
    )}
  </dl>`;
}
