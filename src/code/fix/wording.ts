import { strideText } from '../../core/rules/wording';
import type { CodeFinding } from '../finding';

/** `stride 2`; `its stride` where that is not known. */
export function strideLabel({ stride }: CodeFinding): string {
  return stride.includes(null) ? 'its stride' : `stride ${strideText(stride)}`;
}
