import { nothing, type TemplateResult } from 'lit';
import { asItIsText, bestWithinText } from '../../../src/panel-protocol/core/advice-text';
import { percent, signedText } from '../../../src/panel-protocol/core/figure-text';
import { fullName } from '../../../src/panel-protocol/core/layer-names';
import type { AdviceReport } from '../../../src/panel-protocol/studies/advice';
import { remarks } from '../../styles/remarks';
import { change } from './figures';
import { html } from '../../app/templates';

/** The fixes ranked, and the best set of them within a price. */
export function renderAdvice(report: AdviceReport): TemplateResult {
  const { fixes, refused, best, notes } = report;
  const withImages = report.consistency !== null;
  return html`
    <p class="muted">${asItIsText(report)}</p>
    ${best === null ? nothing : html`<p>${bestWithinText(best)}</p>`} ${remarks('Notes', notes, false)}
    ${remarks(
      'Findings without a fix',
      refused.map((left) => html`<span class="code" title=${fullName(left)}>${left.label}</span>: ${left.reason}`),
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
                <th scope="row" class="code" title=${fullName(fix)}>${fix.label}</th>
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
