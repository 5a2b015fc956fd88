import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { fullName } from '../../../src/panel-protocol/core/layer-names';
import { filled } from '../../app/filled';
import { html } from '../../app/templates';
import { send } from '../../app/page-events';
import { valueText } from '../../heatmap/reading';
import { sharedStyles } from '../../styles/shared';
import { worstLosses, type JudgedMap } from './arrangement';

const named = 3;

/** Where equivariance is lost, how much, and the way to what fixes would give: the answer before all maps. */
@customElement('shiftlint-losses')
export class Losses extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      p {
        margin: 10px 0 0;
        line-height: 1.6;
      }
    `,
  ];

  @property({ attribute: false }) maps: readonly JudgedMap[] = [];
  /** Whether copies with fixes can still be made. */
  @property({ attribute: false }) fixable = false;

  override render(): TemplateResult | typeof nothing {
    const last = this.maps.at(-1)?.heatmap.mean ?? null;
    if (last === null) return nothing;
    const worst = worstLosses(this.maps, named);
    return html`
      <p>
        ${worst.length === 0 ? t`No layer loses equivariance.` : this.renderWorst(worst)}
        ${filled(t('The last map keeps {0} on average.'), html`<span class="number">${valueText(last)}</span>`)}
        ${this.fixable ? this.renderWay() : nothing}
      </p>
    `;
  }

  private renderWorst(worst: readonly JudgedMap[]): readonly unknown[] {
    const losses = worst.map((map, index) => this.renderLoss(map, index));
    return filled(t('Most is lost at {0}.'), losses);
  }

  private renderLoss({ heatmap, loss }: JudgedMap, index: number): TemplateResult {
    return html`${index === 0 ? '' : t`, `}<button
        class="link code"
        title=${fullName(heatmap)}
        @click=${() => {
          send(this, 'heatmap-enlarge', heatmap.index);
        }}
      >
        ${heatmap.label}
      </button>
      <span class="number">(−${valueText(loss ?? 0)})</span>`;
  }

  private renderWay(): TemplateResult {
    return html`<button
      class="link"
      @click=${() => {
        send(this, 'settings-change', { tab: 'compare' });
      }}
    >
      ${t`What would fixes give?`}
    </button>`;
  }
}
