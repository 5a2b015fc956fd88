import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { type ColourMap, defaultColourMap } from '../../../src/panel-protocol/core/colour-map';
import type { ValueScale } from '../../../src/panel-protocol/core/value-scale';
import type { ShiftFrame } from '../../../src/panel-protocol/studies/equivariance';
import { html } from '../../app/templates';
import '../../heatmap/card';
import type { HeatmapCard } from '../../heatmap/card';
import { defaultScale, scaleChanged } from '../../heatmap/default-scale';
import { displayScale } from '../../heatmap/display-scale';
import { noFrame } from '../../heatmap/frame';
import { isMeasured } from '../../heatmap/reading';
import '../../heatmap/strip';
import type { HeatmapStrip } from '../../heatmap/strip';
import { layerCountText } from '../../lists/counts';
import '../../lists/when-near';
import { sharedStyles } from '../../styles/shared';
import { keepsEquivariance, type JudgedMap, type Stage } from './arrangement';

/** CSS pixels between cards, and what a card adds round its map. */
const gap = 12;
const cardMargin = 18;
const cardText = 110;
const narrowestCard = 200;
const stripHeight = 24;
/** So many strips are made together. */
const stripsTogether = 20;

/** Frames that a part of the list is waited for. */
const longestWait = 30;

/** Maps that follow each other in one form. */
interface Run {
  readonly isStrip: boolean;
  readonly maps: readonly JudgedMap[];
}

/** The maps by stage: a card for each, but a line for those that keep the equivariance they were given. */
@customElement('shiftlint-map-list')
export class MapList extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
      }
      h2 {
        display: flex;
        flex-wrap: wrap;
        gap: 0 10px;
        margin: 16px 0 6px;
        font-size: 1em;
        font-weight: 600;
      }
      h2 span {
        font-weight: normal;
      }
      .cards {
        display: grid;
        grid-template-columns: repeat(var(--columns), minmax(0, var(--card-width)));
        gap: ${gap}px;
        padding-bottom: ${gap}px;
      }
      [aria-current='true'] {
        outline: 2px solid var(--vscode-contrastActiveBorder, var(--vscode-focusBorder));
      }
    `,
  ];

  @property({ attribute: false }) stages: readonly Stage[] = [];
  @property({ attribute: false }) frame: ShiftFrame = noFrame;
  @property({ attribute: false }) colourMap: ColourMap = defaultColourMap;
  @property({ attribute: false, hasChanged: scaleChanged }) scale: ValueScale = defaultScale;
  /** The layer that all tabs mark. */
  @property({ attribute: false }) selected: string | null = null;
  @state() private width = 0;
  private readonly watcher = new ResizeObserver(([entry]) => {
    this.width = entry?.contentRect.width ?? 0;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.watcher.observe(this);
  }

  override disconnectedCallback(): void {
    this.watcher.disconnect();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    return html`${this.stages.map((stage) => html`${this.renderHead(stage)} ${this.renderRuns(stage)}`)}`;
  }

  /** Gives the focus to the card or the line of a map, scrolled to; false where it is not among those shown. */
  async focusMap(index: number): Promise<boolean> {
    const part = this.renderRoot.querySelector<HTMLElement>(`shiftlint-when-near[data-maps~="${index}"]`);
    part?.scrollIntoView({ block: 'nearest' });
    // It is made once it has come near.
    for (let frame = 0; part !== null && frame < longestWait; frame++) {
      const shown = [...part.querySelectorAll<HeatmapCard | HeatmapStrip>('shiftlint-heatmap-card, shiftlint-heatmap-strip')];
      const map = shown.find(({ heatmap }) => heatmap.index === index);
      map?.focus();
      if (map !== undefined) return true;
      await new Promise(requestAnimationFrame);
    }
    return false;
  }

  protected override updated(): void {
    const { width } = this.cardSize;
    this.style.setProperty('--map-width', `${width - cardMargin}px`);
    this.style.setProperty('--card-width', `${width}px`);
    this.style.setProperty('--columns', `${this.columns}`);
  }

  private get cardSize(): { readonly width: number; readonly height: number } {
    const drawn = displayScale(this.frame.size, 200, 288);
    return { width: Math.max(drawn.width, narrowestCard) + cardMargin, height: drawn.height + cardText };
  }

  private get columns(): number {
    return Math.max(1, Math.floor((this.width + gap) / (this.cardSize.width + gap)));
  }

  private renderHead({ size, maps }: Stage): TemplateResult | typeof nothing {
    if (size === null) return nothing;
    const means = maps.flatMap(({ heatmap: { mean } }) => mean ?? []);
    return html`
      <h2>
        ${size[0]} × ${size[1]}
        <span class="muted number">
          ${means.length === 0 ? layerCountText(maps.length) : t`${layerCountText(maps.length)}, mean ${rangeText(means)}`}
        </span>
      </h2>
    `;
  }

  private renderRuns({ maps }: Stage): TemplateResult {
    return html`<div role="list">
      ${runs(maps).map((run) => (run.isStrip ? this.renderStrips(run.maps) : this.renderCards(run.maps)))}
    </div>`;
  }

  private renderCards(maps: readonly JudgedMap[]): TemplateResult {
    const rows = chunks(maps, this.columns);
    const { height } = this.cardSize;
    return html`${rows.map(
      (row) =>
        html`<shiftlint-when-near
          data-maps=${indicesOf(row)}
          .reserve=${height}
          .content=${() => this.renderRow(row)}
        ></shiftlint-when-near>`,
    )}`;
  }

  private renderRow(row: readonly JudgedMap[]): TemplateResult {
    return html`<div class="cards">
      ${repeat(
        row,
        ({ heatmap }) => heatmap.index,
        (map) => html`
          <shiftlint-heatmap-card
            role="listitem"
            aria-current=${this.currentOf(map)}
            .heatmap=${map.heatmap}
            .loss=${map.loss}
            .finding=${map.finding}
            .frame=${this.frame}
            .colourMap=${this.colourMap}
            .scale=${this.scale}
          ></shiftlint-heatmap-card>
        `,
      )}
    </div>`;
  }

  private currentOf({ heatmap }: JudgedMap): 'true' | typeof nothing {
    return heatmap.layer === this.selected ? 'true' : nothing;
  }

  private renderStrips(maps: readonly JudgedMap[]): TemplateResult {
    return html`${chunks(maps, stripsTogether).map(
      (some) => html`
        <shiftlint-when-near
          data-maps=${indicesOf(some)}
          .reserve=${some.length * stripHeight}
          .content=${() => html`${some.map((map) => html`<shiftlint-heatmap-strip role="listitem" aria-current=${this.currentOf(map)} .heatmap=${map.heatmap}></shiftlint-heatmap-strip>`)}`}
        ></shiftlint-when-near>
      `,
    )}`;
  }
}

function runs(maps: readonly JudgedMap[]): readonly Run[] {
  const found: { isStrip: boolean; maps: JudgedMap[] }[] = [];
  for (const map of maps) {
    const isStrip = keepsEquivariance(map) && isMeasured(map.heatmap);
    const last = found.at(-1);
    if (last?.isStrip === isStrip) last.maps.push(map);
    else found.push({ isStrip, maps: [map] });
  }
  return found;
}

function chunks<Item>(items: readonly Item[], length: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / length) }, (_, index) => items.slice(index * length, (index + 1) * length));
}

function indicesOf(maps: readonly JudgedMap[]): string {
  return maps.map(({ heatmap }) => heatmap.index).join(' ');
}

function rangeText(means: readonly number[]): string {
  const [low, high] = [Math.min(...means).toFixed(3), Math.max(...means).toFixed(3)];
  return low === high ? low : t`${low} to ${high}`;
}
