import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { blurFilter, isBlurFilterName } from '../../../src/panel-protocol/core/filters';
import type { NamedLayer } from '../../../src/panel-protocol/core/layer-names';
import type { ComparedVariant } from '../../../src/panel-protocol/studies/compare';
import { send, type PageEvent } from '../../app/page-events';
import { html } from '../../app/templates';
import '../../charts/line-chart';
import { valueText } from '../../heatmap/reading';

const opening = { byClick: t`A click leads to the layer.`, byEnter: t`Enter leads to the layer.` };

/** The mean of every layer in depth order, a line for each model. The table of the tab has the same numbers. */
@customElement('shiftlint-compare-chart')
export class CompareChart extends LitElement {
  static override readonly styles = css`
    :host {
      display: block;
    }
  `;

  @property({ attribute: false }) layers: readonly NamedLayer[] = [];
  @property({ attribute: false }) variants: readonly ComparedVariant[] = [];

  override render(): TemplateResult | typeof nothing {
    const { layers, variants } = this;
    if (layers.length < 2 || !variants.some(({ means }) => means.some((mean) => mean !== null))) return nothing;
    const last = variants.map(
      (variant) => `${nameOf(variant)} ${valueText(variant.means.findLast((mean) => mean !== null) ?? Number.NaN)}`,
    );
    return html`
      <shiftlint-line-chart
        .heading=${t`Mean equivariance by depth`}
        .xTitle=${t`layer, in depth order`}
        .yTitle=${t`mean equivariance`}
        .places=${layers.map(({ label }) => label)}
        .series=${variants.map((variant) => ({ name: nameOf(variant), values: variant.means }))}
        .summary=${t`Mean equivariance by depth; at the last layer ${last.join(t`, `)}.`}
        .opens=${opening}
        @chart-open=${(event: PageEvent<'chart-open'>) => {
          const layer = layers[event.detail];
          if (layer !== undefined) send(this, 'layer-show', layer.layer);
        }}
      ></shiftlint-line-chart>
    `;
  }
}

function nameOf({ filter, recovery }: ComparedVariant): string {
  if (!isBlurFilterName(filter)) return t`As it is`;
  const { label } = blurFilter(filter);
  return recovery === null ? label : t`${label} recovered`;
}
