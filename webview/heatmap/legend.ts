import { t } from '@vscode/l10n';
import { css, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { type ColourMap, defaultColourMap } from '../../src/panel-protocol/core/colour-map';
import { positionOn, scaleMarks, type ScaleChoice, type ValueScale } from '../../src/panel-protocol/core/value-scale';
import { html } from '../app/templates';
import { sharedStyles } from '../styles/shared';
import { drawStrip, stripLength, stripStyles } from './colour-strip';
import { defaultScale, scaleChanged } from './default-scale';
import { valueText } from './reading';

const meanings: Readonly<Record<ScaleChoice, string>> = {
  linear: t`the same colours for every model`,
  log: t`the same colours for every model, by the distance from 1`,
  stretch: t`stretched to the lowest value of this model`,
};

/** The colour scale with its numbers. */
@customElement('shiftlint-legend')
export class Legend extends LitElement {
  static override readonly styles = [
    sharedStyles,
    stripStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 14px;
      }
      .marks {
        position: relative;
        height: 1.3em;
        font-size: 0.92em;
      }
      .mark {
        position: absolute;
        left: var(--place);
        transform: translateX(-50%);
      }
      .mark:first-child {
        transform: none;
      }
      .mark:last-child {
        transform: translateX(-100%);
      }
    `,
  ];

  @property({ attribute: false }) colourMap: ColourMap = defaultColourMap;
  @property({ attribute: false, hasChanged: scaleChanged }) scale: ValueScale = defaultScale;
  @property({ attribute: false }) choice: ScaleChoice = 'linear';
  /** Whether values lie below the scale, which have the colour of its low end. */
  @property({ type: Boolean }) passed = false;
  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  override render(): TemplateResult {
    const { low } = this.scale;
    const lowest = `${this.passed ? '≤ ' : ''}${markText(low)}`;
    return html`
      <div class="scale">
        <canvas
          width=${stripLength}
          height="1"
          role="img"
          aria-label=${t`Colours from ${lowest} to ${markText(1)}, ${meanings[this.choice]}`}
        ></canvas>
        <div class="marks number" aria-hidden="true">
          ${scaleMarks(this.scale).map((mark, index) => html`<span class="mark">${index === 0 ? lowest : markText(mark)}</span>`)}
        </div>
      </div>
      <span class="muted">${t`1 = equivariant; ${meanings[this.choice]}`}</span>
    `;
  }

  protected override updated(): void {
    drawStrip(this.canvas, this.colourMap);
    // Styles are set from here because the page's policy allows no style attributes.
    const marks = scaleMarks(this.scale);
    this.renderRoot.querySelectorAll<HTMLElement>('.mark').forEach((mark, index) => {
      mark.style.setProperty('--place', `${positionOn(this.scale, marks[index] ?? 1) * 100}%`);
    });
  }
}

/** As few digits as tell it: marks stand close together. */
function markText(value: number): string {
  return `${Number(valueText(value))}`;
}
