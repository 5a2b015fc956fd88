import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { fineTuningAdvice } from '../../../src/panel-protocol/core/advice-text';
import type { InputsView } from '../../../src/panel-protocol/inputs';
import { recoveryOffer, type LayerRow, type ModelView } from '../../../src/panel-protocol/model';
import type { HeatmapView } from '../../../src/panel-protocol/studies/equivariance';
import './fix-bar';
import './layers-bar';
import type { LayersBar } from './layers-bar';
import './table';
import type { LayersTable } from './table';
import type { Goal } from '../../app/state';
import { isMeasured } from '../../heatmap/reading';
import { matchingLayers } from './filter';
import { judgedSizeBar, judgedSizeStyles } from './judged-size';
import { findingFrom, sortedLayers } from './sorting';
import { tableKey, type TableKey } from './keys';
import type { Settings } from '../../app/settings';
import { fieldStyles } from '../../fields/field';
import { sharedStyles } from '../../styles/shared';
import { sentences } from '../../app/sentences';
import { html } from '../../app/templates';

/** Every layer with what was found there, the ways to find one among them, and the buttons that mend it. */
@customElement('shiftlint-layers-view')
export class LayersView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    fieldStyles,
    judgedSizeStyles,
    css`
      :host {
        display: block;
        --sticky-height: calc(var(--bar-height, 0px) + 64px);
      }
      shiftlint-layers-bar {
        position: sticky;
        top: 0;
        z-index: 3;
      }
      /* Where little is in sight, rows need the room more. */
      @media (max-height: 480px) {
        shiftlint-layers-bar {
          position: static;
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
  /** Whether something has changed since. */
  @property({ attribute: false }) areFormer = false;
  @property({ attribute: false }) goal: Goal | null = null;
  /** The layer that all tabs mark. */
  @property({ attribute: false }) selected: string | null = null;
  /** The row that the user was led to, or went to. */
  @state() private place: Goal | null = null;
  private rows: readonly LayerRow[] = [];
  private attached = new AbortController();
  @query('shiftlint-layers-bar') private readonly bar!: LayersBar;
  @query('shiftlint-layers-table') private readonly table!: LayersTable;

  override connectedCallback(): void {
    super.connectedCallback();
    this.attached = new AbortController();
    const { signal } = this.attached;
    // The search is the tab's wherever on the page the focus is; letters are keys only where the table or what stands in it has it.
    window.addEventListener(
      'keydown',
      (event) => {
        if (this.checkVisibility()) this.press(event, ['search']);
      },
      { signal },
    );
    this.addEventListener(
      'keydown',
      (event) => {
        this.press(event, ['next', 'previous', 'leave']);
      },
      { signal },
    );
  }

  protected override firstUpdated(): void {
    // The heads of the table stand below the bar, however many lines it takes.
    const watcher = new ResizeObserver(() => {
      const isSticky = getComputedStyle(this.bar).position === 'sticky';
      this.style.setProperty('--bar-height', `${isSticky ? this.bar.offsetHeight : 0}px`);
    });
    watcher.observe(this.bar);
    this.attached.signal.addEventListener('abort', () => {
      watcher.disconnect();
    });
  }

  override disconnectedCallback(): void {
    this.attached.abort();
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('goal')) this.place = this.goal;
    if (!changed.has('layers') && !changed.has('settings') && !changed.has('heatmaps')) return;
    const { settings } = this;
    const means = new Map(this.heatmaps.filter(isMeasured).map(({ layer, mean }) => [layer, mean]));
    this.rows = sortedLayers(matchingLayers(this.layers, settings), settings, means);
  }

  override render(): TemplateResult {
    const { rows, model, settings } = this;
    const hasFindings = rows.some(({ finding }) => finding !== null);
    return html`
      <shiftlint-layers-bar
        .model=${model}
        .settings=${settings}
        .shown=${rows.length}
        .hasFindings=${hasFindings}
        .walk=${(step: 1 | -1) => {
          this.walk(step);
        }}
      ></shiftlint-layers-bar>
      ${judgedSizeBar(model, this.inputs)}
      <shiftlint-fix-bar .model=${model} .inputs=${this.inputs}></shiftlint-fix-bar>
      ${this.layers.some(({ finding }) => finding?.notFixable === null) ? html`<p class="advice muted">${sentences(fineTuningAdvice, recoveryOffer)}</p>` : nothing}
      ${hasFindings ? html`<p class="advice muted">${t`Keys: Ctrl+F (⌘F) searches, Escape leaves the search; J and K go to the next and the previous finding.`}</p>` : nothing}
      <shiftlint-layers-table
        .model=${model}
        .rows=${rows}
        .settings=${settings}
        .heatmaps=${this.heatmaps}
        .areFormer=${this.areFormer}
        .goal=${this.place}
        .selected=${this.selected}
      ></shiftlint-layers-table>
      ${rows.length === 0 ? html`<p class="empty muted">${this.emptyText()}</p>` : nothing}
    `;
  }

  private press(event: KeyboardEvent, wanted: readonly TableKey[]): void {
    const [target] = event.composedPath();
    const key = tableKey(event, target instanceof HTMLInputElement && target.type !== 'checkbox');
    if (key === undefined || !wanted.includes(key)) return;
    event.preventDefault();
    if (key === 'search') this.bar.searchLayers();
    else if (key === 'leave') this.table.enter();
    else this.walk(key === 'next' ? 1 : -1);
  }

  /** Goes to the next finding among the rows, or to the one before, from where the user is. */
  private walk(step: 1 | -1): void {
    const from = this.table.focusedRow ?? this.rows.findIndex(({ layer }) => layer === this.place?.layer);
    const row = findingFrom(this.rows, from, step);
    if (row !== undefined) this.place = { layer: row.layer };
  }

  private emptyText(): string {
    if (this.model.layerCount === 0) return t`The model has no layers.`;
    if (this.layers.length === 0) return '';
    return this.settings.onlyFindings && this.settings.filter === '' ? t`No layer has a finding.` : t`No layer matches the filter.`;
  }
}
