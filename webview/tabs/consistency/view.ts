import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ConsistencyReport, ImageRow, Share } from '../../../src/panel-protocol/studies/consistency';
import { valueText } from '../../heatmap/reading';
import { percentText } from '../../../src/panel-protocol/core/figure-text';
import { remarks, remarkStyles } from '../../styles/remarks';
import { sharedStyles } from '../../styles/shared';
import type { PageState } from '../../app/state';
import { fieldStyles } from '../../fields/field';
import { folderField } from '../../fields/files';
import { pairFields } from '../../fields/pairs';
import { preprocessingFields } from '../../fields/preprocessing';
import { protocolFields } from '../../fields/protocol';
import { figureTableStyles, tableStyles } from '../../styles/table';
import { measureObstacle } from '../../run/bar';
import { html } from '../../app/templates';

/** Rows shown; the export has them all. */
const shownRows = 200;

/** The tab of a folder of images: how often shifted copies of one image get the same class. */
@customElement('shiftlint-consistency-view')
export class ConsistencyView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    fieldStyles,
    remarkStyles,
    tableStyles,
    figureTableStyles,
    css`
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 12px 32px;
        margin: 16px 0 4px;
      }
      dt {
        color: var(--vscode-descriptionForeground);
      }
      dd {
        margin: 0;
        font-size: 1.5em;
        font-variant-numeric: tabular-nums;
      }
      dd span {
        display: block;
        font-size: 0.6em;
      }
    `,
  ];

  @property({ attribute: false }) page!: PageState;
  @property({ attribute: false }) mayMeasure = false;

  override render(): TemplateResult {
    const { runs, inputs, outcomes } = this.page;
    const report = outcomes.consistency;
    const total = report?.images.length ?? 0;
    return html`
      <shiftlint-run-bar
        .study=${'consistency'}
        .view=${runs.consistency}
        .label=${t`Classify`}
        .count=${{ done: total, total, noun: 'images' }}
        .obstacle=${measureObstacle(this.mayMeasure)}
      >
        ${inputs === null ? nothing : html`${folderField(inputs)} ${preprocessingFields(inputs)} ${protocolFields(inputs.choices, false)} ${pairFields(inputs.choices)}`}
      </shiftlint-run-bar>
      ${report === null ? this.renderExplanation() : renderReport(report)}
    `;
  }

  private renderExplanation(): TemplateResult | typeof nothing {
    if (this.page.runs.consistency.state === 'running' || !this.mayMeasure) return nothing;
    return html`
      <p class="explanation muted">
        ${t`Every image of the folder is shifted by pairs of random amounts: consistency is the share of pairs whose two shifts get the same class. Where subfolders name classes, accuracy is told too.`}
      </p>
    `;
  }
}

function renderReport({ settings, notes, summary, images, failed }: ConsistencyReport): TemplateResult {
  return html`
    <dl>
      ${figure(t`Consistency`, summary.consistency)}
      <div>
        <dt>${t`Invariance`}</dt>
        <dd>
          ${summary.invariance === null ? t`unknown` : valueText(summary.invariance)}<span class="muted"
            >${t`mean cosine with the unshifted output`}</span
          >
        </dd>
      </div>
      ${summary.accuracy === null ? nothing : figure(t`Accuracy`, summary.accuracy)}
      ${
        summary.accuracyOverShifts === null
          ? nothing
          : html`<div>
              <dt>${t`Accuracy over shifts`}</dt>
              <dd>${percentText(summary.accuracyOverShifts)}</dd>
            </div>`
      }
    </dl>
    <p class="muted">${settingsText(settings, images.length)}</p>
    ${remarks(t`Notes`, notes, true)}
    ${remarks(
      t`Images left out`,
      failed.map(({ image, reason }) => html`<span class="code">${image}</span>: ${reason}`),
      false,
    )}
    ${renderRows(images)}
  `;
}

/** What a report is of. @param count images */
function settingsText({ protocol, input, pairs, seed, largestShift }: ConsistencyReport['settings'], count: number): string {
  const size = `${input.height} × ${input.width}`;
  const largest = largestShift.join(' × ');
  return protocol === 'circular'
    ? t`${count} images at ${size}, ${pairs} pairs of shifts each up to ${largest} px (seed ${seed}), circular protocol`
    : t`${count} images at ${size}, ${pairs} pairs of shifts each up to ${largest} px (seed ${seed}), deployed protocol`;
}

function figure(name: string, share: Share | null): TemplateResult {
  return html`
    <div>
      <dt>${name}</dt>
      <dd>
        ${share === null ? t`unknown` : percentText(share.value)}
        <span class="muted">${share === null ? '' : t`95 % interval ${percentText(share.low)} to ${percentText(share.high)}`}</span>
      </dd>
    </div>
  `;
}

/** The images that change class most often come first: they are what one wants to look at. */
function renderRows(images: readonly ImageRow[]): TemplateResult | typeof nothing {
  if (images.length === 0) return nothing;
  const share = ({ agreeing, pairs }: ImageRow): number => agreeing / Math.max(1, pairs);
  const rows = [...images].sort((a, b) => share(a) - share(b) || a.invariance - b.invariance).slice(0, shownRows);
  const labelled = images.some(({ label }) => label !== null);
  return html`
    <div class="scroll">
      <table>
        <caption>
          ${images.length > shownRows ? t`The least consistent images first; ${images.length - shownRows} more are in the export` : t`The least consistent images first`}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t`Image`}</th>
            <th scope="col" class="figure">${t`Class`}</th>
            ${labelled ? html`<th scope="col" class="figure">${t`True class`}</th>` : nothing}
            <th scope="col" class="figure">${t`Pairs that agree`}</th>
            <th scope="col" class="figure">${t`Invariance`}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`
              <tr>
                <th scope="row" class="code">${row.image}</th>
                <td class="figure">${row.top}</td>
                ${labelled ? html`<td class="figure">${row.label ?? ''}</td>` : nothing}
                <td class="figure">${t`${row.agreeing} of ${row.pairs}`}</td>
                <td class="figure">${valueText(row.invariance)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}
