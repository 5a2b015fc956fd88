import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { fullName } from '../../../src/panel-protocol/core/layer-names';
import { fineTuningAdvice } from '../../../src/panel-protocol/core/advice-text';
import type { InputsView } from '../../../src/panel-protocol/inputs';
import { recoveryOffer, type FindingView, type LayerRow, type ModelView } from '../../../src/panel-protocol/model';
import { measureObstacle } from '../../run/bar';
import './finding-detail';
import { post } from '../../app/host';
import { matchingLayers } from './filter';
import { judgedSizeBar } from './judged-size';
import { send } from '../../app/page-events';
import type { Settings } from '../../app/settings';
import { fieldStyles } from '../../fields/field';
import { sharedStyles } from '../../styles/shared';
import { tableStyles } from '../../styles/table';
import { html } from '../../app/templates';

const columns = ['Layer', 'Operation', 'Output shape', 'Stride', 'Cumulative stride', 'Aliased energy', 'Multiply-adds of the fix'];

/** More rows at a time are of no use to a reader, and of much work to a browser. */
const rowsShown = 1000;

/** Every layer in depth order, what was found there below it, and the buttons that mend it. */
@customElement('shiftlint-layers-view')
export class LayersView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    fieldStyles,
    tableStyles,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
        margin-bottom: 10px;
      }
      .bar vscode-textfield {
        flex: 0 1 260px;
      }
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
      .count {
        flex: 1;
      }
      .scroll {
        container-type: inline-size;
      }
      /* A finding stays in sight, its button too, where the table is wider than the panel. */
      shiftlint-finding-detail {
        position: sticky;
        left: 10px;
        max-width: calc(100cqi - 20px);
        box-sizing: border-box;
      }
      table {
        width: 100%;
      }
      td {
        vertical-align: top;
      }
      td.name {
        width: 40%;
        white-space: normal;
        overflow-wrap: break-word;
      }
      tr.layer:hover {
        background: var(--vscode-list-hoverBackground);
      }
      td.detail {
        padding: 0 10px 8px;
        white-space: normal;
      }
      .strided {
        font-weight: 600;
      }
      @media (max-width: 600px) {
        th,
        td {
          padding-inline: 5px;
        }
        td.number {
          white-space: normal;
        }
        td.name {
          min-width: 14ch;
        }
      }
      .advice {
        margin: 0 0 8px;
      }
      .empty {
        padding: 16px 10px;
      }
    `,
  ];

  @property({ attribute: false }) model!: ModelView;
  @property({ attribute: false }) layers: readonly LayerRow[] = [];
  @property({ attribute: false }) inputs: InputsView | null = null;
  @property({ attribute: false }) settings!: Settings;

  override render(): TemplateResult {
    const matching = matchingLayers(this.layers, this.settings);
    const shown = matching.slice(0, rowsShown);
    return html`
      ${this.renderBar(shown.length)} ${judgedSizeBar(this.model, this.inputs)}
      ${this.layers.some(({ finding }) => finding?.notFixable === null) ? html`<p class="advice muted">${fineTuningAdvice} ${recoveryOffer}</p>` : nothing}
      <div class="scroll">
        <table>
          <thead>
            <tr>
              ${columns.map((column) => html`<th scope="col">${column}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${repeat(
              shown,
              ({ layer }) => layer,
              (row) => this.renderRow(row),
            )}
          </tbody>
        </table>
      </div>
      ${matching.length > shown.length ? html`<p class="empty muted">More layers match: narrow the filter to see them.</p>` : nothing}
      ${shown.length === 0 ? html`<p class="empty muted">${this.emptyText()}</p>` : nothing}
    `;
  }

  private renderBar(shown: number): TemplateResult {
    const { layerCount, fixableCount, mayMeasure } = this.model;
    const obstacle = measureObstacle(mayMeasure);
    return html`
      <div class="bar">
        <vscode-textfield
          .label=${'Filter layers'}
          placeholder="Filter by name, operation or rule"
          .value=${this.settings.filter}
          @input=${(event: InputEvent) => {
            send(this, 'settings-change', { filter: (event.target as HTMLInputElement).value });
          }}
        ></vscode-textfield>
        <vscode-checkbox
          .label=${'Only findings'}
          .checked=${this.settings.onlyFindings}
          @change=${(event: Event) => {
            send(this, 'settings-change', { onlyFindings: (event.target as HTMLInputElement).checked });
          }}
        ></vscode-checkbox>
        <span class="count muted number" role="status">${shown === layerCount ? nothing : `${shown} of ${layerCount} layers`}</span>
        <vscode-button
          icon="wand"
          title="Inserts BlurPool into every layer where it fits"
          ?disabled=${fixableCount === 0}
          @click=${() => {
            post({ kind: 'fix-all' });
          }}
          >Fix all (${fixableCount})</vscode-button
        >
        <vscode-button
          secondary
          icon="wand"
          title=${obstacle === '' ? recoveryOffer : obstacle}
          ?disabled=${fixableCount === 0 || obstacle !== ''}
          @click=${() => {
            post({ kind: 'fix-and-recover', layer: null });
          }}
          >Fix and recover…</vscode-button
        >
      </div>
    `;
  }

  private renderRow(row: LayerRow): TemplateResult {
    return html`
      <tr class="layer">
        <td class="name code" title=${fullName(row)}>${this.renderName(row)}</td>
        <td>${row.op}</td>
        <td class="number">${row.shape}</td>
        <td class="number ${isStrided(row.stride) ? 'strided' : 'muted'}">${strideText(row.stride)}</td>
        <td class="number muted">${strideText(row.cumulativeStride)}</td>
        <td class="number muted" title="Share of the layer's own kernels' energy beyond the new sampling limit">
          ${energyText(row.finding)}
        </td>
        <td class="number muted" title=${row.finding?.price ?? nothing}>${row.finding?.price?.split(' multiply-adds')[0] ?? ''}</td>
      </tr>
      ${row.finding === null ? nothing : this.renderFinding(row, row.finding)}
    `;
  }

  /** Only a model in a text file has a place to go to. */
  private renderName({ layer, label }: LayerRow): TemplateResult {
    const text = breakable(label);
    if (!this.model.fileName.endsWith('.json')) return text;
    return html`<button
      class="link"
      title="Go to layer"
      @click=${() => {
        post({ kind: 'reveal-layer', layer });
      }}
    >
      ${text}
    </button>`;
  }

  private renderFinding(layer: LayerRow, finding: FindingView): TemplateResult {
    return html`
      <tr>
        <td class="detail" colspan=${columns.length}>
          <shiftlint-finding-detail
            .layer=${layer}
            .finding=${finding}
            .obstacle=${measureObstacle(this.model.mayMeasure)}
          ></shiftlint-finding-detail>
        </td>
      </tr>
    `;
  }

  private emptyText(): string {
    if (this.model.layerCount === 0) return 'The model has no layers.';
    if (this.layers.length === 0) return '';
    return this.settings.onlyFindings && this.settings.filter === '' ? 'No layer has a finding.' : 'No layer matches the filter.';
  }
}

/** A long path of scopes is broken between them. */
function breakable(name: string): TemplateResult {
  return html`${name.split(/(?<=\/)/).map((scope) => html`${scope}<wbr />`)}`;
}

function isStrided(stride: readonly number[] | null): boolean {
  return stride?.some((step) => step !== 1) === true;
}

function strideText(stride: readonly number[] | null): string {
  if (stride === null) return '–';
  const steps = stride.map((step) => `${Math.round(step * 100) / 100}`);
  return new Set(steps).size === 1 ? `${steps[0]}` : steps.join(' × ');
}

function energyText(finding: FindingView | null): string {
  const energy = finding?.aliasedEnergy ?? null;
  return energy === null ? '' : `${Math.round(energy * 100)} %`;
}
