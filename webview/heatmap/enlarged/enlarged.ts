import '@vscode-elements/elements/dist/vscode-button/index.js';
import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { type ColourMap, defaultColourMap } from '../../../src/panel-protocol/core/colour-map';
import type { ScaleChoice, ValueScale } from '../../../src/panel-protocol/core/value-scale';
import type { ClassMapView, Picture, ShiftFrame } from '../../../src/panel-protocol/studies/equivariance';
import { fullName } from '../../../src/panel-protocol/core/layer-names';
import type { FeaturesView } from '../../../src/panel-protocol/studies/features';
import { axisWidth, renderAcrossAxis, renderDownAxis } from '../axes';
import { displayScale } from '../display-scale';
import '../features/feature-maps';
import { noFrame } from '../frame';
import '../canvas';
import type { HeatmapCanvas } from '../canvas';
import { placeOf, valueText, worstShift, type HeatmapReading, type MeasuredHeatmap, type Shift } from '../reading';
import './at-shift';
import '../cut';
import { keepTabInside } from './dialog-focus';
import { mapImage } from './map-image';
import { mapText, periodText, readingText } from '../text';
import { post } from '../../app/host';
import '../legend';
import { send, type PageEvent } from '../../app/page-events';
import { focusedElement } from '../../app/tab-stops';
import { sharedStyles } from '../../styles/shared';
import { defaultScale, scaleChanged } from '../default-scale';
import { html } from '../../app/templates';

/** Room in CSS pixels for what stands around the map. */
const dialogMargin = 96;
const longestMap = 640;
/** In CSS pixels: from where on feature maps stand beside the map, and what they take there. */
const twoColumns = 760;
const besideWidth = 310;
const gapBeside = 30;

const noShift: Shift = { dy: 0, dx: 0 };

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
        flex-wrap: wrap;
        align-items: flex-start;
        gap: 8px;
        margin-bottom: 10px;
      }
      h2 {
        margin: 0;
        font-size: 1.1em;
        overflow-wrap: anywhere;
      }
      header div {
        flex: 1 1 240px;
        min-width: 0;
        line-height: 1.5;
      }
      .columns,
      .beside {
        display: flex;
        flex-wrap: wrap;
        gap: 12px 24px;
      }
      .columns > *,
      .beside > * {
        min-width: 0;
      }
      .beside {
        flex: 1 1 ${besideWidth}px;
        align-content: flex-start;
      }
      .beside > * {
        flex: 1 1 ${besideWidth}px;
      }
      .beside > .shift {
        display: flex;
        flex: 0 1 auto;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-content: flex-start;
      }
      /* What stands beside the map is scrolled past it. */
      @media (min-width: ${twoColumns}px) and (min-height: 560px) {
        .map {
          position: sticky;
          top: 0;
          align-self: flex-start;
        }
      }
      .note {
        margin: 0 0 8px;
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
      .beside p {
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
  /** What the model is shown, and what it says of that, where it is a picture and a classifier. */
  @property({ attribute: false }) picture: Picture | null = null;
  @property({ attribute: false }) classes: ClassMapView | null = null;
  /** The measured maps before and after this one, by depth; null where there are none. */
  @property({ attribute: false }) neighbours: Neighbours = { previous: null, next: null };
  @state() private reading: HeatmapReading | null = null;
  /** The shift that was picked, on whichever layer. */
  @state() private pinned: Shift | null = null;
  /** What came of copying; empty for nothing. */
  @state() private copied: '' | 'copied' | 'refused' = '';
  private readonly cameFrom = focusedElement();
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
        @keydown=${(event: KeyboardEvent) => {
          this.press(event);
        }}
      >
        <header>
          <div>
            <h2 id="title" class="code" title=${fullName(this.heatmap)}>${label}</h2>
            <span class="muted">${mapText(this.heatmap)} · ${periodText(this.heatmap)}</span><br />
            <span class="number">${t`mean ${valueText(mean)} · worst ${valueText(min)}`}</span>
          </div>
          ${this.renderStep(t`Previous layer`, this.neighbours.previous)} ${this.renderStep(t`Next layer`, this.neighbours.next)}
          <vscode-button
            secondary
            @click=${() => {
              void this.copy();
            }}
            >${t`Copy image`}</vscode-button
          >
          <vscode-button
            secondary
            @click=${() => {
              this.dialog.close();
            }}
            >${t`Close`}</vscode-button
          >
        </header>
        <div role="status">${this.renderCopied()}</div>
        <div
          class="columns"
          @heatmap-reading=${(event: PageEvent<'heatmap-reading'>) => {
            this.reading = event.detail;
          }}
          @heatmap-open=${(event: PageEvent<'heatmap-open'>) => {
            this.pick(event.detail);
          }}
        >
          <div class="map">
            <div class="plot">
              ${renderDownAxis(this.frame, drawn.height)}
              <shiftlint-heatmap-canvas
                .heatmap=${this.heatmap}
                .frame=${this.frame}
                .colourMap=${this.colourMap}
                .scale=${this.scale}
                .longest=${[longest, longest] as const}
                .pinned=${this.pinned && placeOf(this.pinned, this.frame)}
                .opening=${this.opening}
              ></shiftlint-heatmap-canvas>
              ${renderAcrossAxis(this.frame, drawn.width)}
            </div>
            <output class="number">${this.reading === null ? this.hint : readingText(this.reading)}</output>
            <shiftlint-legend .colourMap=${this.colourMap} .scale=${this.scale} .choice=${this.choice}></shiftlint-legend>
          </div>
          <div class="beside">
            <div class="shift">${this.renderShift()}</div>
            <div>${this.renderFeatures()}</div>
          </div>
        </div>
      </dialog>
    `;
  }

  /** The pinned shift stays: its feature maps are asked for on the next layer as well. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('heatmap') || changed.get('heatmap')?.name === this.heatmap.name) return;
    this.reading = null;
    this.copied = '';
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

  /** What the keys do, picking a shift among it. */
  private get opening(): string {
    return this.showsFeatures
      ? t`Arrow keys read values, Enter shows feature maps.`
      : t`Arrow keys read values, Enter cuts through that shift.`;
  }

  private get hint(): string {
    return this.showsFeatures
      ? t`Point or use the arrow keys to read values; click or Enter shows feature maps.`
      : t`Point or use the arrow keys to read values; click or Enter cuts through that shift.`;
  }

  private renderStep(title: string, index: number | null): TemplateResult {
    return html`<vscode-button
      secondary
      ?disabled=${index === null}
      aria-disabled=${index === null}
      @click=${() => {
        if (index !== null) send(this, 'heatmap-enlarge', index);
      }}
      >${title}</vscode-button
    >`;
  }

  private renderCopied(): TemplateResult | typeof nothing {
    if (this.copied === '') return nothing;
    if (this.copied === 'copied') return html`<p class="note muted">${t`The picture is on the clipboard.`}</p>`;
    return html`<p class="note">
      ${t`The clipboard does not take pictures here.`}
      <button
        class="link"
        @click=${() => {
          post({ kind: 'export', study: 'equivariance' });
        }}
      >
        ${t`Export the maps to files`}
      </button>
    </p>`;
  }

  /** The image at the shift that is read, else at the picked one; and the cut through the picked one, else through the worst. */
  private renderShift(): TemplateResult {
    const { heatmap, frame, classes, picture } = this;
    const atShift = html`<shiftlint-at-shift
      .picture=${picture}
      .classes=${classes}
      .imageSize=${frame.size}
      .shift=${this.reading ?? this.pinned ?? noShift}
    ></shiftlint-at-shift>`;
    return html`
      ${picture === null && classes === null ? nothing : atShift}
      <shiftlint-cut
        .heatmap=${heatmap}
        .frame=${frame}
        .classes=${classes}
        .through=${this.pinned === null ? worstShift(heatmap) : placeOf(this.pinned, frame)}
      ></shiftlint-cut>
    `;
  }

  private renderFeatures(): TemplateResult {
    if (!this.showsFeatures) return html`<p class="muted">${t`Feature maps are shown for the circular protocol only.`}</p>`;
    return this.features?.wanted.layer === this.heatmap.name
      ? html`<shiftlint-feature-maps .features=${this.features}></shiftlint-feature-maps>`
      : html`<p class="muted">${t`Feature maps are shown here for the shift that is picked in the map, channel by channel.`}</p>`;
  }

  private pick({ dy, dx }: Shift): void {
    this.pinned = { dy, dx };
    if (!this.showsFeatures) return;
    post({ kind: 'show-features', wanted: { layer: this.heatmap.name, shift: [dy, dx], first: 0 } });
  }

  private press(event: KeyboardEvent): void {
    keepTabInside(event, this.dialog);
    if (event.key !== 'Escape') return;
    event.preventDefault();
    this.dialog.close();
  }

  private async copy(): Promise<void> {
    const { heatmap, frame, colourMap, scale } = this;
    try {
      const image = mapImage({ heatmap, frame, colourMap, scale });
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': image })]);
      this.copied = 'copied';
    } catch {
      // Whoever runs the page may forbid it, or take nothing but text.
      this.copied = 'refused';
    }
  }

  /** The browser gives the focus back to where it was; where that has gone meanwhile, the map's card takes it. */
  private close(): void {
    if (this.features !== null) post({ kind: 'cancel-features' });
    const isBack = this.cameFrom?.isConnected === true && this.cameFrom !== document.body && this.cameFrom.checkVisibility();
    if (isBack) this.cameFrom.focus();
    send(this, 'enlarged-close', isBack ? null : this.heatmap.index);
  }

  /** As much of the window as the texts around the map leave. */
  private longestSide(): number {
    const beside = window.innerWidth >= twoColumns ? besideWidth + gapBeside : 0;
    const room = Math.min(window.innerWidth - beside - axisWidth - dialogMargin, window.innerHeight - 2 * dialogMargin - axisWidth);
    return Math.max(160, Math.min(longestMap, room));
  }
}
