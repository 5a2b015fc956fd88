import type { TemplateResult } from 'lit';
import { blurFilter, isBlurFilterName } from '../../../src/panel-protocol/core/filters';
import { percent, percentText } from '../../../src/panel-protocol/core/figure-text';
import { fullName } from '../../../src/panel-protocol/core/layer-names';
import type { ComparedVariant, CompareReport, Share } from '../../../src/panel-protocol/studies/compare';
import { remarks } from '../../styles/remarks';
import './chart';
import { change, numberText } from './figures';
import { html } from '../../app/templates';

/** The model as it is beside its fixed copies: a chart, figures of whole models, and means of layers. */
export function renderComparison({ layers, variants, refused, notes }: CompareReport): TemplateResult {
  const [original] = variants;
  return html`
    ${remarks('Notes', notes, true)} ${remarks('Layers left as they are', [...new Set(refused.map(({ reason }) => reason))], false)}
    <shiftlint-compare-chart .layers=${layers} .variants=${variants}></shiftlint-compare-chart>
    <div class="scroll">
      <table>
        ${renderHead('Whole model', variants)}
        <tbody>
          ${totals(variants).map(
            ({ name, texts }) => html`
              <tr>
                <th scope="row">${name}</th>
                ${texts.map((text) => html`<td class="figure">${text}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
    <details ?open=${layers.length <= layersShown}>
      <summary>Mean equivariance of ${layers.length} layers</summary>
      <div class="scroll">
        <table>
          ${renderHead('Layer', variants)}
          <tbody>
            ${layers.map(
              (layer, index) => html`
                <tr>
                  <th scope="row" class="code" title=${fullName(layer)}>${layer.label}</th>
                  ${variants.map(({ means }) => html`<td class="figure ${change(means[index], original?.means[index])}">${numberText(means[index])}</td>`)}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    </details>
  `;
}

/** Tables of more layers are folded: the chart shows them at a glance. */
const layersShown = 40;

function renderHead(what: string, variants: readonly ComparedVariant[]): TemplateResult {
  return html`
    <thead>
      <tr>
        <th scope="col">${what}</th>
        ${variants.map((variant) => html`<th scope="col" class="figure">${variantName(variant)}</th>`)}
      </tr>
    </thead>
  `;
}

interface Total {
  readonly name: string;
  readonly texts: readonly string[];
}

/** Figures of whole models; those that nobody knows are left out. */
function totals(variants: readonly ComparedVariant[]): readonly Total[] {
  const share = (value: Share | null | undefined): string => (value === null || value === undefined ? '' : percentText(value.value));
  const rows: readonly Total[] = [
    { name: 'Layers fixed', texts: variants.map(({ fixed }) => `${fixed.length}`) },
    { name: 'Multiply-adds', texts: variants.map(({ price }) => (price === null ? '' : percent(price.multiplyAddShare))) },
    { name: 'Activation memory', texts: variants.map(({ price }) => (price === null ? '' : percent(price.activationShare))) },
    { name: 'Consistency', texts: variants.map(({ consistency }) => share(consistency?.consistency)) },
    { name: 'Invariance', texts: variants.map(({ consistency }) => numberText(consistency?.invariance)) },
    { name: 'Accuracy', texts: variants.map(({ consistency }) => share(consistency?.accuracy)) },
    { name: 'Same class as the original', texts: variants.map(({ fidelity }) => share(fidelity)) },
  ];
  return rows.filter(({ texts }) => texts.some((text) => text !== ''));
}

function variantName({ filter, recovery }: ComparedVariant): string {
  if (!isBlurFilterName(filter)) return 'As it is';
  return `${blurFilter(filter).label}${recovery === null ? '' : ' recovered'}`;
}
