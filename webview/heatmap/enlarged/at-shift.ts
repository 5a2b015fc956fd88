import { t } from '@vscode/l10n';
import { css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { AxisPair } from '../../../src/panel-protocol/core/geometry';
import { percentText } from '../../../src/panel-protocol/core/figure-text';
import type { ClassMapView, Picture } from '../../../src/panel-protocol/studies/equivariance';
import { html } from '../../app/templates';
import { sharedStyles } from '../../styles/shared';
import { classAt, scoreNouns, type ClassReading } from '../class-at';
import type { Shift } from '../reading';
import './rolled-image';

const noShift: Shift = { dy: 0, dx: 0 };

/** The image as it is and shifted, and what a classifier says of both. */
@customElement('shiftlint-at-shift')
export class AtShift extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        width: 252px;
      }
      div {
        display: flex;
        gap: 12px;
      }
      figure {
        width: 120px;
        margin: 0;
      }
      /* Of one height, so that nothing below moves while shifts are read. */
      figcaption {
        line-height: 1.4;
      }
      .classified {
        min-height: calc(4 * 1.4em);
      }
      figcaption span {
        display: block;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .other {
        font-weight: 600;
      }
      p {
        margin: 4px 0 0;
        font-size: 0.92em;
      }
    `,
  ];

  /** What the model is shown; null where that is no picture. */
  @property({ attribute: false }) picture: Picture | null = null;
  /** Null where the model is no classifier. */
  @property({ attribute: false }) classes: ClassMapView | null = null;
  @property({ attribute: false }) imageSize: AxisPair = [1, 1];
  @property({ attribute: false }) shift: Shift = noShift;

  override render(): TemplateResult {
    const { dy, dx } = this.shift;
    return html`
      <div>
        ${this.renderFigure(t`Image`, t`Image`, noShift)}
        ${this.renderFigure(`dy ${dy}, dx ${dx}`, t`Image shifted by dy ${dy}, dx ${dx}`, this.shift)}
      </div>
      ${this.classes === null ? nothing : this.renderSource(this.classes)}
    `;
  }

  private renderFigure(title: string, spoken: string, shift: Shift): TemplateResult {
    const { classes, picture } = this;
    const image = html`<shiftlint-rolled-image
      .picture=${picture}
      .imageSize=${this.imageSize}
      .shift=${shift}
      .label=${spoken}
    ></shiftlint-rolled-image>`;
    return html`
      <figure>
        ${picture === null ? nothing : image}
        <figcaption class=${classes === null ? '' : 'classified'}>
          <span class="muted number">${title}</span>
          ${classes === null ? nothing : this.renderClass(classAt(classes, shift), classAt(classes, noShift))}
        </figcaption>
      </figure>
    `;
  }

  private renderClass({ label, text, score }: ClassReading, unshifted: ClassReading): TemplateResult {
    const isOther = label !== unshifted.label;
    return html`
      <span class=${isOther ? 'other' : ''} title=${text}>${text}</span>
      <span class="number">${percentText(score)}</span>
      ${isOther ? html`<span class="muted">${t`another class`}</span>` : nothing}
    `;
  }

  private renderSource({ namedBy, scores: { meaning } }: ClassMapView): TemplateResult {
    const noun = scoreNouns[meaning];
    const from =
      namedBy === 'metadata' ? t`Class and its ${noun}, names from the model` : t`Class and its ${noun}, names from ${namedBy ?? ''}`;
    return html`<p class="muted">${namedBy === null ? t`Class and its ${noun}` : from}</p>`;
  }
}
