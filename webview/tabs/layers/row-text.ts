import type { TemplateResult } from 'lit';
import type { FindingView } from '../../../src/panel-protocol/model';
import { html } from '../../app/templates';

/** A long path of scopes is broken between them. */
export function breakable(name: string): TemplateResult {
  return html`${name.split(/(?<=\/)/).map((scope) => html`${scope}<wbr />`)}`;
}

/** Whether any axis is sampled more sparsely. */
export function isStrided(stride: readonly number[] | null): boolean {
  return stride?.some((step) => step !== 1) === true;
}

/** One number where all axes agree; a dash where it is not known. */
export function strideText(stride: readonly number[] | null): string {
  if (stride === null) return '–';
  const steps = stride.map((step) => `${Math.round(step * 100) / 100}`);
  return new Set(steps).size === 1 ? `${steps[0]}` : steps.join(' × ');
}

/** The share of energy beyond the new sampling limit; empty where it is not known. */
export function energyText(finding: FindingView | null): string {
  const energy = finding?.aliasedEnergy ?? null;
  return energy === null ? '' : `${Math.round(energy * 100)} %`;
}
