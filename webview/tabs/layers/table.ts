import { t } from '@vscode/l10n';
import { LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { priceText } from '../../../src/panel-protocol/core/figure-text';
import { fullName } from '../../../src/panel-protocol/core/layer-names';
import type { FindingView, LayerRow, ModelView } from '../../../src/panel-protocol/model';
import type { HeatmapView } from '../../../src/panel-protocol/studies/equivariance';
import { post } from '../../app/host';
import { send } from '../../app/page-events';
import { defaultSettings, type Settings } from '../../app/settings';
import type { Goal } from '../../app/state';
import { html } from '../../app/templates';
import { isMeasured, valueText, type MeasuredHeatmap } from '../../heatmap/reading';
import { NearParts } from '../../lists/near-parts';
import { measureObstacle } from '../../run/bar';
import { sharedStyles } from '../../styles/shared';
import { breakable } from './breakable';
import { columnHead, columnHeadStyles } from './column-head';
import { columns, formerMeanHead, meanHead, nameHead, type ColumnHead, type ColumnId, type SortKey } from './columns';
import './finding-detail';
import { markBadge, markStyles } from './mark';
import { partsOf, type TablePart } from './parts';
import { isStrided } from './row-text';
import { afterPress } from './sorting';
import { layersTableStyles } from './table-styles';

/** The rows of the layers with what was found below them; only those near the screen are there. */
@customElement('shiftlint-layers-table')
export class LayersTable extends LitElement {
  static override readonly styles = [sharedStyles, markStyles, layersTableStyles, columnHeadStyles];

  @property({ attribute: false }) model!: ModelView;
  /** In the order in which they are shown. */
  @property({ attribute: false }) rows: readonly LayerRow[] = [];
  @property({ attribute: false }) settings: Settings = defaultSettings;
  @property({ attribute: false }) heatmaps: readonly HeatmapView[] = [];
  /** Whether something has changed since these were measured. */
  @property({ attribute: false }) areFormer = false;
  /** The row to go to; another object each time. */
  @property({ attribute: false }) goal: Goal | null = null;
  /** The layer that all tabs mark. */
  @property({ attribute: false }) selected: string | null = null;
  private parts: readonly TablePart[] = [];
  private maps: ReadonlyMap<string, MeasuredHeatmap> = new Map();
  private reached: Goal | null = null;
  /** The layer whose row, or finding below it, had the focus before the rows became others. */
  private kept: string | null = null;
  private readonly near = new NearParts(this);
  private readonly width = new ResizeObserver(() => {
    // A finding is as wide as what is in sight, also where the table is wider.
    this.style.setProperty('--view-width', `${this.clientWidth}px`);
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.width.observe(this);
  }

  override disconnectedCallback(): void {
    this.width.disconnect();
    super.disconnectedCallback();
  }

  /** Place among the rows of the one that has the focus; undefined where none has it. */
  get focusedRow(): number | undefined {
    const row = this.shadowRoot?.activeElement?.closest<HTMLElement>('[data-row]');
    return row ? Number(row.dataset['row']) : undefined;
  }

  /** Gives the table itself the focus. */
  enter(): void {
    this.renderRoot.querySelector<HTMLElement>('.table')?.focus({ preventScroll: true });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('rows')) {
      this.kept = changed.get('rows')?.[this.focusedRow ?? -1]?.layer ?? null;
      this.parts = partsOf(this.rows);
      this.near.forgetHeights();
    }
    if (changed.has('heatmaps')) this.maps = new Map(this.heatmaps.filter(isMeasured).map((map) => [map.layer, map]));
  }

  override render(): TemplateResult {
    const { settings, parts } = this;
    const shown = settings.layerColumns;
    const last = parts.at(-1);
    const rowCount = last === undefined ? 1 : last.lastRow;
    return html`
      <div
        class="table"
        tabindex="0"
        role="region"
        aria-label=${t`Layers. J goes to the next finding, K to the previous one.`}
        @focusin=${this.choose}
      >
        <table aria-rowcount=${rowCount}>
          <colgroup>
            <col />
            ${shown.map((id) => html`<col class=${id} />`)} ${this.hasMaps ? html`<col class="mean" />` : nothing}
          </colgroup>
          <thead>
            <tr aria-rowindex="1">
              ${this.renderHead('name', nameHead)} ${shown.map((id) => this.renderHead(id, columns[id]))}
              ${this.hasMaps ? this.renderHead('mean', this.areFormer ? formerMeanHead : meanHead) : nothing}
            </tr>
          </thead>
          ${repeat(
            parts,
            (_, index) => index,
            (part, index) => this.renderPart(part, index),
          )}
        </table>
      </div>
    `;
  }

  protected override updated(): void {
    // Styles are set from here because the page's policy allows no style attributes.
    for (const spacer of this.renderRoot.querySelectorAll<HTMLElement>('td.spacer')) spacer.style.height = `${spacer.dataset['height']}px`;
    this.keepFocus();
    if (this.goal === null || this.goal === this.reached || this.renderRoot.querySelector('tr.goal') === null) return;
    this.reached = this.goal;
    const goingOn = this.hearOfInput();
    // The tab comes to the front with the next frame; parts that come near then may move what they precede.
    requestAnimationFrame(() => {
      this.showGoal();
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          if (!goingOn.aborted) this.showGoal();
        }),
      );
    });
  }

  /** The focus stays with its layer where a fix takes away what had it, or puts other rows before it. */
  private keepFocus(): void {
    const { kept } = this;
    this.kept = null;
    if (kept === null || this.rows[this.focusedRow ?? -1]?.layer === kept) return;
    const place = this.rows.findIndex(({ layer }) => layer === kept);
    const row = this.renderRoot.querySelector<HTMLElement>(`tr.layer[data-row="${place}"]`);
    if (row === null) this.enter();
    else row.focus({ preventScroll: true });
  }

  /** Aborted once the user presses a key or clicks: from then on nothing may take the focus from where they go. */
  private hearOfInput(): AbortSignal {
    const input = new AbortController();
    for (const kind of ['keydown', 'pointerdown'])
      window.addEventListener(
        kind,
        () => {
          input.abort();
        },
        { capture: true, signal: input.signal },
      );
    return input.signal;
  }

  private showGoal(): void {
    const row = this.renderRoot.querySelector<HTMLElement>('tr.goal');
    row?.scrollIntoView({ block: 'center' });
    row?.focus({ preventScroll: true });
  }

  /** The row that gets the focus, by a click or a key, is what all tabs mark. */
  private readonly choose = (): void => {
    const layer = this.rows[this.focusedRow ?? -1]?.layer;
    if (layer !== undefined && layer !== this.selected) send(this, 'layer-select', layer);
  };

  private renderHead(key: SortKey, head: ColumnHead): TemplateResult {
    return columnHead(key, head, this.settings, () => {
      send(this, 'settings-change', afterPress(key, this.settings));
    });
  }

  private renderPart(part: TablePart, index: number): TemplateResult {
    const isThere = this.near.isNear(index) || (this.goal !== null && part.rows.some(({ layer }) => layer === this.goal?.layer));
    const height = this.near.heightOf(index) ?? part.estimate;
    return html`<tbody data-part=${index}>
      ${
        isThere
          ? this.renderRows(part)
          : html`<tr aria-hidden="true">
              <td class="spacer" data-height=${height} colspan=${this.columnCount}></td>
            </tr>`
      }
    </tbody>`;
  }

  private renderRows({ rows, first, firstRow }: TablePart): readonly TemplateResult[] {
    let rowIndex = firstRow;
    return rows.map((row, index) => {
      const rendered = this.renderRow(row, first + index, rowIndex);
      rowIndex += row.finding === null ? 1 : 2;
      return rendered;
    });
  }

  private renderRow(row: LayerRow, index: number, rowIndex: number): TemplateResult {
    const map = this.maps.get(row.layer);
    return html`
      <tr
        class="layer ${row.mark ?? ''} ${row.layer === this.goal?.layer ? 'goal' : ''}"
        tabindex="-1"
        data-row=${index}
        aria-rowindex=${rowIndex}
        aria-current=${row.layer === this.selected ? 'true' : nothing}
      >
        <td class="name code" title=${fullName(row)}>${this.renderName(row)}${row.mark === null ? nothing : markBadge(row.mark)}</td>
        ${this.settings.layerColumns.map((id) => this.renderCell(id, row))}
        ${this.hasMaps ? html`<td class="number ${this.areFormer ? 'former' : ''}">${map === undefined ? nothing : this.renderMean(map)}</td>` : nothing}
      </tr>
      ${row.finding === null ? nothing : this.renderFinding(row, row.finding, index, rowIndex + 1)}
    `;
  }

  private renderCell(id: ColumnId, row: LayerRow): TemplateResult {
    const isTelling = id === 'stride' && isStrided(row.stride);
    const price = id === 'fixCost' ? (row.finding?.price ?? null) : null;
    return html`<td
      class="number ${isTelling ? 'strided' : id === 'op' || id === 'shape' ? '' : 'muted'}"
      title=${price === null ? nothing : priceText(price)}
    >
      ${columns[id].text(row)}
    </td>`;
  }

  private get hasMaps(): boolean {
    return this.maps.size > 0;
  }

  private get columnCount(): number {
    return 1 + this.settings.layerColumns.length + Number(this.hasMaps);
  }

  /** The way to its map. */
  private renderMean({ index, label, mean }: MeasuredHeatmap): TemplateResult {
    return html`<button
      class="link"
      aria-label=${t`${valueText(mean)}, show the heatmap of ${label}`}
      title=${t`Show the heatmap`}
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
      title=${t`Go to layer`}
      @click=${() => {
        post({ kind: 'reveal-layer', layer });
      }}
    >
      ${text}
    </button>`;
  }

  private renderFinding(layer: LayerRow, finding: FindingView, index: number, rowIndex: number): TemplateResult {
    return html`
      <tr data-row=${index} aria-rowindex=${rowIndex}>
        <td class="detail" colspan=${this.columnCount}>
          <shiftlint-finding-detail
            .layer=${layer}
            .finding=${finding}
            .obstacle=${measureObstacle(this.model.mayMeasure)}
          ></shiftlint-finding-detail>
        </td>
      </tr>
    `;
  }
}
