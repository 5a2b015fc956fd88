import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { differenceColours } from '../../../../src/panel-protocol/core/colour-map';
import { signedText } from '../../../../src/panel-protocol/core/figure-text';
import { fullName } from '../../../../src/panel-protocol/core/layer-names';
import type { ShiftFrame } from '../../../../src/panel-protocol/studies/equivariance';
import { send } from '../../../app/page-events';
import { filled } from '../../../app/filled';
import { html } from '../../../app/templates';
import { displayScale } from '../../../heatmap/display-scale';
import { drawHeatmap } from '../../../heatmap/drawing';
import { noFrame } from '../../../heatmap/frame';
import { readingAt, shiftAfterKey, shiftAt, shiftOf, valueText, type HeatmapReading, type Shift } from '../../../heatmap/reading';
import { cardStyles } from '../../../styles/card';
import { sharedStyles } from '../../../styles/shared';
import { placedOnScale, type LayerDifference } from './difference';

/** Places on the scale of differences are drawn as they are. */
const placeScale = { kind: 'linear', low: 0 } as const;

/** What a fix has made of one layer: after less before at every shift, in colours with nothing in their middle. */
@customElement('shiftlint-difference-map')
export class DifferenceMapCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    css`
      canvas {
        display: block;
        max-width: 100%;
        cursor: crosshair;
        image-rendering: pixelated;
      }
      .name {
        margin-top: 6px;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      output {
        display: block;
        min-height: 1.45em;
      }
    `,
  ];

  @property({ attribute: false }) difference!: LayerDifference;
  @property({ attribute: false }) frame: ShiftFrame = noFrame;
  /** Where the scale of colours ends, to both sides of no difference. */
  @property({ attribute: false }) limit = 1;
  @state() private reading: HeatmapReading | null = null;
  private place: Shift = { dy: 0, dx: 0 };
  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  override render(): TemplateResult {
    const { before, after, map } = this.difference;
    const spoken = t`${after.label}: mean equivariance ${valueText(before.mean)} before, ${valueText(after.mean)} after; differences from ${signedText(map.min, 3)} to ${signedText(map.max, 3)}. Arrow keys read values.`;
    return html`
      <canvas
        tabindex="0"
        role="img"
        aria-label=${spoken}
        @pointermove=${(event: PointerEvent) => {
          const { top, left, height, width } = this.canvas.getBoundingClientRect();
          this.read(shiftAt((event.clientY - top) / height, (event.clientX - left) / width, this.frame.size));
        }}
        @pointerleave=${() => {
          this.reading = null;
        }}
        @blur=${() => {
          this.reading = null;
        }}
        @keydown=${(event: KeyboardEvent) => {
          const to = shiftAfterKey(event.key, event.shiftKey, this.place, map, this.frame.size);
          if (to === undefined) return;
          event.preventDefault();
          this.read(to);
        }}
      ></canvas>
      <div class="name code" title=${fullName(after)}>
        <button
          class="link code"
          title=${t`Show the heatmap after the fix`}
          @click=${() => {
            send(this, 'heatmap-enlarge', after.index);
          }}
        >
          ${after.label}
        </button>
      </div>
      ${after.label === before.label ? nothing : html`<div class="muted">${filled(t('in place of {0}'), html`<span class="code">${before.label}</span>`)}</div>`}
      <div class="number">${valueText(before.mean)} → ${valueText(after.mean)} <span class="muted">(${signedText(map.mean, 3)})</span></div>
      <output class="number muted">${this.readingText()}</output>
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('difference') && !changed.has('frame') && !changed.has('limit')) return;
    const { size } = this.frame;
    // Styles are set from here because the page's policy allows no style attributes.
    this.canvas.style.width = `${displayScale(size, 160, 200).width}px`;
    this.canvas.style.aspectRatio = `${size[1]} / ${size[0]}`;
    drawHeatmap(this.canvas, size, placedOnScale(this.difference.map, this.limit), differenceColours, placeScale);
  }

  private read(place: Shift): void {
    this.place = place;
    const reading = readingAt(this.difference.map, place);
    this.reading = { ...reading, ...shiftOf(reading, this.frame) };
  }

  private readingText(): string {
    if (this.reading === null) return '';
    const { dy, dx, value } = this.reading;
    return t`${signedText(value, 3)} at (${dy}, ${dx})`;
  }
}
