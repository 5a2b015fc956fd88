import { t } from '@vscode/l10n';
import type { TemplateResult } from 'lit';
import type { ShiftFrame } from '../../src/panel-protocol/studies/equivariance';
import { axisTicks } from '../charts/axis-ticks';
import { html, svg } from '../app/templates';

/** Width of the axis beside a map, in CSS pixels. */
export const axisWidth = 44;

/** What is counted to the right. */
export function acrossTitle({ diagonal }: ShiftFrame): string {
  return diagonal ? t`shift down and right (px)` : t`shift right, dx (px)`;
}

/** What is counted down. */
export const downTitle = t`shift down, dy (px)`;

/** Ticks and title below the map; `length` in shifts, `drawn` in CSS pixels. */
export function renderAcrossAxis(frame: ShiftFrame, drawn: number): TemplateResult {
  const {
    size: [, length],
    origin: [, first],
  } = frame;
  const ticks = shiftTicks(first, length, drawn);
  return html`
    <svg class="across" width=${drawn} height="38" aria-hidden="true">
      ${ticks.map(
        ({ shift, place }) => svg`
        <line x1=${place} x2=${place} y1="0" y2="4"></line>
        <text x=${place} y="16" text-anchor="middle">${shift}</text>
      `,
      )}
      <text x=${drawn / 2} y="33" text-anchor="middle">${acrossTitle(frame)}</text>
    </svg>
  `;
}

/** Ticks and title left of the map; none where all shifts lie in one row. */
export function renderDownAxis({ size: [length], origin: [first], diagonal }: ShiftFrame, drawn: number): TemplateResult {
  if (diagonal) return html`<span></span>`;
  const ticks = shiftTicks(first, length, drawn);
  return html`
    <svg width=${axisWidth} height=${drawn} aria-hidden="true">
      ${ticks.map(
        ({ shift, place }) => svg`
        <line x1=${axisWidth - 4} x2=${axisWidth} y1=${place} y2=${place}></line>
        <text x=${axisWidth - 7} y=${place + 4} text-anchor="end">${shift}</text>
      `,
      )}
      <text x="11" y=${drawn / 2} text-anchor="middle" transform="rotate(-90 11 ${drawn / 2})">${downTitle}</text>
    </svg>
  `;
}

/** Shifts to mark along an axis, each with its place in CSS pixels; `length` in shifts, `drawn` in CSS pixels. */
export function shiftTicks(first: number, length: number, drawn: number): readonly { readonly shift: number; readonly place: number }[] {
  return axisTicks(length).map((place) => ({ shift: first + place, place: ((place + 0.5) / length) * drawn }));
}
