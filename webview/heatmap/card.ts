import { css, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type ColourMap, defaultColourMap } from '../../src/panel-protocol/core/colour-map';
import { fullName } from '../../src/panel-protocol/core/layer-names';
import type { HeatmapView, ShiftFrame } from '../../src/panel-protocol/studies/equivariance';
import { noFrame } from './frame';
import './canvas';
import { isMeasured, valueText, type HeatmapReading, type MeasuredHeatmap } from './reading';
import { mapText, periodText, readingText } from './text';
import { send, type PageEvent } from '../app/page-events';
import { sharedStyles } from '../styles/shared';
import { rangeChanged, type ValueRange } from './value-range';
import { html } from '../app/templates';

/** One layer: its map, or a placeholder until it has been measured, and what it says in words. */
@customElement('shiftlint-heatmap-card')
export class HeatmapCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        padding: 8px;
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, transparent));
        border-radius: 4px;
        background: var(--vscode-editorWidget-background);
        line-height: 1.45;
      }
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
  @property({ attribute: false, hasChanged: rangeChanged }) range: ValueRange = { low: 0, high: 1 };
  @state() private reading: HeatmapReading | null = null;

  override render(): TemplateResult {
    const { heatmap } = this;
    return html`
      ${isMeasured(heatmap) ? this.renderMap(heatmap) : html`<div class="placeholder muted" aria-label="Not measured yet"><span>…</span></div>`}
      <div class="name code" title=${fullName(heatmap)}>${heatmap.label}</div>
      <div class="muted small">${mapText(heatmap)}</div>
      <div class="values number">
        ${
          isMeasured(heatmap)
            ? html`<span><span class="muted">mean</span> ${valueText(heatmap.mean)}</span>
                <span><span class="muted">worst</span> ${valueText(heatmap.min)}</span>`
            : html`<span class="muted">not measured yet</span>`
        }
      </div>
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

  private renderMap(heatmap: MeasuredHeatmap): TemplateResult {
    return html`
      <shiftlint-heatmap-canvas
        opens="enlarges"
        .heatmap=${heatmap}
        .frame=${this.frame}
        .colourMap=${this.colourMap}
        .range=${this.range}
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
