import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { fullName } from '../../../src/panel-protocol/core/layer-names';
import { fineTuningAdvice } from '../../../src/panel-protocol/core/advice-text';
import type { InputsView } from '../../../src/panel-protocol/inputs';
import { recoveryOffer, type FindingView, type LayerRow, type ModelView } from '../../../src/panel-protocol/model';
import type { HeatmapView } from '../../../src/panel-protocol/studies/equivariance';
import { measureObstacle } from '../../run/bar';
import './finding-detail';
import './fix-bar';
import './layers-bar';
import { post } from '../../app/host';
import type { Goal } from '../../app/state';
import { isMeasured, valueText, type MeasuredHeatmap } from '../../heatmap/reading';
import { matchingLayers } from './filter';
import { breakable, energyText, isStrided, strideText } from './row-text';
import { markBadge, markStyles } from './mark';
import { judgedSizeBar, judgedSizeStyles } from './judged-size';
import { send } from '../../app/page-events';
import type { Settings } from '../../app/settings';
import { fieldStyles } from '../../fields/field';
import { sharedStyles } from '../../styles/shared';
import { tableStyles } from '../../styles/table';
import { html } from '../../app/templates';

const modelColumns = ['Layer', 'Operation', 'Output shape', 'Stride', 'Cumulative stride', 'Aliased energy', 'Multiply-adds of the fix'];

/** More rows at a time are of no use to a reader, and of much work to a browser. */
const rowsShown = 1000;

/** Every layer in depth order, what was found there below it, and the buttons that mend it. */
@customElement('shiftlint-layers-view')
export class LayersView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    fieldStyles,
    judgedSizeStyles,
    markStyles,
    tableStyles,
    css`
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
      tr.goal {
        outline: 1px solid var(--vscode-contrastActiveBorder, var(--vscode-focusBorder));
        outline-offset: -1px;
        background: var(--vscode-list-inactiveSelectionBackground);
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
  /** The maps of the latest run. */
  @property({ attribute: false }) heatmaps: readonly HeatmapView[] = [];
  @property({ attribute: false }) goal: Goal | null = null;
  private reached: Goal | null = null;

  override render(): TemplateResult {
    const matching = matchingLayers(this.layers, this.settings);
    const shown = rowsAround(matching, this.goal);
    const maps = new Map(this.heatmaps.filter(isMeasured).map((map) => [map.layer, map]));
    return html`
      <shiftlint-layers-bar .model=${this.model} .settings=${this.settings} .shown=${shown.length}></shiftlint-layers-bar>
      ${judgedSizeBar(this.model, this.inputs)}
      <shiftlint-fix-bar .model=${this.model} .inputs=${this.inputs}></shiftlint-fix-bar>
      ${this.layers.some(({ finding }) => finding?.notFixable === null) ? html`<p class="advice muted">${fineTuningAdvice} ${recoveryOffer}</p>` : nothing}
      <div class="scroll">
        <table>
          <thead>
            <tr>
              ${this.columns.map((column) => html`<th scope="col">${column}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${repeat(
              shown,
              ({ layer }) => layer,
              (row) => this.renderRow(row, maps.get(row.layer)),
            )}
          </tbody>
        </table>
      </div>
      ${matching.length > shown.length ? html`<p class="empty muted">More layers match: narrow the filter to see them.</p>` : nothing}
      ${shown.length === 0 ? html`<p class="empty muted">${this.emptyText()}</p>` : nothing}
    `;
  }

  private renderRow(row: LayerRow, map: MeasuredHeatmap | undefined): TemplateResult {
    return html`
      <tr class="layer ${row.mark ?? ''} ${row.layer === this.goal?.layer ? 'goal' : ''}" tabindex="-1">
        <td class="name code" title=${fullName(row)}>${this.renderName(row)}${row.mark === null ? nothing : markBadge(row.mark)}</td>
        <td>${row.op}</td>
        <td class="number">${row.shape}</td>
        <td class="number ${isStrided(row.stride) ? 'strided' : 'muted'}">${strideText(row.stride)}</td>
        <td class="number muted">${strideText(row.cumulativeStride)}</td>
        <td class="number muted" title="Share of the layer's own kernels' energy beyond the new sampling limit">
          ${energyText(row.finding)}
        </td>
        <td class="number muted" title=${row.finding?.price ?? nothing}>${row.finding?.price?.split(' multiply-adds')[0] ?? ''}</td>
        ${this.hasMaps ? html`<td class="number">${map === undefined ? nothing : this.renderMean(map)}</td>` : nothing}
      </tr>
      ${row.finding === null ? nothing : this.renderFinding(row, row.finding)}
    `;
  }

  protected override updated(): void {
    if (this.goal === null || this.goal === this.reached) return;
    const row = this.renderRoot.querySelector<HTMLElement>('tr.goal');
    if (row === null) return;
    this.reached = this.goal;
    // The tab comes to the front with the next frame.
    requestAnimationFrame(() => {
      row.scrollIntoView({ block: 'center' });
      row.focus({ preventScroll: true });
    });
  }

  private get hasMaps(): boolean {
    return this.heatmaps.some(isMeasured);
  }

  private get columns(): readonly string[] {
    return this.hasMaps ? [...modelColumns, 'Mean equivariance'] : modelColumns;
  }

  /** The way to its map. */
  private renderMean({ index, label, mean }: MeasuredHeatmap): TemplateResult {
    return html`<button
      class="link"
      aria-label="${valueText(mean)}, show the heatmap of ${label}"
      title="Show the heatmap"
      @click=${() => {
        send(this, 'heatmap-enlarge', index);
      }}
    >
      ${valueText(mean)}
    </button>`;
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
        <td class="detail" colspan=${this.columns.length}>
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

/** So many rows that the goal is among them. */
function rowsAround(rows: readonly LayerRow[], goal: Goal | null): readonly LayerRow[] {
  const place = goal === null ? 0 : rows.findIndex(({ layer }) => layer === goal.layer);
  const first = place < rowsShown ? 0 : place - rowsShown / 2;
  return rows.slice(first, first + rowsShown);
}
