import { percent } from '../rewrite/price-text';
import type { AdviceReport } from './compare-report';
import { equivarianceText, percentText } from './figure-text';

/** What the model reaches before any fix, as a full sentence. */
export function asItIsText({
  lastSpatialLayer,
  equivariance,
  consistency,
}: Pick<AdviceReport, 'lastSpatialLayer' | 'equivariance' | 'consistency'>): string {
  return `As it is: ${reachedText(equivariance, consistency, lastSpatialLayer && lastSpatialLayer.label)}.`;
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
  const price = `Best within ${percent(within)}`;
  if (layers.length === 0) return `${price}: none of the fixes.`;
  return `${price}: ${layers.map(({ label }) => label).join(', ')} (${percent(multiplyAddShare)} multiply-adds), together ${recovery === null ? '' : 'and recovered '}${reachedText(equivariance, consistency)}.`;
}

function reachedText(equivariance: number | null, consistency: number | null, label?: string | null): string {
  const mean = `mean equivariance ${equivariance === null ? 'unknown' : equivarianceText(equivariance)}`;
  const place = label === undefined ? '' : ` at ${label ?? 'no layer'}`;
  return `${mean}${place}${consistency === null ? '' : `, consistency ${percentText(consistency)}`}`;
}
