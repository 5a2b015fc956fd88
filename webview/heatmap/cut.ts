import { t } from '@vscode/l10n';
import { css, LitElement, nothing, unsafeCSS, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ClassMapView, ShiftFrame } from '../../src/panel-protocol/studies/equivariance';
import { send } from '../app/page-events';
import { sentences } from '../app/sentences';
import { html, svg } from '../app/templates';
import { axisTicks } from '../charts/axis-ticks';
import { told } from '../charts/series';
import { sharedStyles } from '../styles/shared';
import { acrossTitle, downTitle } from './axes';
import { className, scoreNouns } from './class-at';
import { cutAxis, cutDirections, cutPath, cutThrough, cutTicks, lowestOf, placeAcross, type CutDirection, type CutPoint } from './cut-line';
import { noFrame } from './frame';
import { readingAt, shiftOf, valueText, type HeatmapReading, type MeasuredHeatmap, type Shift } from './reading';

/** In CSS pixels: the plot inside of its axes, and what stands around it. */
const plot = { height: 110, width: 270 } as const;
const margin = { left: 46, right: 6, top: 8, bottom: 34 } as const;

const directionNames: Readonly<Record<CutDirection, string>> = { row: t`row`, column: t`column`, diagonal: t`diagonal` };

const throughText: Readonly<Record<CutDirection, (dy: number, dx: number) => string>> = {
  row: (dy, dx) => t`Row of the map through dy ${dy}, dx ${dx}.`,
  column: (dy, dx) => t`Column of the map through dy ${dy}, dx ${dx}.`,
  diagonal: (dy, dx) => t`Diagonal of the map through dy ${dy}, dx ${dx}.`,
};

/**
 * Values along a row, a column or a diagonal of a map against the shift, and how sure a classifier stays of the class that the unshifted
 * image gets, as in the first figure of the paper. Sends `heatmap-reading` as the pointer and the arrow keys go along, and
 * `heatmap-open` on click and Enter, as the map does.
 */
@customElement('shiftlint-cut')
export class Cut extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: 0 12px;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        float: left;
        margin-inline-end: 12px;
        padding: 0;
      }
      label {
        display: flex;
        align-items: center;
        gap: 4px;
        cursor: pointer;
      }
      input {
        margin: 0;
        accent-color: var(--vscode-button-background, auto);
      }
      svg {
        display: block;
        max-width: 100%;
        overflow: visible;
        fill: var(--vscode-foreground);
        font-size: 11px;
        cursor: crosshair;
      }
      line {
        stroke: var(--vscode-foreground);
      }
      .grid {
        stroke: var(--vscode-foreground);
        opacity: 0.15;
      }
      .through {
        stroke-dasharray: 1 3;
      }
      path {
        fill: none;
        stroke-width: 1.5;
      }
      .layer {
        stroke: ${unsafeCSS(told('charts-blue'))};
      }
      .class {
        stroke: ${unsafeCSS(told('charts-orange'))};
        stroke-dasharray: 5 3;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      li svg {
        flex: none;
      }
      output {
        display: block;
        min-height: 1.4em;
      }
    `,
  ];

  @property({ attribute: false }) heatmap!: MeasuredHeatmap;
  @property({ attribute: false }) frame: ShiftFrame = noFrame;
  @property({ attribute: false }) classes: ClassMapView | null = null;
  /** The place on the map that the cut goes through. */
  @property({ attribute: false }) through: Shift = { dy: 0, dx: 0 };
  @state() private direction: CutDirection = 'row';
  @state() private cursor: number | null = null;
  private points: readonly CutPoint[] = [];

  protected override willUpdate(): void {
    if (this.frame.diagonal) this.direction = 'row';
    this.points = cutThrough(this.heatmap, this.through, this.direction, this.frame, this.classes);
    if (this.cursor !== null && this.cursor >= this.points.length) this.cursor = null;
  }

  override render(): TemplateResult {
    return html`
      ${this.frame.diagonal ? nothing : this.renderDirections()} ${this.renderPlot()} ${this.renderLegend()}
      <output class="number muted">${this.readingText()}</output>
    `;
  }

  private renderDirections(): TemplateResult {
    return html`
      <fieldset>
        <legend class="muted">${t`Cut along a`}</legend>
        ${cutDirections.map(
          (direction) => html`
            <label>
              <input
                type="radio"
                name="direction"
                .checked=${direction === this.direction}
                @change=${() => {
                  this.direction = direction;
                }}
              />${directionNames[direction]}
            </label>
          `,
        )}
      </fieldset>
    `;
  }

  private renderPlot(): TemplateResult {
    const axis = cutAxis(this.points);
    const size = [plot.height, plot.width] as const;
    const start = readingAt(this.heatmap, this.through);
    const marked = this.points.findIndex(({ place }) => place.dy === start.dy && place.dx === start.dx);
    return html`
      <svg
        width=${margin.left + plot.width + margin.right}
        height=${margin.top + plot.height + margin.bottom}
        viewBox="0 0 ${margin.left + plot.width + margin.right} ${margin.top + plot.height + margin.bottom}"
        tabindex="0"
        role="img"
        aria-label=${this.spoken()}
        @pointermove=${(event: PointerEvent) => {
          this.follow(event);
        }}
        @pointerleave=${() => {
          this.moveTo(null);
        }}
        @blur=${() => {
          this.moveTo(null);
        }}
        @click=${() => {
          this.open();
        }}
        @keydown=${(event: KeyboardEvent) => {
          this.press(event);
        }}
      >
        ${svg`<g transform="translate(${margin.left} ${margin.top})">
          ${cutTicks(axis).map((tick) => this.renderTick(tick, axis.low))}
          ${this.renderAcross()}
          ${this.renderMark(marked, 'through')} ${this.renderMark(this.cursor ?? -1, 'cursor')}
          ${this.classes === null ? nothing : svg`<path class="class" d=${cutPath(this.unshifted(), axis, size)}></path>`}
          <path class="layer" d=${cutPath(
            this.points.map(({ equivariance }) => equivariance),
            axis,
            size,
          )}></path>
        </g>`}
      </svg>
    `;
  }

  private renderTick(tick: number, low: number): TemplateResult {
    const y = ((1 - tick) / (1 - low)) * plot.height;
    return svg`
      <line class="grid" x1="0" x2=${plot.width} y1=${y} y2=${y}></line>
      <text x="-6" y=${y + 4} text-anchor="end">${tick}</text>
    `;
  }

  private renderAcross(): TemplateResult {
    const { length } = this.points;
    const [title, bottom] = [this.axisTitle, plot.height];
    return svg`
      <line x1="0" x2=${plot.width} y1=${bottom} y2=${bottom}></line>
      <line x1="0" x2="0" y1="0" y2=${bottom}></line>
      ${axisTicks(length).map((index) => {
        const x = placeAcross(index, length, plot.width);
        return svg`<line x1=${x} x2=${x} y1=${bottom} y2=${bottom + 4}></line>
          <text x=${x} y=${bottom + 15} text-anchor="middle">${this.points[index]?.at ?? ''}</text>`;
      })}
      <text x=${plot.width / 2} y=${bottom + 30} text-anchor="middle">${title}</text>
      <text x="-34" y=${bottom / 2} text-anchor="middle" transform="rotate(-90 -34 ${bottom / 2})">${t`value`}</text>
    `;
  }

  private renderMark(index: number, kind: 'through' | 'cursor'): TemplateResult | typeof nothing {
    if (index < 0) return nothing;
    const x = placeAcross(index, this.points.length, plot.width);
    return svg`<line class=${kind} x1=${x} x2=${x} y1="0" y2=${plot.height}></line>`;
  }

  private renderLegend(): TemplateResult {
    const sample = (kind: string): TemplateResult =>
      html`<svg width="22" height="8" aria-hidden="true"><path class=${kind} d="M0 4L22 4"></path></svg>`;
    return html`
      <ul class="muted">
        <li>${sample('layer')} ${t`equivariance of this layer`}</li>
        ${this.classes === null ? nothing : html`<li>${sample('class')} ${this.classNoun(this.classes)}</li>`}
      </ul>
    `;
  }

  private classNoun(classes: ClassMapView): string {
    return t`${scoreNouns[classes.scores.meaning]} of ${className(classes, classes.classes[0] ?? -1)}, the unshifted class`;
  }

  private unshifted(): readonly number[] {
    return this.points.map(({ unshifted }) => unshifted ?? 1);
  }

  private get axisTitle(): string {
    if (this.direction === 'column') return downTitle;
    return this.direction === 'diagonal' ? t`shift right, dx, and as far down (px)` : acrossTitle(this.frame);
  }

  /** The cut in words. */
  private spoken(): string {
    const { dy, dx } = shiftOf(this.through, this.frame);
    const lowest = lowestOf(this.points);
    const kept = this.unshifted().reduce((low, value) => Math.min(low, value), 1);
    return sentences(
      throughText[this.direction](dy, dx),
      lowest === undefined ? '' : t`Equivariance is lowest at ${this.shiftText(lowest)}: ${valueText(lowest.equivariance)}.`,
      this.classes === null ? '' : t`Lowest ${this.classNoun(this.classes)}: ${valueText(kept)}.`,
      t`Arrow keys read values.`,
    );
  }

  private readingText(): string {
    const point = this.cursor === null ? undefined : this.points[this.cursor];
    if (point === undefined) return '';
    const { equivariance, unshifted } = point;
    const reading = `${this.shiftText(point)}: ${valueText(equivariance)}`;
    return unshifted === null ? reading : t`${reading}, ${valueText(unshifted)} of the unshifted class`;
  }

  private shiftText({ place }: CutPoint): string {
    const { dy, dx } = shiftOf(place, this.frame);
    return `dy ${dy}, dx ${dx}`;
  }

  private follow(event: PointerEvent): void {
    const drawing = event.currentTarget as SVGElement;
    const { left, width } = drawing.getBoundingClientRect();
    const scale = (margin.left + plot.width + margin.right) / width;
    const share = ((event.clientX - left) * scale - margin.left) / plot.width;
    this.moveTo(Math.min(this.points.length - 1, Math.max(0, Math.floor(share * this.points.length))));
  }

  private press(event: KeyboardEvent): void {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.open();
      return;
    }
    const { length } = this.points;
    const from = this.cursor ?? -1;
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: from + 1,
      ArrowLeft: from - 1,
      Home: 0,
      End: length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || length === 0) return;
    event.preventDefault();
    this.moveTo(((to % length) + length) % length);
  }

  private moveTo(index: number | null): void {
    this.cursor = index;
    const point = index === null ? undefined : this.points[index];
    send(this, 'heatmap-reading', point === undefined ? null : this.readingOf(point));
  }

  private open(): void {
    const point = this.cursor === null ? undefined : this.points[this.cursor];
    if (point !== undefined) send(this, 'heatmap-open', this.readingOf(point));
  }

  private readingOf({ place, equivariance }: CutPoint): HeatmapReading {
    return { ...shiftOf(place, this.frame), value: equivariance };
  }
}
