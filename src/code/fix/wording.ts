import { blurFilter, blurFilterNames } from '../../core/rewrite/filters';
import { strideText } from '../../core/rules/wording';
import type { CodeFinding, FixContext } from '../finding';

/** `Tri-3`. */
export function filterLabel({ filterSize }: FixContext): string {
  const name = blurFilterNames[filterSize - 1];
  return name === undefined ? `${filterSize} taps` : blurFilter(name).label;
}

/** `stride 2`; `its stride` where that is not known. */
export function strideLabel({ stride }: CodeFinding): string {
  return stride.includes(null) ? 'its stride' : `stride ${strideText(stride)}`;
}
