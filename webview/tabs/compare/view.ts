import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { remarkStyles } from '../../styles/remarks';
import { sharedStyles } from '../../styles/shared';
import type { PageState } from '../../app/state';
import { choose } from '../../fields/choose';
import { fieldStyles, numberField } from '../../fields/field';
import { folderField, imageField } from '../../fields/files';
import { filterFields } from '../../fields/filters';
import { metricField } from '../../fields/metric';
import { preprocessingFields } from '../../fields/preprocessing';
import { recoverField } from '../../fields/recover';
import { figureTableStyles, tableStyles } from '../../styles/table';
import { measureObstacle } from '../../run/bar';
import './advice';
import { applyStyles, staleObstacle } from './apply';
import { figureStyles } from './figures';
import { renderComparison } from './comparison';
import { html } from '../../app/templates';

/** The tab that sets the model against fixed copies of itself, and ranks the fixes by what they gain. */
@customElement('shiftlint-compare-view')
export class CompareView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    fieldStyles,
    remarkStyles,
    tableStyles,
    figureTableStyles,
    figureStyles,
    applyStyles,
    css`
      h2 {
        margin: 28px 0 10px;
        font-size: 1.05em;
        font-weight: 600;
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
    const compared = comparison?.report.variants.length ?? 0;
    const ranked = advice?.report.fixes.length ?? 0;
    return html`
      <shiftlint-run-bar
        .study=${'compare'}
        .view=${runs.compare}
        .label=${t`Compare`}
        .count=${{ done: compared, total: compared, noun: 'models' }}
        .obstacle=${obstacle}
      >
        ${inputs === null ? nothing : html`${filterFields(inputs.choices)} ${imageField(inputs)} ${preprocessingFields(inputs)} ${metricField(inputs.choices)} ${folderField(inputs)} ${recoverField(inputs)}`}
      </shiftlint-run-bar>
      ${comparison === null ? this.renderExplanation() : renderComparison(comparison, { obstacle: staleObstacle(runs.compare), recoverObstacle: obstacle })}
      <h2>${t`Which fix is worth its price`}</h2>
      <shiftlint-run-bar
        .study=${'advice'}
        .view=${runs.advice}
        .label=${t`Rank fixes`}
        .count=${{ done: ranked, total: ranked, noun: 'fixes' }}
        .obstacle=${obstacle}
      >
        ${
          inputs === null
            ? nothing
            : numberField(
                t`Best within (%)`,
                inputs.choices.within,
                (within) => {
                  choose({ within: within ?? inputs.choices.within });
                },
                { hint: t`Multiply-adds that the best set of fixes may add to the model.` },
              )
        }
      </shiftlint-run-bar>
      ${
        advice === null
          ? nothing
          : html`<shiftlint-advice
              .advice=${advice}
              .obstacle=${staleObstacle(runs.advice)}
              .recoverObstacle=${obstacle}
            ></shiftlint-advice>`
      }
    `;
  }

  private renderExplanation(): TemplateResult | typeof nothing {
    if (this.page.runs.compare.state === 'running' || !this.mayMeasure) return nothing;
    return html`
      <p class="explanation muted">
        ${t`Fixes the model in memory with each filter and measures all copies on the same input. With a folder of images, consistency and agreement with the original are told too, and copies can be recovered from it. Nothing is changed on disk.`}
      </p>
    `;
  }
}
