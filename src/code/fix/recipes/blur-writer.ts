import type { Callable } from '../../frameworks/callable';
import type { Workplace } from '../draft';
import { binomialSize, isDefault, tapsText } from '../filter';
import type { BlurName } from '../imports/blur-name';
import { formatOf } from '../placement/stride';

/** Text around an expression that blurs its value. */
export interface BlurAround {
  readonly before: string;
  readonly after: string;
  readonly name: BlurName;
}

/** An expression that makes a layer. */
export interface BlurLayer {
  readonly text: string;
  readonly name: BlurName;
}

/** How one framework writes a blur with our module. */
export interface BlurWriter {
  /** Our module that the names come from: `blurpool_torch`. */
  readonly template: string;
  /** The name there of what takes a pool's place with the same arguments; null where nothing does. */
  dropIn(pool: Callable): string | null;
  /** Why a pool cannot be replaced, as a full sentence, beside what holds for every framework. */
  poolRefusal(work: Workplace): string | null;
  /** The layer, for containers and attributes; null where only operations on maps are blurred. */
  layer(work: Workplace, stride: string): BlurLayer | null;
  /** Null where only a layer that is kept blurs such maps. */
  around(work: Workplace, stride: string): BlurAround | null;
  /** The filter as a further argument of our names, with a comma before it; empty for the one that they have by themselves. */
  filterArgument(work: Workplace): string;
}

/** `, filter_size=5`, `, taps=[0.1, 0.8, 0.1]`; in options of JavaScript `, filterSize: 5`. */
export function filterArgument({ context: { filter }, isPython }: Workplace): string {
  if (isDefault(filter)) return '';
  const size = binomialSize(filter);
  if (size === null) return isPython ? `, taps=${tapsText(filter)}` : `, taps: ${tapsText(filter)}`;
  return isPython ? `, filter_size=${size}` : `, filterSize: ${size}`;
}

/** The data format where a call names one that is not the default: `, data_format="channels_first"`. */
export function formatArgument(work: Workplace): string {
  const format = formatOf(work);
  return format === null ? '' : `, ${work.isPython ? 'data_format=' : 'dataFormat: '}${format.text}`;
}

/** Image axes of the flagged call. */
export function dimensionsOf({ site, finding }: Workplace): number {
  return site.callable.dimensions || finding.stride.length || 2;
}

/** No reason against replacing a pool. */
export function refusesNoPool(): null {
  return null;
}
