import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { HeatmapView } from '../../src/panel-protocol/studies/equivariance';
import { send, type PageEvent } from '../app/page-events';
import { sentences } from '../app/sentences';
import { html } from '../app/templates';
import { isMeasured, valueText } from '../heatmap/reading';
import './chart-table';
import './line-chart';
import type { ChartSeries, ChartStep } from './series';

const opening = { byClick: t`A click shows the map of the layer.`, byEnter: t`Enter shows the map of the layer.` };

/** The mean of every layer in depth order, that of the run before the latest fix beside it, and where the spatial stride grows. */
@customElement('shiftlint-mean-by-depth')
export class MeanByDepth extends LitElement {
  static override readonly styles = css`
    :host {
      display: block;
    }
  `;

  @property({ attribute: false }) heatmaps: readonly HeatmapView[] = [];
  /** Means of the run before a fix at the places of the layers, null where it has none; empty without such a run. */
  @property({ attribute: false }) former: readonly (number | null)[] = [];

  override render(): TemplateResult | typeof nothing {
    const { heatmaps } = this;
    if (heatmaps.length < 2 || !heatmaps.some(isMeasured)) return nothing;
    const places = heatmaps.map(({ label }) => label);
    const series = seriesOf(heatmaps, this.former);
    return html`
      <shiftlint-line-chart
        .heading=${t`Mean equivariance by depth`}
        .xTitle=${t`layer, in depth order`}
        .yTitle=${t`mean equivariance`}
        .places=${places}
        .series=${series}
        .steps=${strideSteps(heatmaps)}
        .stepsTitle=${t`the spatial stride grows, to the number beside it`}
        .summary=${spokenMeans(heatmaps, this.former)}
        .opens=${opening}
        @chart-open=${(event: PageEvent<'chart-open'>) => {
          const heatmap = heatmaps[event.detail];
          if (heatmap !== undefined && isMeasured(heatmap)) send(this, 'heatmap-enlarge', heatmap.index);
        }}
      ></shiftlint-line-chart>
      <shiftlint-chart-table
        .heading=${t`The same numbers as a table (${heatmaps.length} layers)`}
        .noun=${t`Layer`}
        .places=${places}
        .series=${series}
      ></shiftlint-chart-table>
    `;
  }
}

function seriesOf(heatmaps: readonly HeatmapView[], former: readonly (number | null)[]): readonly ChartSeries[] {
  const now = { name: t`Mean`, values: heatmaps.map(({ mean }) => mean) };
  return former.length === 0 ? [now] : [now, { name: t`Before the fix`, values: former }];
}

/** Layers with a larger spatial stride than the layer before. */
function strideSteps(heatmaps: readonly HeatmapView[]): readonly ChartStep[] {
  const strides = heatmaps.map(({ spatialStride: [y, x] }) => ({ area: y * x, text: y === x ? `${y}` : `${y} × ${x}` }));
  return strides.flatMap(({ area, text }, place) => (area > (strides[place - 1]?.area ?? 1) ? [{ place, label: text }] : []));
}

function spokenMeans(heatmaps: readonly HeatmapView[], former: readonly (number | null)[]): string {
  const measured = heatmaps.filter(isMeasured);
  const [first] = measured;
  const last = measured.at(-1);
  if (first === undefined || last === undefined) return '';
  const lowest = measured.reduce((low, heatmap) => (heatmap.mean < low.mean ? heatmap : low));
  const before = former.findLast((mean) => mean !== null) ?? null;
  const means = t`Mean equivariance by depth: ${valueText(first.mean)} at ${first.label}, ${valueText(last.mean)} at ${last.label}, lowest ${valueText(lowest.mean)} at ${lowest.label}.`;
  return sentences(means, before === null ? '' : t`Before the fix ${valueText(before)} at the last layer.`);
}
