import { t } from '@vscode/l10n';
import { percent } from '../../../src/panel-protocol/core/figure-text';
import type { ReceptiveField } from '../../../src/panel-protocol/core/geometry';
import type { FindingView } from '../../../src/panel-protocol/model';

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

/** Along both axes where they differ; "all" where something of the whole image comes in. */
export function fieldText(field: ReceptiveField | null): string {
  if (field === null) return '–';
  const size = field.size === null ? [] : [strideText(field.size)];
  return [...size, ...(field.isGlobal ? [t`all`] : [])].join(' + ') || '–';
}

const counted = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** `1.85M`; a dash where it is not known. */
export function countText(count: number | null): string {
  return count === null ? '–' : counted.format(count);
}

/** `+3.1 %`; empty where it is not known. */
export function fixCostText(finding: FindingView | null): string {
  const price = finding?.price ?? null;
  return price === null ? '' : percent(price.multiplyAddShare);
}
