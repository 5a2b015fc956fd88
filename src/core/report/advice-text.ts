import { t } from '@vscode/l10n';
import { percent } from '../rewrite/price-text';
import type { AdviceReport } from './compare-report';
import { equivarianceText, percentText } from './figure-text';

/** What the model reaches before any fix, as a full sentence. */
export function asItIsText({
  lastSpatialLayer,
  equivariance,
  consistency,
}: Pick<AdviceReport, 'lastSpatialLayer' | 'equivariance' | 'consistency'>): string {
  return t`As it is: ${reachedText(equivariance, consistency, lastSpatialLayer && lastSpatialLayer.label)}.`;
}

/** The set of fixes that fits a price, and what it reaches as a whole, as a full sentence. */
export function bestWithinText({
  within,
  layers,
  multiplyAddShare,
  equivariance,
  consistency,
  recovery,
}: NonNullable<AdviceReport['best']>): string {
  if (layers.length === 0) return t`Best within ${percent(within)}: none of the fixes.`;
  const labels = layers.map(({ label }) => label).join(', ');
  const reached = reachedText(equivariance, consistency);
  return recovery === null
    ? t`Best within ${percent(within)}: ${labels} (${percent(multiplyAddShare)} multiply-adds), together ${reached}.`
    : t`Best within ${percent(within)}: ${labels} (${percent(multiplyAddShare)} multiply-adds), together and recovered ${reached}.`;
}

function reachedText(equivariance: number | null, consistency: number | null, label?: string | null): string {
  const value = equivariance === null ? t('unknown') : equivarianceText(equivariance);
  const mean = label === undefined ? t`mean equivariance ${value}` : t`mean equivariance ${value} at ${label ?? t('no layer')}`;
  return consistency === null ? mean : t`${mean}, consistency ${percentText(consistency)}`;
}
