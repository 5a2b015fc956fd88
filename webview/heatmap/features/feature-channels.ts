import { t } from '@vscode/l10n';
import { css, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { AxisPair } from '../../../src/panel-protocol/core/geometry';
import type { FeatureMaps } from '../../../src/panel-protocol/studies/features';
import { html } from '../../app/templates';
import { sharedStyles } from '../../styles/shared';
import { comparedChannel, type ComparedChannel } from './compared-channel';
import { featurePlaceAfterKey, featureScales, featureText, featureValueText, type FeaturePlace } from './feature-reading';
import { drawGrey } from './grey-drawing';
import { shiftAt } from '../reading';

const pictures = [
  { label: t`F(X) shifted`, spoken: t`map of the image, shifted` },
  { label: t`F(X shifted)`, spoken: t`map of the shifted image` },
  { label: t`Difference`, spoken: t`difference` },
] as const;

/** Channels as pictures, three each, with their values under the pointer or at the place that the arrow keys move. */
@customElement('shiftlint-feature-channels')
export class FeatureChannels extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
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
      .picture {
        position: relative;
        width: fit-content;
        cursor: crosshair;
      }
      .read .picture::after {
        position: absolute;
        top: var(--spot-y);
        left: var(--spot-x);
        width: 7px;
        height: 7px;
        margin: -4px 0 0 -4px;
        border: 1px solid var(--vscode-editor-foreground);
        border-radius: 50%;
        outline: 1px solid var(--vscode-editor-background);
        content: '';
        pointer-events: none;
      }
      th small {
        display: block;
        font-size: 0.85em;
      }
      /* Beside the channels that are read, however far the dialog has been scrolled. */
      output {
        position: sticky;
        bottom: -18px;
        display: block;
        padding: 4px 0;
        background: var(--vscode-editorWidget-background);
      }
    `,
  ];

  @property({ attribute: false }) maps!: FeatureMaps;
  /** The channels on show: from the first on, without the end. */
  @property({ attribute: false }) first = 0;
  @property({ attribute: false }) end = 0;
  /** Whether others have been asked for. */
  @property({ attribute: false }) isOld = false;
  /** What the pointer or the keyboard reads. */
  @state() private place: FeaturePlace | null = null;
  private compared: readonly ComparedChannel[] = [];

  override render(): TemplateResult {
    const { isOld } = this;
    return html`
      <div
        class="scroll ${isOld ? 'old' : ''}"
        tabindex="0"
        role="group"
        aria-label=${t`Feature maps by channel. Arrow keys read values, Page Up and Page Down go from channel to channel.`}
        aria-busy="${isOld}"
        @keydown=${(event: KeyboardEvent) => {
          this.press(event);
        }}
      >
        <table>
          <thead>
            <tr>
              <th scope="col" class="muted">${t`Channel`}</th>
              ${pictures.map(({ label }) => html`<th scope="col" class="muted">${label}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${this.compared.map((compared, index) => this.renderChannel(this.first + index, compared))}
          </tbody>
        </table>
      </div>
      <span class="muted"
        >${t`X is the image, F the layer. Each channel is drawn from its lowest value (black) to its highest (white), which stand beside it; a black difference means that both agree.`}</span
      >
      <output class="number">${this.placeText()}</output>
    `;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!shownChanges.some((name) => changed.has(name))) return;
    const { maps, first, end } = this;
    this.place = null;
    this.compared = Array.from({ length: end - first }, (_, index) => comparedChannel(maps, first - maps.channels.first + index));
  }

  protected override updated(changed: PropertyValues): void {
    if (shownChanges.some((name) => changed.has(name))) this.draw();
    this.markPlace();
  }

  private renderChannel(channel: number, compared: ComparedChannel): TemplateResult {
    const { low, high } = featureScales(compared).maps;
    return html`
      <tr class=${this.place?.channel === channel ? 'read' : ''}>
        <th scope="row" class="number">
          ${channel}<small class="muted">${t`${featureValueText(low)} to ${featureValueText(high)}`}</small>
        </th>
        ${pictures.map(
          ({ spoken }) => html`
            <td>
              <div
                class="picture"
                @pointermove=${(event: PointerEvent) => {
                  this.follow(event, channel, compared.size);
                }}
                @pointerleave=${() => {
                  this.place = null;
                }}
              >
                <canvas role="img" aria-label=${t`Channel ${channel}, ${spoken}`}></canvas>
              </div>
            </td>
          `,
        )}
      </tr>
    `;
  }

  private placeText(): string {
    const compared = this.place === null ? undefined : this.compared[this.place.channel - this.first];
    if (this.place === null || compared === undefined) return t`Point at a channel to read values.`;
    return featureText(this.place, compared);
  }

  private follow(event: PointerEvent, channel: number, size: AxisPair): void {
    const { top, left, height, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const { dy, dx } = shiftAt((event.clientY - top) / height, (event.clientX - left) / width, size);
    this.place = { channel, y: dy, x: dx };
  }

  private press(event: KeyboardEvent): void {
    const { maps } = this;
    const size = this.compared[0]?.size ?? [1, 1];
    const sample: AxisPair = [Math.max(1, size[0] / maps.layer.size[0]), Math.max(1, size[1] / maps.layer.size[1])];
    const shown = { first: this.first, end: this.end };
    const begin = { channel: this.first, y: 0, x: 0 };
    const to =
      this.place === null && event.key.startsWith('Arrow')
        ? begin
        : featurePlaceAfterKey(event.key, event.shiftKey, this.place ?? begin, shown, size, sample);
    if (to === undefined) return;
    event.preventDefault();
    this.place = to;
  }

  private markPlace(): void {
    const row = this.renderRoot.querySelector<HTMLElement>('tr.read');
    const [height, width] = this.compared[0]?.size ?? [1, 1];
    if (row === null || this.place === null) return;
    // Styles are set from here because the page's policy allows no style attributes.
    row.style.setProperty('--spot-y', `${((this.place.y + 0.5) / height) * 100}%`);
    row.style.setProperty('--spot-x', `${((this.place.x + 0.5) / width) * 100}%`);
  }

  private draw(): void {
    const canvases = [...this.renderRoot.querySelectorAll('canvas')];
    for (const [row, compared] of this.compared.entries()) {
      const { size, moved, shifted, difference } = compared;
      const scales = featureScales(compared);
      const drawn = [
        [moved, scales.maps],
        [shifted, scales.maps],
        [difference, scales.difference],
      ] as const;
      for (const [place, [values, greys]] of drawn.entries()) {
        const canvas = canvases[row * pictures.length + place];
        if (canvas !== undefined) drawGrey(canvas, size, values, greys);
      }
    }
  }
}

/** Properties on which the channels on show depend. */
const shownChanges = ['maps', 'first', 'end'] as const;
