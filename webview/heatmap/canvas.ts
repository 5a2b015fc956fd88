import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { type ColourMap, defaultColourMap } from '../../src/panel-protocol/core/colour-map';
import type { ValueScale } from '../../src/panel-protocol/core/value-scale';
import type { ShiftFrame } from '../../src/panel-protocol/studies/equivariance';
import { displayScale, type DisplaySize } from './display-scale';
import { clearHeatmap, drawHeatmap } from './drawing';
import { readingAt, shiftAfterKey, shiftAt, shiftOf, worstShift, type HeatmapReading, type MeasuredHeatmap, type Shift } from './reading';
import { noFrame } from './frame';
import { spokenHeatmap } from './text';
import { send } from '../app/page-events';
import { sharedStyles } from '../styles/shared';
import { defaultScale, scaleChanged } from './default-scale';
import { html } from '../app/templates';

/**
 * One map with a crosshair that follows the pointer and the arrow keys. Sends `heatmap-reading` as it moves and, where it
 * has an `opening`, `heatmap-open` on click and Enter.
 */
@customElement('shiftlint-heatmap-canvas')
export class HeatmapCanvas extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        width: fit-content;
        max-width: 100%;
      }
      .map {
        position: relative;
        overflow: clip;
        cursor: crosshair;
        touch-action: pan-y;
      }
      canvas {
        display: block;
        max-width: 100%;
      }
      canvas.whole {
        image-rendering: pixelated;
      }
      .period {
        position: absolute;
        top: 0;
        left: 0;
        width: var(--period-x);
        height: var(--period-y);
        border: 1px solid var(--vscode-editor-foreground);
        outline: 1px solid var(--vscode-editor-background);
        opacity: 0.75;
        pointer-events: none;
      }
      .pin {
        position: absolute;
        top: var(--pin-y);
        left: var(--pin-x);
        width: 13px;
        height: 13px;
        margin: -7px 0 0 -7px;
        border: 2px solid var(--vscode-editor-foreground);
        border-radius: 50%;
        outline: 1px solid var(--vscode-editor-background);
        pointer-events: none;
      }
      .line {
        position: absolute;
        background: var(--vscode-editor-background);
        outline: 1px solid var(--vscode-editor-foreground);
        opacity: 0.75;
        pointer-events: none;
      }
      .across {
        top: var(--place-y);
        right: 0;
        left: 0;
        height: 1px;
      }
      .down {
        top: 0;
        bottom: 0;
        left: var(--place-x);
        width: 1px;
      }
    `,
  ];

  @property({ attribute: false }) heatmap!: MeasuredHeatmap;
  @property({ attribute: false }) frame: ShiftFrame = noFrame;
  @property({ attribute: false }) colourMap: ColourMap = defaultColourMap;
  @property({ attribute: false, hasChanged: scaleChanged }) scale: ValueScale = defaultScale;
  /** Longest side in CSS pixels: of a map made of whole pixels, and of one that has to be shrunk. */
  @property({ attribute: false }) longest: readonly [whole: number, shrunk: number] = [200, 288];
  /** What the keys do, in a full sentence, where a click and Enter open something; empty where they open nothing. */
  @property() opening = '';
  /** A place that stays marked while the crosshair goes on. */
  @property({ attribute: false }) pinned: Shift | null = null;
  @state() private crosshair: Shift | null = null;
  /** Whether the map is on the screen or near it; only then does it hold pixels, so that hundreds of maps stay light. */
  @state() private near = false;
  private readonly watcher = new IntersectionObserver(
    (entries) => {
      this.near = entries.at(-1)?.isIntersecting ?? false;
    },
    // The frame's own document: margins round the whole window count for nothing in a frame of another origin.
    { root: document, rootMargin: '400px' },
  );
  @query('canvas') private readonly canvas!: HTMLCanvasElement;
  @query('.map') private readonly map!: HTMLElement;

  override connectedCallback(): void {
    super.connectedCallback();
    this.watcher.observe(this);
  }

  override disconnectedCallback(): void {
    this.watcher.disconnect();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const size = displayScale(this.frame.size, ...this.longest);
    const hint = this.opening === '' ? t`Arrow keys read values.` : this.opening;
    return html`
      <div
        class="map"
        tabindex="0"
        role=${this.opening === '' ? 'img' : 'button'}
        aria-label=${t`${spokenHeatmap(this.heatmap)}. ${hint}`}
        @pointermove=${(event: PointerEvent) => {
          this.follow(event);
        }}
        @pointerleave=${() => {
          this.moveTo(null);
        }}
        @focus=${() => {
          if (this.map.matches(':focus-visible')) this.moveTo(worstShift(this.heatmap));
        }}
        @blur=${() => {
          this.moveTo(null);
        }}
        @click=${(event: PointerEvent) => {
          this.follow(event);
          this.open();
        }}
        @keydown=${(event: KeyboardEvent) => {
          this.press(event);
        }}
      >
        <canvas class=${size.whole ? 'whole' : ''}></canvas>
        ${showsPeriod(this.heatmap, this.frame, size) ? html`<div class="period"></div>` : nothing}
        ${this.pinned === null ? nothing : html`<div class="pin"></div>`}
        ${
          this.crosshair === null
            ? nothing
            : html`<div class="line across"></div>
                <div class="line down"></div>`
        }
      </div>
    `;
  }

  override focus(): void {
    this.map.focus();
  }

  protected override updated(changed: PropertyValues): void {
    // Styles are set from here because the page's policy allows no style attributes.
    const [height, width] = this.frame.size;
    if (changed.has('frame') || changed.has('longest')) {
      this.canvas.style.width = `${displayScale(this.frame.size, ...this.longest).width}px`;
      this.canvas.style.aspectRatio = `${width} / ${height}`;
    }
    if (['heatmap', 'colourMap', 'scale', 'frame', 'near'].some((name) => changed.has(name))) this.draw();
    this.map.style.setProperty('--period-y', `${(this.heatmap.period[0] / height) * 100}%`);
    this.map.style.setProperty('--period-x', `${(this.heatmap.period[1] / width) * 100}%`);
    if (this.pinned !== null) {
      this.map.style.setProperty('--pin-y', `${((this.pinned.dy + 0.5) / height) * 100}%`);
      this.map.style.setProperty('--pin-x', `${((this.pinned.dx + 0.5) / width) * 100}%`);
    }
    if (this.crosshair === null) return;
    this.map.style.setProperty('--place-y', `${((this.crosshair.dy + 0.5) / height) * 100}%`);
    this.map.style.setProperty('--place-x', `${((this.crosshair.dx + 0.5) / width) * 100}%`);
  }

  private draw(): void {
    if (this.near) drawHeatmap(this.canvas, this.frame.size, this.heatmap, this.colourMap, this.scale);
    else clearHeatmap(this.canvas);
  }

  private follow(event: PointerEvent): void {
    const { top, left, height, width } = this.canvas.getBoundingClientRect();
    this.moveTo(shiftAt((event.clientY - top) / height, (event.clientX - left) / width, this.frame.size));
  }

  private press(event: KeyboardEvent): void {
    if (this.opening !== '' && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      this.open();
      return;
    }
    const from = this.crosshair ?? { dy: 0, dx: 0 };
    const to = shiftAfterKey(event.key, event.shiftKey, from, this.heatmap, this.frame.size);
    if (to === undefined) return;
    event.preventDefault();
    this.moveTo(to);
  }

  private moveTo(shift: Shift | null): void {
    this.crosshair = shift;
    send(this, 'heatmap-reading', shift === null ? null : this.readingOf(shift));
  }

  private readingOf(place: Shift): HeatmapReading {
    const reading = readingAt(this.heatmap, place);
    return { ...reading, ...shiftOf(reading, this.frame) };
  }

  private open(): void {
    if (this.opening !== '') send(this, 'heatmap-open', this.readingOf(this.crosshair ?? worstShift(this.heatmap)));
  }
}

/** Shorter outlines than this many CSS pixels hide what they surround. */
const shortestOutline = 8;

/** Whether one period is outlined: where the map repeats, and the outline is neither the whole map nor a dot. */
function showsPeriod({ period, repeats }: MeasuredHeatmap, { size: [height, width] }: ShiftFrame, drawn: DisplaySize): boolean {
  const [down, across] = [(period[0] / height) * drawn.height, (period[1] / width) * drawn.width];
  return repeats && Math.min(down, across) >= shortestOutline && (down < drawn.height || across < drawn.width);
}
