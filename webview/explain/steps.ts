import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { agreementAt, downsample, shifted, type DownsamplingSteps } from '../../src/panel-protocol/core/explain';
import { html } from '../app/templates';
import { sharedStyles } from '../styles/shared';
import { barStyles, bars, type Bar } from './bars';
import type { ExplainState } from './state';
import { denseText, keptText, tapsText } from './words';

/** A step of both columns. */
interface Row {
  readonly head: string;
  readonly detail: string;
  readonly cells: readonly [readonly Bar[], readonly Bar[]];
  /** True where a sample of the first column can be turned. */
  readonly canTurn?: boolean;
}

/** The steps of the layer, a row each: for the signal on the left, for the shifted one on the right. */
@customElement('shiftlint-explain-steps')
export class ExplainSteps extends LitElement {
  static override readonly styles = [
    sharedStyles,
    barStyles,
    css`
      /* Numbers that would lie over each other in a narrow panel are scrolled. */
      :host {
        display: block;
        overflow-x: auto;
      }
      table {
        width: 100%;
        min-width: 620px;
        border-collapse: collapse;
        table-layout: fixed;
      }
      th {
        padding: 2px 8px 2px 0;
        font-weight: normal;
        text-align: start;
        vertical-align: middle;
      }
      thead th {
        font-weight: 600;
      }
      table.long {
        min-width: 860px;
      }
      th.step {
        width: 190px;
      }
      td {
        padding: 2px 12px 2px 0;
      }
      tr.compared td,
      tr.compared th {
        padding-top: 6px;
        border-top: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, var(--vscode-descriptionForeground)));
      }
      small {
        display: block;
        font-size: 0.92em;
      }
    `,
  ];

  @property({ attribute: false }) shown!: ExplainState;

  override render(): TemplateResult {
    const { shift, signal } = this.shown;
    const rows = rowsOf(this.shown);
    return html`
      <table class=${signal.length > 8 ? 'long' : ''}>
        <caption class="visually-hidden">
          ${t`The steps of the layer, for the signal and for the signal shifted by ${shift}`}
        </caption>
        <thead>
          <tr>
            <th class="step" scope="col">${t`Step`}</th>
            <th scope="col">${t`The signal X`}</th>
            <th scope="col">${t`Shift(X): the signal moved by ${shift}`}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((row, index) => this.renderRow(row, index === rows.length - 1))}
        </tbody>
      </table>
    `;
  }

  private renderRow({ head, detail, cells: [left, right], canTurn }: Row, isLast: boolean): TemplateResult {
    const turn = (place: number): void => {
      this.dispatchEvent(new CustomEvent<number>('explain-turn', { detail: place }));
    };
    return html`
      <tr class=${isLast ? 'compared' : ''}>
        <th class="step" scope="row">${head}${detail === '' ? nothing : html`<small class="muted">${detail}</small>`}</th>
        <td>${bars(left, canTurn === true ? turn : undefined)}</td>
        <td>${bars(right)}</td>
      </tr>
    `;
  }
}

function rowsOf({ signal, layer, shift }: ExplainState): readonly Row[] {
  const [still, moved] = [downsample(signal, layer), downsample(shifted(signal, shift), layer)];
  const { differing } = agreementAt(signal, layer, shift).equivariance;
  const isKept = (place: number): boolean => place % layer.stride === 0;
  const both = (of: (steps: DownsamplingSteps) => readonly Bar[]): Row['cells'] => [of(still), of(moved)];
  const marked = (values: readonly number[]): readonly Bar[] =>
    values.map((value, place) => ({ value, look: differing.includes(place) ? 'differs' : 'plain' }));
  const plain = (values: readonly number[]): readonly Bar[] => values.map((value) => ({ value, look: 'plain' }));
  const filtered: readonly Row[] =
    layer.filter === 'identity' ? [] : [{ head: t`2. Blur`, detail: tapsText(layer), cells: both(({ blurred }) => plain(blurred)) }];
  return [
    { head: t`Signal`, detail: t`click a number to turn it`, cells: both((steps) => plain(steps.signal)), canTurn: true },
    { head: t`1. At every position`, detail: denseText(layer), cells: both(({ dense }) => plain(dense)) },
    ...filtered,
    {
      head: t`${filtered.length + 2}. Subsample`,
      detail: t`keeps ${keptText(layer)}`,
      cells: both(({ blurred }) => blurred.map((value, place) => ({ value, look: isKept(place) ? 'plain' : 'dropped' }))),
    },
    {
      head: t`Compared`,
      detail: t`Shift(F(X)) and F(Shift(X))`,
      cells: [marked(shifted(still.upsampled, shift)), marked(moved.upsampled)],
    },
  ];
}
