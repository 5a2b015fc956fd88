import '@vscode-elements/elements/dist/vscode-button/index.js';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { type ColourMap, defaultColourMap } from '../../src/panel-protocol/core/colour-map';
import type { ScaleChoice, ValueScale } from '../../src/panel-protocol/core/value-scale';
import type { ShiftFrame } from '../../src/panel-protocol/studies/equivariance';
import { fullName } from '../../src/panel-protocol/core/layer-names';
import type { FeaturesView } from '../../src/panel-protocol/studies/features';
import { axisWidth, renderAcrossAxis, renderDownAxis } from './axes';
import { displayScale } from './display-scale';
import './feature-maps';
import { noFrame } from './frame';
import './canvas';
import type { HeatmapCanvas } from './canvas';
import { valueText, type HeatmapReading, type MeasuredHeatmap } from './reading';
import { mapText, periodText, readingText } from './text';
import { post } from '../app/host';
import './legend';
import { send, type PageEvent } from '../app/page-events';
import { sharedStyles } from '../styles/shared';
import { defaultScale, scaleChanged } from './default-scale';
import { html } from '../app/templates';

/** Room in CSS pixels for what stands around the map. */
const dialogMargin = 96;
const longestMap = 640;

/**
 * One map in a dialog, with axes in pixels of shift, and the feature maps at a shift that is picked in it. Escape and the button close
 * it; focus returns to where it was.
 */
@customElement('shiftlint-enlarged-heatmap')
export class EnlargedHeatmap extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      /* Wide enough for feature maps from the start, and growing downwards only: the map stays under the pointer. */
      dialog {
        min-width: min(740px, 100vw - 16px);
        margin-top: 8px;
        max-width: calc(100vw - 16px);
        max-height: calc(100vh - 16px);
        padding: 14px 18px 18px;
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, var(--vscode-editorWidget-border, transparent)));
        border-radius: 6px;
        background: var(--vscode-editorWidget-background);
        color: inherit;
        box-shadow: 0 4px 24px var(--vscode-widget-shadow);
      }
      dialog::backdrop {
        background: var(--vscode-editor-background);
        opacity: 0.7;
      }
      header {
        display: flex;
        align-items: flex-start;
        gap: 16px;
        margin-bottom: 10px;
      }
      h2 {
        margin: 0;
        font-size: 1.1em;
        overflow-wrap: anywhere;
      }
      header div {
        flex: 1;
        min-width: 0;
        line-height: 1.5;
      }
      .plot {
        display: grid;
        grid-template-columns: ${axisWidth}px auto;
        width: fit-content;
      }
      svg {
        display: block;
        overflow: visible;
        fill: var(--vscode-foreground);
        font-size: 11px;
      }
      line {
        stroke: var(--vscode-foreground);
      }
      .across {
        grid-column: 2;
      }
      output {
        display: block;
        min-height: 1.5em;
        margin: 8px 0 0 ${axisWidth}px;
        contain: inline-size;
      }
      shiftlint-legend {
        margin: 8px 0 0 ${axisWidth}px;
        contain: inline-size;
      }
      shiftlint-feature-maps {
        margin-top: 12px;
        contain: inline-size;
      }
    `,
  ];

  @property({ attribute: false }) heatmap!: MeasuredHeatmap;
  @property({ attribute: false }) frame: ShiftFrame = noFrame;
  @property({ attribute: false }) colourMap: ColourMap = defaultColourMap;
  @property({ attribute: false, hasChanged: scaleChanged }) scale: ValueScale = defaultScale;
  @property({ attribute: false }) choice: ScaleChoice = 'linear';
  @property({ attribute: false }) features: FeaturesView | null = null;
  @state() private reading: HeatmapReading | null = null;
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('shiftlint-heatmap-canvas') private readonly map!: HeatmapCanvas;

  override render(): TemplateResult {
    const { name, label, mean, min } = this.heatmap;
    const longest = this.longestSide();
    const drawn = displayScale(this.frame.size, longest, longest);
    return html`
      <dialog
        aria-labelledby="title"
        @close=${() => {
          this.close();
        }}
      >
        <header>
          <div>
            <h2 id="title" class="code" title=${fullName(this.heatmap)}>${label}</h2>
            <span class="muted">${mapText(this.heatmap)} · ${periodText(this.heatmap)}</span><br />
            <span class="number">mean ${valueText(mean)} · worst ${valueText(min)}</span>
          </div>
          <vscode-button
            secondary
            @click=${() => {
              this.dialog.close();
            }}
            >Close</vscode-button
          >
        </header>
        <div class="plot">
          ${renderDownAxis(this.frame, drawn.height)}
          <shiftlint-heatmap-canvas
            .heatmap=${this.heatmap}
            .frame=${this.frame}
            .colourMap=${this.colourMap}
            .scale=${this.scale}
            .longest=${[longest, longest] as const}
            .opens=${this.showsFeatures ? 'shows the feature maps at that shift' : ''}
            @heatmap-reading=${(event: PageEvent<'heatmap-reading'>) => {
              this.reading = event.detail;
            }}
            @heatmap-open=${(event: PageEvent<'heatmap-open'>) => {
              this.pick(event.detail);
            }}
          ></shiftlint-heatmap-canvas>
          ${renderAcrossAxis(this.frame, drawn.width)}
        </div>
        <output class="number">${this.reading === null ? this.hint : readingText(this.reading)}</output>
        <shiftlint-legend .colourMap=${this.colourMap} .scale=${this.scale} .choice=${this.choice}></shiftlint-legend>
        ${this.features?.wanted.layer === name ? html`<shiftlint-feature-maps .features=${this.features}></shiftlint-feature-maps>` : nothing}
      </dialog>
    `;
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
    void this.map.updateComplete.then(() => {
      this.map.focus();
    });
  }

  /** The deployed protocol compares crops of a larger canvas; its feature maps are not at hand. */
  private get showsFeatures(): boolean {
    return this.frame.protocol === 'circular';
  }

  private get hint(): string {
    const reads = 'Point at the map or press the arrow keys to read values';
    return this.showsFeatures
      ? `${reads}; click or Enter shows feature maps.`
      : `${reads}. Feature maps are shown for the circular protocol only.`;
  }

  private pick({ dy, dx }: HeatmapReading): void {
    post({ kind: 'show-features', wanted: { layer: this.heatmap.name, shift: [dy, dx], first: 0 } });
  }

  private close(): void {
    if (this.features !== null) post({ kind: 'cancel-features' });
    send(this, 'enlarged-close', null);
  }

  /** As much of the window as the texts around the map leave. */
  private longestSide(): number {
    const room = Math.min(window.innerWidth - axisWidth - dialogMargin, window.innerHeight - 2 * dialogMargin - axisWidth);
    return Math.max(160, Math.min(longestMap, room));
  }
}
