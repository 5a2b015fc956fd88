import '@vscode-elements/elements/dist/vscode-button/index.js';
import { css, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
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
/** In CSS pixels: from where on feature maps stand beside the map, and what they take there. */
const twoColumns = 760;
const featuresWidth = 340;

/** Indices of maps to go to. */
export interface Neighbours {
  readonly previous: number | null;
  readonly next: number | null;
}

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
        min-width: min(900px, 100vw - 16px);
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
      .columns {
        display: flex;
        flex-wrap: wrap;
        gap: 12px 24px;
      }
      .features {
        flex: 1 0 310px;
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
      .features p {
        max-width: 40ch;
        margin: 0;
      }
    `,
  ];

  @property({ attribute: false }) heatmap!: MeasuredHeatmap;
  @property({ attribute: false }) frame: ShiftFrame = noFrame;
  @property({ attribute: false }) colourMap: ColourMap = defaultColourMap;
  @property({ attribute: false, hasChanged: scaleChanged }) scale: ValueScale = defaultScale;
  @property({ attribute: false }) choice: ScaleChoice = 'linear';
  @property({ attribute: false }) features: FeaturesView | null = null;
  /** The measured maps before and after this one, by depth; null where there are none. */
  @property({ attribute: false }) neighbours: Neighbours = { previous: null, next: null };
  @state() private reading: HeatmapReading | null = null;
  /** The shift that feature maps were asked for, on whichever layer. */
  @state() private pinned: HeatmapReading | null = null;
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('shiftlint-heatmap-canvas') private readonly map!: HeatmapCanvas;

  override render(): TemplateResult {
    const { label, mean, min } = this.heatmap;
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
          ${this.renderStep('Previous layer', this.neighbours.previous)} ${this.renderStep('Next layer', this.neighbours.next)}
          <vscode-button
            secondary
            @click=${() => {
              this.dialog.close();
            }}
            >Close</vscode-button
          >
        </header>
        <div class="columns">
          <div>
            <div class="plot">
              ${renderDownAxis(this.frame, drawn.height)}
              <shiftlint-heatmap-canvas
                .heatmap=${this.heatmap}
                .frame=${this.frame}
                .colourMap=${this.colourMap}
                .scale=${this.scale}
                .longest=${[longest, longest] as const}
                .pinned=${this.pinned}
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
          </div>
          ${this.showsFeatures ? html`<div class="features">${this.renderFeatures()}</div>` : nothing}
        </div>
      </dialog>
    `;
  }

  /** The pinned shift stays: its feature maps are asked for on the next layer as well. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('heatmap') || changed.get('heatmap')?.name === this.heatmap.name) return;
    this.reading = null;
    if (this.pinned !== null) this.pick(this.pinned);
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

  private renderStep(title: string, index: number | null): TemplateResult {
    return html`<vscode-button
      secondary
      ?disabled=${index === null}
      @click=${() => {
        if (index !== null) send(this, 'heatmap-enlarge', index);
      }}
      >${title}</vscode-button
    >`;
  }

  private renderFeatures(): TemplateResult {
    return this.features?.wanted.layer === this.heatmap.name
      ? html`<shiftlint-feature-maps .features=${this.features}></shiftlint-feature-maps>`
      : html`<p class="muted">Feature maps are shown here for the shift that is picked in the map, channel by channel.</p>`;
  }

  private pick(reading: HeatmapReading): void {
    this.pinned = reading;
    const { dy, dx } = reading;
    post({ kind: 'show-features', wanted: { layer: this.heatmap.name, shift: [dy, dx], first: 0 } });
  }

  private close(): void {
    if (this.features !== null) post({ kind: 'cancel-features' });
    send(this, 'enlarged-close', null);
  }

  /** As much of the window as the texts around the map leave. */
  private longestSide(): number {
    const beside = this.showsFeatures && window.innerWidth >= twoColumns ? featuresWidth : 0;
    const room = Math.min(window.innerWidth - beside - axisWidth - dialogMargin, window.innerHeight - 2 * dialogMargin - axisWidth);
    return Math.max(160, Math.min(longestMap, room));
  }
}
