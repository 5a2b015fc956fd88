import { binomialFilter } from '../../core/rewrite/filters';
import type { FixContext } from '../finding';

/** Taps of the filter that our modules have where a call names none. */
const defaultSize = 3;

/** Length of a binomial filter, which is all that most calls say of it; null for any other filter, whose taps have to be written. */
export function binomialSize({ taps }: FixContext['filter']): number | null {
  const binomial = binomialFilter(taps.length);
  return binomial?.taps.every((tap, index) => tap === taps[index]) === true ? taps.length : null;
}

/** True for the filter that our modules have by themselves. */
export function isDefault(filter: FixContext['filter']): boolean {
  return binomialSize(filter) === defaultSize;
}

/** `[0.25, 0.5, 0.25]`, in either language. */
export function tapsText({ taps }: FixContext['filter']): string {
  return `[${taps.join(', ')}]`;
}
