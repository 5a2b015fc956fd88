import '@vscode-elements/elements/dist/vscode-button/index.js';
import { css, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { AxisPair } from '../../src/panel-protocol/core/geometry';
import { greyOf, type GreyScale, jointScale } from '../../src/panel-protocol/core/grey-scale';
import type { FeatureMaps, FeaturesView } from '../../src/panel-protocol/studies/features';
import { comparedChannel } from './compared-channel';
import { displayScale } from './display-scale';
import { valueText } from './reading';
import { post } from '../app/host';
import { sharedStyles } from '../styles/shared';
import { html } from '../app/templates';

/** Channels side by side. */
const pageLength = 8;

const pictures = [
  { label: 'F(X) shifted', spoken: 'map of the image, shifted' },
  { label: 'F(X shifted)', spoken: 'map of the shifted image' },
  { label: 'Difference', spoken: 'difference' },
] as const;

/** The feature maps at one shift, a few channels at a time: the image's moved along, the shifted image's, and their difference. */
@customElement('shiftlint-feature-maps')
export class FeatureMapsView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
      }
      p {
        flex: 1 1 100%;
        overflow-wrap: anywhere;
        margin: 0;
        min-height: 1.5em;
      }
      .scroll {
        overflow-x: auto;
      }
      .old {
        opacity: 0.5;
      }
      table {
        margin-top: 6px;
        border-spacing: 0;
      }
      th {
        padding: 2px 8px 2px 0;
        font-weight: normal;
        text-align: start;
        white-space: nowrap;
      }
      thead th {
        text-align: center;
      }
      td {
        padding: 2px 4px 2px 0;
      }
      canvas {
        display: block;
        min-height: 8px;
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, transparent));
      }
      canvas.whole {
        image-rendering: pixelated;
      }
    `,
  ];

  @property({ attribute: false }) features!: FeaturesView;
  /** The maps on show, also while others are asked for. */
  @state() private maps: FeatureMaps | null = null;
  /** The first channel on show. */
  @state() private first = 0;

  override render(): TemplateResult {
    return html`
      <header>
        <p class="number" role="status">${this.statusText()}</p>
        ${this.maps === null ? nothing : this.renderPaging(this.maps)}
      </header>
      ${this.maps === null ? nothing : this.renderTable(this.maps)}
    `;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('features') || this.features.state === 'running') return;
    this.maps = this.features.state === 'shown' ? this.features.maps : null;
    this.first = this.maps?.channels.first ?? 0;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.maps !== null) this.draw(this.maps);
    // The buttons have their height by the next frame.
    if (changed.has('features'))
      requestAnimationFrame(() => {
        this.scrollIntoView({ block: 'nearest' });
      });
  }

  private statusText(): string {
    const { features } = this;
    const [dy, dx] = features.wanted.shift;
    if (features.state === 'failed') return features.message;
    if (features.state === 'running') return `Running the model for its feature maps at dy ${dy}, dx ${dx}…`;
    const {
      equivariance,
      layer: { label, channels },
    } = features.maps;
    return `${label} at dy ${dy}, dx ${dx}: ${equivariance === null ? 'no signal, both maps are zero' : valueText(equivariance)} · channels ${this.first} to ${this.end(features.maps) - 1} of ${channels}`;
  }

  /** Channels beyond those on show. */
  private end({ channels: { first, count } }: FeatureMaps): number {
    return Math.min(this.first + pageLength, first + count);
  }

  private renderPaging(maps: FeatureMaps): TemplateResult {
    const end = this.end(maps);
    return html`
      <vscode-button
        secondary
        ?disabled=${this.first === 0}
        @click=${() => {
          this.page(Math.max(0, this.first - pageLength));
        }}
        >Previous channels</vscode-button
      >
      <vscode-button
        secondary
        ?disabled=${end >= maps.layer.channels}
        @click=${() => {
          this.page(end);
        }}
        >Next channels</vscode-button
      >
    `;
  }

  /** Shows the channels from `first` on, asking for them where they have not been sent. */
  private page(first: number): void {
    const { channels } = this.maps ?? { channels: { first: 0, count: 0 } };
    if (first >= channels.first && first < channels.first + channels.count) this.first = first;
    else post({ kind: 'show-features', wanted: { ...this.features.wanted, first } });
  }

  private renderTable(maps: FeatureMaps): TemplateResult {
    const isOld = this.features.state === 'running';
    const shown = Array.from({ length: this.end(maps) - this.first }, (_, index) => this.first + index);
    return html`
      <div class="scroll ${isOld ? 'old' : ''}" tabindex="0" role="group" aria-label="Feature maps by channel" aria-busy="${isOld}">
        <table>
          <thead>
            <tr>
              <th scope="col" class="muted">Channel</th>
              ${pictures.map(({ label }) => html`<th scope="col" class="muted">${label}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${shown.map(
              (channel) => html`
                <tr>
                  <th scope="row" class="number">${channel}</th>
                  ${pictures.map(({ spoken }) => html`<td><canvas role="img" aria-label="Channel ${channel}, ${spoken}"></canvas></td>`)}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
      <span class="muted"
        >X is the image, F the layer. Each channel is drawn from its lowest value (black) to its highest (white); a black difference means
        that both agree.</span
      >
    `;
  }

  private draw(maps: FeatureMaps): void {
    const canvases = [...this.renderRoot.querySelectorAll('canvas')];
    for (let channel = 0; channel < canvases.length / pictures.length; channel++) {
      const { size, moved, shifted, difference } = comparedChannel(maps, this.first - maps.channels.first + channel);
      const scale = jointScale(moved, shifted);
      const drawn = [
        [moved, scale],
        [shifted, scale],
        [difference, { low: 0, high: scale.high - scale.low }],
      ] as const;
      for (const [place, [values, greys]] of drawn.entries()) {
        const canvas = canvases[channel * pictures.length + place];
        if (canvas !== undefined) drawGrey(canvas, size, values, greys);
      }
    }
  }
}

function drawGrey(canvas: HTMLCanvasElement, size: AxisPair, values: Float32Array, scale: GreyScale): void {
  const [height, width] = size;
  const drawn = displayScale(size, 64, 72);
  canvas.height = height;
  canvas.width = width;
  // Styles are set from here because the page's policy allows no style attributes.
  canvas.style.height = `${drawn.height}px`;
  canvas.style.width = `${drawn.width}px`;
  canvas.classList.toggle('whole', drawn.whole);
  const pixels = new ImageData(width, height);
  for (const [index, value] of values.entries()) {
    const grey = greyOf(value, scale);
    pixels.data.set([grey, grey, grey, 255], index * 4);
  }
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
}
