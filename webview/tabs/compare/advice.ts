import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { asItIsText, bestWithinText } from '../../../src/panel-protocol/core/advice-text';
import { percent, signedText } from '../../../src/panel-protocol/core/figure-text';
import { fullName } from '../../../src/panel-protocol/core/layer-names';
import type { AdviceMessage, AdviceReport } from '../../../src/panel-protocol/studies/advice';
import { html } from '../../app/templates';
import { remarks, remarkStyles } from '../../styles/remarks';
import { sharedStyles } from '../../styles/shared';
import { figureTableStyles, tableStyles } from '../../styles/table';
import { applyButtons, applyStyles } from './apply';
import { change, figureStyles } from './figures';
import { fixOfLayers } from './wanted-fix';

/** The fixes ranked, the best set of them within a price, and the set that the user wants to apply: the best one to begin with. */
@customElement('shiftlint-advice')
export class Advice extends LitElement {
  static override readonly styles = [
    sharedStyles,
    remarkStyles,
    tableStyles,
    figureTableStyles,
    figureStyles,
    applyStyles,
    css`
      tbody vscode-checkbox {
        font-family: var(--vscode-editor-font-family);
      }
    `,
  ];

  @property({ attribute: false }) advice!: AdviceMessage;
  /** Why nothing of it is applied, and why nothing is recovered; empty where it can be. */
  @property() obstacle = '';
  @property({ attribute: 'recover-obstacle' }) recoverObstacle = '';
  @state() private chosen: ReadonlySet<string> = new Set();

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('advice')) this.chosen = new Set(this.advice.report.best?.layers.map(({ layer }) => layer));
  }

  override render(): TemplateResult {
    const { report } = this.advice;
    const { refused, best, notes } = report;
    return html`
      <p class="muted">${asItIsText(report)}</p>
      ${best === null ? nothing : html`<p>${bestWithinText(best)}</p>`} ${remarks(t`Notes`, notes, false)}
      ${remarks(
        t`Findings without a fix`,
        refused.map((left) => html`<span class="code" title=${fullName(left)}>${left.label}</span>: ${left.reason}`),
        false,
      )}
      ${this.renderTable(report)} ${report.fixes.length === 0 ? nothing : this.renderApply(report)}
    `;
  }

  private renderTable({ fixes, consistency }: AdviceReport): TemplateResult {
    const withImages = consistency !== null;
    return html`
      <div class="scroll">
        <table>
          <caption>
            ${t`Each fix alone, by what it gains per extra multiply-add; those that are ticked can be applied together`}
          </caption>
          <thead>
            <tr>
              <th scope="col">${t`Layer`}</th>
              <th scope="col" class="figure">${t`Equivariance`}</th>
              ${withImages ? html`<th scope="col" class="figure">${t`Consistency`}</th>` : nothing}
              <th scope="col" class="figure">${t`Multiply-adds`}</th>
              <th scope="col" class="figure">${t`Gain per +1 %`}</th>
            </tr>
          </thead>
          <tbody>
            ${fixes.map(
              (fix) => html`
                <tr>
                  <th scope="row" class="code" title=${fullName(fix)}>${this.renderChoice(fix)}</th>
                  <td class="figure ${change(fix.equivariance, 0)}">${signedText(fix.equivariance)}</td>
                  ${withImages ? html`<td class="figure">${fix.consistency === null ? '' : t`${signedText(fix.consistency * 100, 2)} points`}</td>` : nothing}
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

  private renderChoice({ layer, label }: AdviceReport['fixes'][number]): TemplateResult {
    return html`<vscode-checkbox
      .label=${label}
      .checked=${this.chosen.has(layer)}
      @change=${(event: Event) => {
        const isOn = (event.target as HTMLInputElement).checked;
        this.chosen = new Set(isOn ? [...this.chosen, layer] : [...this.chosen].filter((other) => other !== layer));
      }}
    ></vscode-checkbox>`;
  }

  private renderApply(report: AdviceReport): TemplateResult {
    const layers = report.fixes.filter(({ layer }) => this.chosen.has(layer));
    const fix = fixOfLayers(layers, report, this.advice.border);
    const what = layers.length === 1 ? (layers[0]?.label ?? '') : t`${layers.length} layers`;
    const obstacle = fix === null ? t`Tick the layers to fix first.` : this.obstacle;
    const wanted = fix ?? { layers: [], blur: null };
    return html`<div class="apply row">
      ${applyButtons({ fix: wanted, what, isRecovered: false, obstacle }, t`Apply these fixes (${layers.length})`, this.recoverObstacle)}
      <span class="muted number" role="status">${priceOf(layers)}</span>
    </div>`;
  }
}

/** What layers cost together; nothing where that is not known. */
function priceOf(layers: readonly { readonly multiplyAddShare: number | null }[]): string {
  const shares = layers.map(({ multiplyAddShare }) => multiplyAddShare);
  if (shares.length === 0 || shares.includes(null)) return '';
  return t`${percent(shares.reduce<number>((sum, share) => sum + (share ?? 0), 0))} multiply-adds together`;
}
