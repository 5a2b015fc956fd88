import '@vscode-elements/elements/dist/vscode-button/index.js';
import { t } from '@vscode/l10n';
import { LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { send } from '../app/page-events';
import { sentences } from '../app/sentences';
import { html } from '../app/templates';
import { valueText } from '../heatmap/reading';
import { sharedStyles } from '../styles/shared';
import { drawChart } from './drawing';
import { placeAt, valuesInSight, xOf, type Geometry } from './geometry';
import { spanAfterWheel, viewAfterKey, type ChartView } from './keys';
import { legendLine } from './legend-line';
import { lineChartStyles } from './line-chart-styles';
import { lineStyles, type ChartSeries, type ChartStep } from './series';
import { valueAxis } from './value-axis';
import { between, isWhole, wholeSpan, zoomed, type Span } from './zoom';

/** In CSS pixels: a pointer that goes no further has pressed a place, and has chosen no range. */
const leastDrag = 5;

/** What a place of a chart leads to, in full sentences: what a click does, and what Enter does. */
export interface ChartOpening {
  readonly byClick: string;
  readonly byEnter: string;
}

/**
 * Lines over places in order: with axes, a crosshair that reads all lines at a place, and zoom by dragging over a range, by Ctrl and the
 * wheel, by buttons and by keys. Sends `chart-open` with a place on click and Enter, where it `opens` something.
 */
@customElement('shiftlint-line-chart')
export class LineChart extends LitElement {
  static override readonly styles = [sharedStyles, lineStyles, lineChartStyles];

  /** What stands above it. */
  @property() heading = '';
  @property() xTitle = '';
  @property() yTitle = '';
  /** Names of the places, in order. */
  @property({ attribute: false }) places: readonly string[] = [];
  @property({ attribute: false }) series: readonly ChartSeries[] = [];
  @property({ attribute: false }) steps: readonly ChartStep[] = [];
  /** What the steps are. */
  @property() stepsTitle = '';
  /** The value above which there is none. */
  @property({ attribute: false }) top = 1;
  /** What the lines say, in full sentences, for those who do not see them. */
  @property() summary = '';
  /** What a click and Enter do; null for nothing. */
  @property({ attribute: false }) opens: ChartOpening | null = null;
  @state() private view: ChartView = { span: wholeSpan(0), cursor: null };
  @state() private width = 800;
  /** The range that is being chosen, in places; null for none. */
  @state() private chosen: Span | null = null;
  /** Where the pointer went down, in CSS pixels of the plot; null while it is up. */
  private pressed: number | null = null;
  @query('.plot') private readonly plot!: HTMLElement;
  @query('.tip') private readonly tip!: HTMLElement | null;
  private readonly watcher = new ResizeObserver(([entry]) => {
    if (entry !== undefined && entry.contentRect.width > 0) this.width = Math.round(entry.contentRect.width);
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.watcher.observe(this);
  }

  override disconnectedCallback(): void {
    this.watcher.disconnect();
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('places') || changed.get('places')?.length === this.places.length) return;
    this.view = { span: wholeSpan(this.places.length), cursor: null };
  }

  override render(): TemplateResult {
    const { series, steps, xTitle, yTitle, chosen } = this;
    const geometry = this.geometry();
    return html`
      <figure>
        <header><span>${this.heading}</span>${this.renderZoom()}</header>
        <div
          class="plot"
          tabindex="0"
          role="application"
          aria-label=${sentences(this.summary, this.keyHint)}
          @keydown=${(event: KeyboardEvent) => {
            this.press(event);
          }}
          @pointerdown=${(event: PointerEvent) => {
            this.begin(event);
          }}
          @pointermove=${(event: PointerEvent) => {
            this.follow(event);
          }}
          @pointerup=${(event: PointerEvent) => {
            this.end(event);
          }}
          @pointerleave=${() => {
            this.leave();
          }}
          @wheel=${(event: WheelEvent) => {
            this.wheel(event);
          }}
          @blur=${() => {
            this.leave();
          }}
        >
          ${drawChart({ geometry, series, steps, xTitle, yTitle, cursor: this.view.cursor, chosen })} ${this.renderTip()}
        </div>
        <span class="visually-hidden" role="status">${this.spokenReading()}</span>
        <figcaption class="muted">
          ${series.length < 2 ? nothing : series.map(({ name }, index) => html`<span>${legendLine(index)}${name}</span>`)}
          ${steps.length === 0 ? nothing : html`<span>${legendLine('step')}${this.stepsTitle}</span>`}
          <span>${sentences(this.opens?.byClick ?? '', t`Drag over a part or turn the wheel with Ctrl to zoom.`)}</span>
        </figcaption>
      </figure>
    `;
  }

  protected override updated(): void {
    const { tip, view } = this;
    if (tip === null || view.cursor === null) return;
    // Styles are set from here because the page's policy allows no style attributes.
    const x = xOf(view.cursor, this.geometry());
    const isLeft = x > this.width / 2;
    tip.style.left = isLeft ? '' : `${x + 12}px`;
    tip.style.right = isLeft ? `${this.width - x + 12}px` : '';
    tip.style.top = '14px';
  }

  private geometry(): Geometry {
    const { span } = this.view;
    return { width: this.width, span, axis: valueAxis(valuesInSight(this.series, span), this.top) };
  }

  private get keyHint(): string {
    return sentences(t`Arrow keys read values, plus and minus zoom, 0 shows everything.`, this.opens?.byEnter ?? '');
  }

  private renderZoom(): TemplateResult {
    const { span, cursor } = this.view;
    const count = this.places.length;
    const anchor = cursor ?? (span.first + span.last) / 2;
    const button = (label: string, icon: string, isOff: boolean, after: () => Span): TemplateResult => html`
      <vscode-button
        secondary
        icon=${icon}
        icon-only
        aria-label=${label}
        title=${label}
        ?disabled=${isOff}
        aria-disabled=${isOff}
        @click=${() => {
          this.view = { span: after(), cursor };
        }}
      ></vscode-button>
    `;
    return html`<div class="zoom" role="group" aria-label=${t`Zoom of the chart`}>
      ${isWhole(span, count) ? nothing : html`<span class="muted number">${t`${Math.ceil(span.first) + 1} to ${Math.floor(span.last) + 1} of ${count}`}</span>`}
      ${button(t`Zoom in`, 'zoom-in', span.last - span.first <= 4, () => zoomed(span, 0.5, anchor, count))}
      ${button(t`Zoom out`, 'zoom-out', isWhole(span, count), () => zoomed(span, 2, anchor, count))}
      ${button(t`Show everything`, 'screen-full', isWhole(span, count), () => wholeSpan(count))}
    </div>`;
  }

  private renderTip(): TemplateResult | typeof nothing {
    const place = this.view.cursor;
    if (place === null || this.chosen !== null) return nothing;
    return html`<div class="tip" aria-hidden="true">
      <b class="code">${this.places[place]}</b> <span class="muted number">${t`${place + 1} of ${this.places.length}`}</span>
      ${this.series.map(({ name, values }, index) => html`<span class="number">${legendLine(index)}${name} ${textOf(values[place])}</span>`)}
    </div>`;
  }

  private spokenReading(): string {
    const place = this.view.cursor;
    if (place === null) return '';
    const values = this.series.map(({ name, values: all }) => `${name} ${textOf(all[place])}`);
    return `${place + 1}, ${this.places[place] ?? ''}: ${values.join(t`, `)}`;
  }

  private press(event: KeyboardEvent): void {
    const { cursor } = this.view;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.key === 'Enter' || event.key === ' ') && cursor !== null && this.opens !== null) {
      event.preventDefault();
      send(this, 'chart-open', cursor);
      return;
    }
    const after = viewAfterKey(event.key, event.shiftKey, this.view, this.places.length);
    if (after === undefined) return;
    event.preventDefault();
    this.view = after;
  }

  private begin(event: PointerEvent): void {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    this.pressed = this.xOfPointer(event);
    this.plot.setPointerCapture(event.pointerId);
  }

  private follow(event: PointerEvent): void {
    const x = this.xOfPointer(event);
    const at = placeAt(x, this.geometry());
    if (this.pressed !== null && Math.abs(x - this.pressed) >= leastDrag) {
      this.chosen = { first: placeAt(this.pressed, this.geometry()), last: at };
    }
    this.view = { ...this.view, cursor: this.nearest(at) };
  }

  private end(event: PointerEvent): void {
    const { chosen, pressed } = this;
    [this.chosen, this.pressed] = [null, null];
    if (chosen !== null) this.view = { ...this.view, span: between(chosen.first, chosen.last, this.places.length) };
    else if (this.opens !== null && (pressed !== null || event.pointerType === 'touch')) {
      send(this, 'chart-open', this.nearest(placeAt(this.xOfPointer(event), this.geometry())));
    }
  }

  private wheel(event: WheelEvent): void {
    const geometry = this.geometry();
    const anchor = placeAt(this.xOfPointer(event), geometry);
    const span = spanAfterWheel(event, this.view.span, anchor, this.places.length);
    if (span === undefined) return;
    event.preventDefault();
    this.view = { span, cursor: this.view.cursor };
  }

  private leave(): void {
    if (this.pressed === null) this.view = { ...this.view, cursor: null };
  }

  private xOfPointer({ clientX }: MouseEvent): number {
    return clientX - this.plot.getBoundingClientRect().left;
  }

  private nearest(place: number): number {
    return Math.min(this.places.length - 1, Math.max(0, Math.round(place)));
  }
}

function textOf(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : valueText(value);
}
