import { t } from '@vscode/l10n';
import { nothing, type TemplateResult } from 'lit';
import { blurFilter, isBlurFilterName, type BlurPadding } from '../../../src/panel-protocol/core/filters';
import { percent, percentText } from '../../../src/panel-protocol/core/figure-text';
import { fullName } from '../../../src/panel-protocol/core/layer-names';
import type { ComparedVariant, CompareMessage, Share } from '../../../src/panel-protocol/studies/compare';
import { remarks } from '../../styles/remarks';
import { applyButtons } from './apply';
import './chart';
import { change, numberText } from './figures';
import { html } from '../../app/templates';
import { fixOfVariant } from './wanted-fix';

/** Why no copy is applied, and why none is recovered; empty where it can be. */
export interface ApplyObstacles {
  readonly obstacle: string;
  readonly recoverObstacle: string;
}

/** The model as it is beside its fixed copies: a chart, figures of whole models with the way to each, and means of layers. */
export function renderComparison({ report, border }: CompareMessage, obstacles: ApplyObstacles): TemplateResult {
  const { layers, variants, refused, notes } = report;
  const [original] = variants;
  return html`
    ${remarks(t`Notes`, notes, true)} ${remarks(t`Layers left as they are`, [...new Set(refused.map(({ reason }) => reason))], false)}
    <shiftlint-compare-chart .layers=${layers} .variants=${variants}></shiftlint-compare-chart>
    <div class="scroll">
      <table>
        ${renderHead(t`Whole model`, variants)}
        <tbody>
          ${totals(variants).map(
            ({ name, texts }) => html`
              <tr>
                <th scope="row">${name}</th>
                ${texts.map((text) => html`<td class="figure">${text}</td>`)}
              </tr>
            `,
          )}
          <tr>
            <th scope="row">${t`Make it the model`}</th>
            ${variants.map((variant) => html`<td class="figure">${renderApply(variant, border, obstacles)}</td>`)}
          </tr>
        </tbody>
      </table>
    </div>
    <details ?open=${layers.length <= layersShown}>
      <summary>${t`Mean equivariance of ${layers.length} layers`}</summary>
      <div class="scroll">
        <table>
          ${renderHead(t`Layer`, variants)}
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

function renderApply(
  variant: ComparedVariant,
  border: BlurPadding,
  { obstacle, recoverObstacle }: ApplyObstacles,
): TemplateResult | typeof nothing {
  const fix = fixOfVariant(variant, border);
  if (fix === null) return nothing;
  const isRecovered = variant.recovery !== null;
  return html`<div class="apply">
    ${applyButtons({ fix, what: variantName(variant), isRecovered, obstacle }, isRecovered ? t`Apply and recover` : t`Apply this filter`, recoverObstacle)}
  </div>`;
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
    { name: t`Layers fixed`, texts: variants.map(({ fixed }) => `${fixed.length}`) },
    { name: t`Multiply-adds`, texts: variants.map(({ price }) => (price === null ? '' : percent(price.multiplyAddShare))) },
    { name: t`Activation memory`, texts: variants.map(({ price }) => (price === null ? '' : percent(price.activationShare))) },
    { name: t`Consistency`, texts: variants.map(({ consistency }) => share(consistency?.consistency)) },
    { name: t`Invariance`, texts: variants.map(({ consistency }) => numberText(consistency?.invariance)) },
    { name: t`Accuracy`, texts: variants.map(({ consistency }) => share(consistency?.accuracy)) },
    { name: t`Same class as the original`, texts: variants.map(({ fidelity }) => share(fidelity)) },
  ];
  return rows.filter(({ texts }) => texts.some((text) => text !== ''));
}

function variantName({ filter, recovery }: ComparedVariant): string {
  if (!isBlurFilterName(filter)) return t`As it is`;
  const { label } = blurFilter(filter);
  return recovery === null ? label : t`${label} recovered`;
}
