import { binomialFilter, blurFilter, type BlurFilter, widestBinomial } from './filters';

/** A filter for one layer, and what the user should know where it is not the one asked for. */
export interface FittingFilter {
  readonly filter: BlurFilter;
  readonly notes: readonly string[];
}

/** The binomial filter with that many taps, as far as there are such. */
function filterOfLength(taps: number): BlurFilter {
  return binomialFilter(Math.min(Math.max(taps, 1), widestBinomial)) ?? blurFilter('identity');
}

/**
 * The wanted filter, or the narrowest wider one that spans more than one step of `stride`: what lies between two samples
 * must be seen by one of them. Rect-2 at stride 2 and the identity, which proves alignments, are left as they are.
 */
export function filterForStride(wanted: BlurFilter, stride: readonly number[]): FittingFilter {
  const step = Math.ceil(Math.max(...stride));
  if (wanted.name === 'identity' || step <= 2 || wanted.taps.length > step) return { filter: wanted, notes: [] };
  const filter = filterOfLength(step + 1);
  if (filter.taps.length <= wanted.taps.length) return { filter: wanted, notes: [tooNarrow(wanted, step)] };
  const reason = `${filter.label} instead of ${wanted.label}, which is too narrow for a stride of ${step}.`;
  return { filter, notes: filter.taps.length < step ? [reason, tooNarrow(filter, step)] : [reason] };
}

function tooNarrow({ label, taps }: BlurFilter, step: number): string {
  return `${label} spans ${taps.length} samples, so with a stride of ${step} some are never seen: split the stride, or subsample in two layers.`;
}

/**
 * A filter that can be centred where an average-pool's window is: as long as the window at least, of its parity, and no
 * narrower than the wanted one. Undefined where the window is wider than every filter.
 */
export function filterForAverage(wanted: BlurFilter, kernel: readonly number[], stride: readonly number[]): FittingFilter | undefined {
  const windows = kernel.filter((_, axis) => (stride[axis] ?? 1) > 1);
  const length = windows[0] ?? 1;
  if (windows.some((other) => other % 2 !== length % 2)) return undefined;
  const least = Math.max(wanted.taps.length, ...windows, ...stride.map((step) => (step > 2 ? step + 1 : 1)));
  const taps = least % 2 === length % 2 ? least : least + 1;
  if (taps > widestBinomial || Math.max(...windows) > widestBinomial) return undefined;
  if (taps === wanted.taps.length) return { filter: wanted, notes: [] };
  const filter = filterOfLength(taps);
  return {
    filter,
    notes: [`${filter.label} instead of ${wanted.label}, so that its samples are centred where the windows of ${length} were.`],
  };
}
