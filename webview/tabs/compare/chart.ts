import { css, LitElement, nothing, unsafeCSS, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { blurFilter, isBlurFilterName } from '../../../src/panel-protocol/core/filters';
import type { NamedLayer } from '../../../src/panel-protocol/core/layer-names';
import type { ComparedVariant } from '../../../src/panel-protocol/studies/compare';
import { chartHeight, chartWidth, depthChartStyles } from '../../charts/depth-chart';
import { valueText } from '../../heatmap/reading';
import { sharedStyles } from '../../styles/shared';
import { html, svg } from '../../app/templates';

/** Lines differ in their dashes too, for those who do not see the colours. */
const colours = ['foreground', 'charts-blue', 'charts-orange', 'charts-green', 'charts-purple', 'charts-red', 'charts-yellow'];
const dashes = ['2 3', '', '7 3', '2 2', '10 3 2 3', '4 4', '1 2'];

/** The mean of every layer in depth order, a line for each model. */
@customElement('shiftlint-compare-chart')
export class CompareChart extends LitElement {
  static override readonly styles = [
    sharedStyles,
    depthChartStyles,
    css`
      svg.plot {
        height: 120px;
      }
      path {
        fill: none;
        stroke-width: 2px;
        stroke-linejoin: round;
        vector-effect: non-scaling-stroke;
      }
      figcaption {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 18px;
        margin-top: 6px;
      }
      figcaption span {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      ${lineRules()}
    `,
  ];

  @property({ attribute: false }) layers: readonly NamedLayer[] = [];
  @property({ attribute: false }) variants: readonly ComparedVariant[] = [];

  override render(): TemplateResult | typeof nothing {
    const values = this.variants.flatMap(({ means }) => means.filter((mean) => mean !== null));
    if (this.layers.length < 2 || values.length === 0) return nothing;
    const low = Math.min(0.999, ...values);
    const last = this.variants.map(
      (variant) => `${nameOf(variant)} ${valueText(variant.means.findLast((mean) => mean !== null) ?? Number.NaN)}`,
    );
    return html`
      <span class="muted">Mean by depth</span>
      <figure>
        <div class="marks muted number" aria-hidden="true"><span>${valueText(1)}</span><span>${valueText(low)}</span></div>
        <svg
          class="plot"
          viewBox="0 0 ${chartWidth} ${chartHeight}"
          preserveAspectRatio="none"
          role="img"
          aria-label="Mean equivariance by depth; at the last layer ${last.join(', ')}."
        >
          ${this.variants.map(({ means }, index) => svg`<path class="line${index % colours.length}" d=${this.lineOf(means, low)}></path>`)}
        </svg>
        <figcaption class="muted" aria-hidden="true">
          ${this.variants.map(
            (variant, index) => html`
              <span
                ><svg width="26" height="4" viewBox="0 0 26 4"><path class="line${index % colours.length}" d="M0 2H26"></path></svg
                >${nameOf(variant)}</span
              >
            `,
          )}
        </figcaption>
      </figure>
    `;
  }

  /** A layer that a copy does not have leaves a gap. */
  private lineOf(means: readonly (number | null)[], low: number): string {
    const place = (index: number): string => ((index / (this.layers.length - 1)) * chartWidth).toFixed(1);
    return means
      .map((mean, index) =>
        mean === null
          ? ''
          : `${(means[index - 1] ?? null) === null ? 'M' : 'L'}${place(index)} ${(((1 - mean) / (1 - low)) * chartHeight).toFixed(2)}`,
      )
      .join('');
  }
}

function nameOf({ filter, recovery }: ComparedVariant): string {
  if (!isBlurFilterName(filter)) return 'as it is';
  return `${blurFilter(filter).label}${recovery === null ? '' : ' recovered'}`;
}

/** One class a line; only constants of this file stand in the rules. */
function lineRules(): CSSResult {
  const rules = colours.map(
    (colour, index) =>
      `.line${index} { stroke: var(--vscode-${colour}); stroke-dasharray: ${dashes[index] === '' ? 'none' : (dashes[index] ?? 'none')}; }`,
  );
  return unsafeCSS(rules.join('\n'));
}
