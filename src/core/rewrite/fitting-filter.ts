import { t } from '@vscode/l10n';
import { binomialOfLength, type BlurFilter } from './filters';
import { samplesSeen } from './low-pass';

/** A filter for one layer, and what the user should know where it is not the one asked for. */
export interface FittingFilter {
  readonly filter: BlurFilter;
  readonly notes: readonly string[];
}

/** Wider blurs cost more than the layers that they stand behind. */
const mostTaps = 33;

/** The narrowest binomial filter of one parity, of `least` taps or more, that sees more than `step` samples, if any does. */
function narrowest(least: number, parity: number, step: number): BlurFilter | undefined {
  for (let taps = least % 2 === parity ? least : least + 1; taps <= mostTaps; taps += 2) {
    const filter = binomialOfLength(taps);
    if (samplesSeen(filter.taps) > step) return filter;
  }
  return undefined;
}

/**
 * The wanted filter, or the narrowest wider one with a middle sample, which stays where the strided layer's sample stood, that spans
 * more than one step of `stride`: what lies between two samples must be seen by one of them. The identity, which proves alignments, is
 * left as it is. Undefined for strides beyond every filter.
 */
export function filterForStride(wanted: BlurFilter, stride: readonly number[]): FittingFilter | undefined {
  const step = Math.ceil(Math.max(...stride));
  if (wanted.name === 'identity' || step <= 1) return { filter: wanted, notes: [] };
  const filter = narrowest(Math.max(wanted.taps.length, step), 1, step);
  if (filter === undefined || filter.taps.length === wanted.taps.length) return filter && { filter: wanted, notes: [] };
  const isNarrow = step > 2 && wanted.taps.length <= step;
  const note = isNarrow
    ? t`${filter.label} instead of ${wanted.label}, which is too narrow for a stride of ${step}.`
    : t`${filter.label} instead of ${wanted.label}, which has no middle sample, so that the map would move by half of one.`;
  return { filter, notes: [note] };
}

/**
 * A filter that can be centred where an average-pool's window is: as long as the window at least, of its parity, and no
 * narrower than the wanted one. Undefined where the window is wider than every filter.
 */
export function filterForAverage(wanted: BlurFilter, kernel: readonly number[], stride: readonly number[]): FittingFilter | undefined {
  const windows = kernel.filter((_, axis) => (stride[axis] ?? 1) > 1);
  const length = windows[0] ?? 1;
  if (windows.some((other) => other % 2 !== length % 2)) return undefined;
  const step = Math.max(...stride);
  const filter = narrowest(Math.max(wanted.taps.length, ...windows), length % 2, step > 2 ? step : step - 1);
  if (filter === undefined || filter.taps.length === wanted.taps.length) return filter && { filter: wanted, notes: [] };
  return {
    filter,
    notes: [t`${filter.label} instead of ${wanted.label}, so that its samples are centred where the windows of ${length} were.`],
  };
}
