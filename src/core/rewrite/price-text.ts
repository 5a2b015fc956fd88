import { t } from '@vscode/l10n';
import type { PlanPrice } from './plan';

/** `+3.1 % multiply-adds, +12 % activation memory`: what a plan costs, for people. */
export function priceText({ multiplyAddShare, activationShare }: PlanPrice): string {
  return t`${percent(multiplyAddShare)} multiply-adds, ${percent(activationShare)} activation memory`;
}

/** A share as a signed percentage with two significant digits. */
export function percent(share: number): string {
  const value = share * 100;
  const size = Math.abs(value);
  const digits = size >= 10 ? value.toFixed(0) : size >= 1 ? value.toFixed(1) : value.toFixed(2);
  return `${value < 0 ? '' : '+'}${digits} %`;
}
