import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { asItIsText, bestWithinText } from '../../../src/panel-protocol/core/advice-text';
import { blurFilter, isBlurFilterName } from '../../../src/panel-protocol/core/filters';
import { percent, percentText, signedText } from '../../../src/panel-protocol/core/figure-text';
import type { AdviceReport } from '../../../src/panel-protocol/studies/advice';
import type { ComparedVariant, CompareReport } from '../../../src/panel-protocol/studies/compare';
import type { Share } from '../../../src/panel-protocol/studies/consistency';
import './chart';
import { valueText } from '../../heatmap/reading';
import { remarks, remarkStyles } from '../../styles/remarks';
import { sharedStyles } from '../../styles/shared';
import type { PageState } from '../../app/state';
import { choose } from '../../fields/choose';
import { fieldStyles, numberField } from '../../fields/field';
import { folderField, imageField } from '../../fields/files';
import { filterFields } from '../../fields/filters';
import { metricField } from '../../fields/metric';
import { preprocessingFields } from '../../fields/preprocessing';
import { tableStyles } from '../../styles/table';
import { measureObstacle } from '../../run/bar';

/** The tab that sets the model against fixed copies of itself, and ranks the fixes by what they gain. */
@customElement('shiftlint-compare-view')
export class CompareView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    fieldStyles,
    remarkStyles,
    tableStyles,
    css`
      .explanation {
        max-width: 72ch;
        line-height: 1.5;
      }
      h2 {
        margin: 28px 0 10px;
        font-size: 1.05em;
        font-weight: 600;
      }
      .gain {
        color: var(--vscode-charts-green);
      }
      .loss {
        color: var(--vscode-charts-red);
      }
    `,
  ];

  @property({ attribute: false }) page!: PageState;
  @property({ attribute: false }) mayMeasure = false;

  override render(): TemplateResult {
    const {
      runs,
      inputs,
      outcomes: { compare: comparison, advice },
    } = this.page;
    const obstacle = measureObstacle(this.mayMeasure);
    const compared = comparison?.variants.length ?? 0;
    const ranked = advice?.fixes.length ?? 0;
    return html`
      <shiftlint-run-bar
        .study=${'compare'}
        .view=${runs.compare}
        .label=${'Compare'}
        .count=${{ done: compared, total: compared, noun: 'models' }}
        .obstacle=${obstacle}
      >
        ${inputs === null ? nothing : html`${filterFields(inputs.choices)} ${imageField(inputs)} ${preprocessingFields(inputs)} ${metricField(inputs.choices)} ${folderField(inputs)}`}
      </shiftlint-run-bar>
      ${comparison === null ? this.renderExplanation() : renderComparison(comparison)}
      <h2>Which fix is worth its price</h2>
      <shiftlint-run-bar
        .study=${'advice'}
        .view=${runs.advice}
        .label=${'Rank fixes'}
        .count=${{ done: ranked, total: ranked, noun: 'fixes' }}
        .obstacle=${obstacle}
      >
        ${
          inputs === null
            ? nothing
            : numberField(
                'Best within (%)',
                inputs.choices.within,
                (within) => {
                  choose({ within: within ?? inputs.choices.within });
                },
                { hint: 'Multiply-adds that the best set of fixes may add to the model.' },
              )
        }
      </shiftlint-run-bar>
      ${advice === null ? nothing : renderAdvice(advice)}
    `;
  }

  private renderExplanation(): TemplateResult | typeof nothing {
    if (this.page.runs.compare.state === 'running' || !this.mayMeasure) return nothing;
    return html`
      <p class="explanation muted">
        Fixes the model in memory with each filter and measures all copies on the same input. With a folder of images, consistency and
        agreement with the original are told too. Nothing is changed on disk.
      </p>
    `;
  }
}

function renderComparison({ layers, variants, refused, notes }: CompareReport): TemplateResult {
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
                  <th scope="row" class="code">${layer}</th>
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
        ${variants.map(({ filter }) => html`<th scope="col" class="figure">${variantName(filter)}</th>`)}
      </tr>
    </thead>
  `;
}

/** Smaller differences are rounding. */
const noticeable = 0.0005;

function change(value: number | null | undefined, before: number | null | undefined): string {
  const difference = (value ?? Number.NaN) - (before ?? Number.NaN);
  if (difference > noticeable) return 'gain';
  return difference < -noticeable ? 'loss' : '';
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

function renderAdvice(report: AdviceReport): TemplateResult {
  const { fixes, refused, best, notes } = report;
  const withImages = report.consistency !== null;
  return html`
    <p class="muted">${asItIsText(report)}</p>
    ${best === null ? nothing : html`<p>${bestWithinText(best)}</p>`} ${remarks('Notes', notes, false)}
    ${remarks(
      'Findings without a fix',
      refused.map(({ layer, reason }) => html`<span class="code">${layer}</span>: ${reason}`),
      false,
    )}
    <div class="scroll">
      <table>
        <caption>
          Each fix alone, by what it gains per extra multiply-add
        </caption>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col" class="figure">Equivariance</th>
            ${withImages ? html`<th scope="col" class="figure">Consistency</th>` : nothing}
            <th scope="col" class="figure">Multiply-adds</th>
            <th scope="col" class="figure">Gain per +1 %</th>
          </tr>
        </thead>
        <tbody>
          ${fixes.map(
            (fix) => html`
              <tr>
                <th scope="row" class="code">${fix.layer}</th>
                <td class="figure ${change(fix.equivariance, 0)}">${signedText(fix.equivariance)}</td>
                ${withImages ? html`<td class="figure">${fix.consistency === null ? '' : `${signedText(fix.consistency * 100, 2)} points`}</td>` : nothing}
                <td class="figure">${fix.multiplyAddShare === null ? '' : percent(fix.multiplyAddShare)}</td>
                <td class="figure">${fix.gainPerMultiplyAdd === null ? '' : (fix.gainPerMultiplyAdd / 100).toFixed(5)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

function variantName(filter: string): string {
  return isBlurFilterName(filter) ? blurFilter(filter).label : 'As it is';
}

function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : valueText(value);
}
