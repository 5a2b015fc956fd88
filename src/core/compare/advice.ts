/** What fixing one finding alone was measured to gain. */
export interface MeasuredGain {
  readonly layer: string;
  /** Mean equivariance of the last spatial layer, after less before. */
  readonly equivariance: number;
  /** Consistency over the images, after less before; null without images. */
  readonly consistency: number | null;
  /** More multiply-adds as a share of the model's; null where the model leaves its image size open. */
  readonly multiplyAddShare: number | null;
}

/** A gain with its place in the ranking. */
export type RankedGain<Gain extends MeasuredGain = MeasuredGain> = Gain & {
  /** Equivariance gained per share of multiply-adds added; null where that is free or unknown. */
  readonly gainPerMultiplyAdd: number | null;
};

/**
 * Orders fixes by what they gain per extra multiply-add. Fixes that gain and cost nothing come first, those that gain nothing
 * last, by their loss.
 */
export function rankGains<Gain extends MeasuredGain>(gains: readonly Gain[]): readonly RankedGain<Gain>[] {
  return gains
    .map((gain) => ({ gain, worth: worth(gain) }))
    .sort((a, b) => compareWorth(b, a))
    .map(({ gain, worth: value }) => ({
      ...gain,
      gainPerMultiplyAdd: Number.isFinite(value) && (gain.multiplyAddShare ?? 0) > 0 ? value : null,
    }));
}

function worth({ equivariance, multiplyAddShare }: MeasuredGain): number {
  if (equivariance <= 0) return equivariance;
  return multiplyAddShare === null || multiplyAddShare <= 0 ? Number.POSITIVE_INFINITY : equivariance / multiplyAddShare;
}

function compareWorth(
  a: { readonly gain: MeasuredGain; readonly worth: number },
  b: { readonly gain: MeasuredGain; readonly worth: number },
): number {
  return a.worth === b.worth ? a.gain.equivariance - b.gain.equivariance : a.worth - b.worth;
}

/**
 * The best fixes whose price together stays within a share of the model's multiply-adds. Gains are those of each fix alone:
 * together they are neither their sum nor less than the best of them, so the choice is to be measured as a whole.
 *
 * @param within 0.1 for 10 % more multiply-adds
 */
export function bestWithin(gains: readonly MeasuredGain[], within: number): readonly MeasuredGain[] {
  const useful = gains.filter(({ equivariance, multiplyAddShare }) => equivariance > 0 && multiplyAddShare !== null);
  const free = useful.filter(({ multiplyAddShare }) => (multiplyAddShare ?? 0) <= 0);
  const paid = useful.filter(({ multiplyAddShare }) => (multiplyAddShare ?? 0) > 0);
  const budget = within - free.reduce((sum, { multiplyAddShare }) => sum + (multiplyAddShare ?? 0), 0);
  return [...free, ...(paid.length <= exhaustiveCount ? bestSubset(paid, budget) : greedy(paid, budget))];
}

/** All subsets of so many fixes are looked through; of more, those of most gain per multiply-add are taken while they fit. */
const exhaustiveCount = 16;

function bestSubset(gains: readonly MeasuredGain[], budget: number): readonly MeasuredGain[] {
  let best: readonly MeasuredGain[] = [];
  let bestGain = 0;
  for (let mask = 1; mask < 1 << gains.length; mask++) {
    const chosen = gains.filter((_, index) => (mask & (1 << index)) !== 0);
    const gain = chosen.reduce((sum, { equivariance }) => sum + equivariance, 0);
    const price = chosen.reduce((sum, { multiplyAddShare }) => sum + (multiplyAddShare ?? 0), 0);
    if (price <= budget && gain > bestGain) [best, bestGain] = [chosen, gain];
  }
  return best;
}

function greedy(gains: readonly MeasuredGain[], budget: number): readonly MeasuredGain[] {
  let left = budget;
  return rankGains(gains).filter(({ multiplyAddShare }) => {
    const fits = (multiplyAddShare ?? 0) <= left;
    if (fits) left -= multiplyAddShare ?? 0;
    return fits;
  });
}
