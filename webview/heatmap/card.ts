import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type ColourMap, defaultColourMap } from '../../src/panel-protocol/core/colour-map';
import { fullName } from '../../src/panel-protocol/core/layer-names';
import { tellingLoss } from './telling-loss';
import type { FindingView } from '../../src/panel-protocol/model';
import type { ValueScale } from '../../src/panel-protocol/core/value-scale';
import type { HeatmapView, ShiftFrame } from '../../src/panel-protocol/studies/equivariance';
import { noFrame } from './frame';
import './canvas';
import type { HeatmapCanvas } from './canvas';
import { isMeasured, valueText, type HeatmapReading, type MeasuredHeatmap } from './reading';
import { mapText, periodText, readingText } from './text';
import { send, type PageEvent } from '../app/page-events';
import { cardStyles } from '../styles/card';
import { sharedStyles } from '../styles/shared';
import { defaultScale, scaleChanged } from './default-scale';
import { html } from '../app/templates';

/** One layer: its map, or a placeholder until it has been measured, and what it says in words. */
@customElement('shiftlint-heatmap-card')
export class HeatmapCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    css`
      .placeholder {
        display: grid;
        place-items: center;
        width: var(--map-width);
        max-width: 100%;
        border: 1px dashed var(--vscode-descriptionForeground);
      }
      .name {
        display: -webkit-box;
        margin-top: 6px;
        overflow: hidden;
        font-weight: 600;
        overflow-wrap: anywhere;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
      }
      .values {
        display: flex;
        gap: 0 14px;
        flex-wrap: wrap;
      }
      .small {
        min-height: 1.45em;
        font-size: 0.92em;
      }
    `,
  ];

  @property({ attribute: false }) heatmap!: HeatmapView;
  @property({ attribute: false }) frame: ShiftFrame = noFrame;
  @property({ attribute: false }) colourMap: ColourMap = defaultColourMap;
  @property({ attribute: false, hasChanged: scaleChanged }) scale: ValueScale = defaultScale;
  /** What the layer loses of the mean; null where that is not known. */
  @property({ attribute: false }) loss: number | null = null;
  @property({ attribute: false }) finding: FindingView | null = null;
  @state() private reading: HeatmapReading | null = null;

  override focus(): void {
    this.renderRoot.querySelector<HeatmapCanvas>('shiftlint-heatmap-canvas')?.focus();
  }

  override render(): TemplateResult {
    const { heatmap } = this;
    return html`
      ${isMeasured(heatmap) ? this.renderMap(heatmap) : html`<div class="placeholder muted" aria-label=${t`Not measured yet`}><span>…</span></div>`}
      <div class="name code" title=${fullName(heatmap)}>${heatmap.label}</div>
      <div class="muted small">${mapText(heatmap)}</div>
      <div class="values number">
        ${
          isMeasured(heatmap)
            ? html`<span><span class="muted">${t`mean`}</span> ${valueText(heatmap.mean)}</span>
                <span><span class="muted">${t`worst`}</span> ${valueText(heatmap.min)}</span>
                ${this.loss !== null && this.loss >= tellingLoss ? html`<span><span class="muted">${t`loses`}</span> ${valueText(this.loss)}</span>` : nothing}`
            : html`<span class="muted">${t`not measured yet`}</span>`
        }
      </div>
      ${this.finding === null ? nothing : this.renderFinding(this.finding)}
      <div class="small">
        <span class="muted" ?hidden=${this.reading !== null}>${periodText(heatmap)}</span>
        <output class="number">${this.reading === null ? '' : readingText(this.reading)}</output>
      </div>
    `;
  }

  protected override updated(): void {
    const [height, width] = this.frame.size;
    this.renderRoot.querySelector<HTMLElement>('.placeholder')?.style.setProperty('aspect-ratio', `${width} / ${height}`);
  }

  /** The way to its row among the layers. */
  private renderFinding({ rule }: FindingView): TemplateResult {
    return html`
      <div class="small">
        <button
          class="link code"
          title=${t`Show the finding`}
          @click=${() => {
            send(this, 'layer-show', this.heatmap.layer);
          }}
        >
          ${rule}
        </button>
      </div>
    `;
  }

  private renderMap(heatmap: MeasuredHeatmap): TemplateResult {
    return html`
      <shiftlint-heatmap-canvas
        opening=${t`Arrow keys read values, Enter enlarges.`}
        .heatmap=${heatmap}
        .frame=${this.frame}
        .colourMap=${this.colourMap}
        .scale=${this.scale}
        @heatmap-reading=${(event: PageEvent<'heatmap-reading'>) => {
          this.reading = event.detail;
        }}
        @heatmap-open=${() => {
          send(this, 'heatmap-enlarge', heatmap.index);
        }}
      ></shiftlint-heatmap-canvas>
    `;
  }
}
