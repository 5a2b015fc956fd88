import type { TemplateResult } from 'lit';
import { html, svg } from '../app/templates';
import { lineClass } from './series';

/** A piece of a line as the chart draws it: of the series of this number, or of a step. */
export function legendLine(what: number | 'step'): TemplateResult {
  const line =
    what === 'step' ? svg`<path class="step" d="M13 0V12"></path>` : svg`<path class="line ${lineClass(what)}" d="M0 6H26"></path>`;
  return html`<svg class="sample" width="26" height="12" viewBox="0 0 26 12" aria-hidden="true">${line}</svg>`;
}
