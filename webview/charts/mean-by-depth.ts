import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { HeatmapView } from '../../src/panel-protocol/studies/equivariance';
import { chartHeight, chartWidth, depthChartStyles } from './depth-chart';
import { isMeasured, valueText } from '../heatmap/reading';
import { sharedStyles } from '../styles/shared';
import { html, svg } from '../app/templates';

/** A line through the mean of every layer in depth order; dashed lines stand where the spatial stride grows. */
@customElement('shiftlint-mean-by-depth')
export class MeanByDepth extends LitElement {
  static override readonly styles = [
    sharedStyles,
    depthChartStyles,
    css`
      svg.plot {
        height: 72px;
      }
      .mean {
        fill: none;
        stroke: var(--vscode-charts-blue);
        stroke-width: 2px;
        stroke-linejoin: round;
      }
      .stride {
        stroke: var(--vscode-descriptionForeground);
        stroke-dasharray: 2 3;
        opacity: 0.8;
      }
      .former {
        stroke: var(--vscode-charts-orange);
        stroke-dasharray: 6 4;
      }
      .mean,
      .stride {
        vector-effect: non-scaling-stroke;
      }
      figcaption {
        display: flex;
        justify-content: space-between;
        gap: 12px;
        margin-top: 3px;
      }
    `,
  ];

  @property({ attribute: false }) heatmaps: readonly HeatmapView[] = [];
  /** Means of the run before a fix at the places of the layers, null where it has none; empty without such a run. */
  @property({ attribute: false }) former: readonly (number | null)[] = [];

  override render(): TemplateResult | typeof nothing {
    const measured = this.heatmaps.filter(isMeasured);
    const [first] = measured;
    const last = measured.at(-1);
    if (first === undefined || last === undefined || this.heatmaps.length < 2) return nothing;
    const lowest = measured.reduce((low, heatmap) => (heatmap.mean < low.mean ? heatmap : low));
    const formerMeans = this.former.filter((mean) => mean !== null);
    const low = Math.min(lowest.mean, 0.999, ...formerMeans);
    const points = measured.map(({ index, mean }) => `${this.placeOf(index)},${((1 - mean) / (1 - low)) * chartHeight}`);
    const formerPoints = this.former.flatMap((mean, index) =>
      mean === null ? [] : [`${this.placeOf(index)},${((1 - mean) / (1 - low)) * chartHeight}`],
    );
    const formerLast = formerMeans.at(-1);
    const spoken =
      `Mean equivariance by depth: ${valueText(first.mean)} at ${first.label}, ${valueText(last.mean)} at ${last.label}, ` +
      `lowest ${valueText(lowest.mean)} at ${lowest.label}.${formerLast === undefined ? '' : ` Before the fix ${valueText(formerLast)} at the last layer.`}`;
    return html`
      <span class="muted">Mean by depth</span>
      <figure>
        <div class="marks muted number" aria-hidden="true"><span>${valueText(1)}</span><span>${valueText(low)}</span></div>
        <svg class="plot" viewBox="0 0 ${chartWidth} ${chartHeight}" preserveAspectRatio="none" role="img" aria-label=${spoken}>
          ${this.strideSteps().map((index) => svg`<line class="stride" x1=${this.placeOf(index)} x2=${this.placeOf(index)} y1="0" y2=${chartHeight}></line>`)}
          ${formerLast === undefined ? nothing : svg`<polyline class="mean former" points=${formerPoints.join(' ')}></polyline>`}
          <polyline class="mean" points=${points.join(' ')}></polyline>
        </svg>
        <figcaption class="muted" aria-hidden="true">
          <span>first layer</span><span>dashed: the spatial stride grows${formerLast === undefined ? '' : '; orange: before the fix'}</span
          ><span>last layer</span>
        </figcaption>
      </figure>
    `;
  }

  private placeOf(index: number): number {
    return (index / (this.heatmaps.length - 1)) * chartWidth;
  }

  /** Indices of the layers with a larger spatial stride than the layer before. */
  private strideSteps(): readonly number[] {
    const strides = this.heatmaps.map(({ spatialStride }) => spatialStride[0] * spatialStride[1]);
    return strides.flatMap((stride, index) => (stride > (strides[index - 1] ?? 1) ? [index] : []));
  }
}
