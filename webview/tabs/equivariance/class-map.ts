import { t } from '@vscode/l10n';
import { css, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { AxisPair } from '../../../src/panel-protocol/core/geometry';
import type { ClassMapView } from '../../../src/panel-protocol/studies/equivariance';
import { classAt, className, labelAt } from '../../heatmap/class-at';
import { displayScale } from '../../heatmap/display-scale';
import { percentText } from '../../../src/panel-protocol/core/figure-text';
import { sharedStyles } from '../../styles/shared';
import { html } from '../../app/templates';

/** The palette of Okabe and Ito, which colour-blind people tell apart, most frequent class first. */
const palette = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442'];
/** All classes beyond it. */
const otherColour = '#7f7f7f';
const namedClasses = palette.length;

/** The class that each shift of the image gets. */
@customElement('shiftlint-class-map')
export class ClassMap extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        margin-top: 14px;
      }
      .map {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 20px;
        margin-top: 6px;
      }
      canvas {
        display: block;
        max-width: 100%;
        border: 1px solid var(--vscode-contrastBorder, transparent);
        image-rendering: pixelated;
      }
      ul {
        margin: 0;
        padding: 0;
        line-height: 1.6;
        list-style: none;
      }
      .swatch {
        display: inline-block;
        width: 10px;
        height: 10px;
        margin-inline-end: 6px;
        border: 1px solid var(--vscode-contrastBorder, transparent);
      }
      output {
        display: block;
        min-height: 1.5em;
      }
    `,
  ];

  @property({ attribute: false }) classes!: ClassMapView;
  @property({ attribute: false }) size: AxisPair = [1, 1];
  @state() private reading = '';
  @query('canvas') private readonly canvas: HTMLCanvasElement | null | undefined;

  override render(): TemplateResult {
    const { shares, classes } = this.classes;
    const unshifted = className(this.classes, classes[0] ?? -1);
    const shown = shares.slice(0, namedClasses);
    const others = shares.slice(namedClasses).reduce((sum, { share }) => sum + share, 0);
    const spoken = t`Class of every shift: ${shown.map(({ label, share }) => t`${className(this.classes, label)} at ${percentText(share)}`).join(t`, `)}`;
    if (shares.length === 1) return html`<span class="muted">${t`The same class at every shift: ${unshifted}.`}</span>`;
    return html`
      <span class="muted">${t`Class of every shift · unshifted ${unshifted}`}</span>
      <div class="map">
        <canvas
          role="img"
          aria-label=${spoken}
          @pointermove=${(event: PointerEvent) => {
            this.read(event);
          }}
          @pointerleave=${() => {
            this.reading = '';
          }}
        ></canvas>
        <div>
          <ul>
            ${shown.map(({ label, share }, index) => html`<li class="number"><span class="swatch" data-colour=${palette[index] ?? otherColour}></span>${className(this.classes, label)} · ${percentText(share)}</li>`)}
            ${others > 0 ? html`<li class="number"><span class="swatch" data-colour=${otherColour}></span>${t`${shares.length - namedClasses} more`} · ${percentText(others)}</li>` : ''}
          </ul>
          <output class="number muted">${this.reading}</output>
        </div>
      </div>
    `;
  }

  protected override updated(changed: PropertyValues): void {
    // Styles are set from here because the page's policy allows no style attributes.
    for (const swatch of this.renderRoot.querySelectorAll<HTMLElement>('.swatch')) swatch.style.background = swatch.dataset['colour'] ?? '';
    if (!changed.has('classes') && !changed.has('size')) return;
    const drawn = displayScale(this.size, 160, 224);
    if (!this.canvas) return;
    this.canvas.style.width = `${drawn.width}px`;
    this.canvas.style.aspectRatio = `${this.size[1]} / ${this.size[0]}`;
    this.draw(this.canvas);
  }

  private draw(canvas: HTMLCanvasElement): void {
    const [height, width] = this.size;
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d');
    if (context === null) return;
    const ranks = new Map(this.classes.shares.map(({ label }, index) => [label, index]));
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        context.fillStyle = palette[ranks.get(labelAt(this.classes, { dy: y, dx: x })) ?? namedClasses] ?? otherColour;
        context.fillRect(x, y, 1, 1);
      }
    }
  }

  private read(event: PointerEvent): void {
    if (!this.canvas) return;
    const { top, left, height, width } = this.canvas.getBoundingClientRect();
    const place = (share: number, length: number): number => Math.min(length - 1, Math.max(0, Math.floor(share * length)));
    const [y, x] = [place((event.clientY - top) / height, this.size[0]), place((event.clientX - left) / width, this.size[1])];
    this.reading = `dy ${y}, dx ${x}: ${classAt(this.classes, { dy: y, dx: x }).text}`;
  }
}
