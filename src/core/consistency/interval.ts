/** A share with the bounds of its 95 % interval, each in [0, 1]. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Successes among the trials of one cluster; trials of one image are alike, so images are the clusters. */
export interface Cluster {
  readonly successes: number;
  readonly trials: number;
}

/** How many clusters are alike. */
export interface CountedCluster extends Cluster {
  readonly count: number;
}

/** Two-sided 95 % point of the normal distribution. */
const z = 1.959963984540054;

/**
 * Share of successes with a 95 % interval by Wilson's score (1927), taken at the effective number of trials: trials of one
 * cluster resemble each other, so m of them in each of k clusters count as `m k / (1 + (m - 1) rho)` (Kish's design effect),
 * with the intraclass correlation rho estimated by the analysis of variance. A single cluster tells nothing of others; its
 * interval is that of its own trials.
 *
 * @returns undefined without a trial
 */
export function shareOf(clusters: readonly Cluster[]): Share | undefined {
  const counts = new ClusterCounts();
  for (const cluster of clusters) counts.add(cluster);
  return shareOfCounts(counts.all());
}

/** Counts clusters that are alike, which are few however many clusters there are. */
export class ClusterCounts {
  private readonly counts = new Map<string, CountedCluster>();

  add({ successes, trials }: Cluster): void {
    const key = `${successes}/${trials}`;
    this.counts.set(key, { successes, trials, count: (this.counts.get(key)?.count ?? 0) + 1 });
  }

  /** In an order that is that of no folder. */
  all(): readonly CountedCluster[] {
    return [...this.counts.values()].sort((a, b) => a.trials - b.trials || a.successes - b.successes);
  }
}

/** The same as `shareOf`, of clusters that have been counted. */
export function shareOfCounts(clusters: readonly CountedCluster[]): Share | undefined {
  const counted = clusters.filter(({ trials }) => trials > 0);
  const trials = sum(counted, (cluster) => cluster.trials);
  if (trials === 0) return undefined;
  const value = sum(counted, (cluster) => cluster.successes) / trials;
  return { value, ...wilson(value, effectiveTrials(counted, trials, value)) };
}

/** Wilson's bounds for a share seen in `trials` independent trials. */
export function wilson(value: number, trials: number): { readonly low: number; readonly high: number } {
  const square = (z * z) / trials;
  const centre = (value + square / 2) / (1 + square);
  const half = (z / (1 + square)) * Math.sqrt((value * (1 - value)) / trials + square / (4 * trials));
  // At the ends the bound is exact but for rounding.
  return { low: value === 0 ? 0 : Math.max(0, centre - half), high: value === 1 ? 1 : Math.min(1, centre + half) };
}

function effectiveTrials(clusters: readonly CountedCluster[], trials: number, value: number): number {
  const count = sum(clusters, () => 1);
  if (count === 1) return trials;
  const squares = sum(clusters, (cluster) => cluster.trials ** 2);
  // Mean size of a cluster as the analysis of variance weighs it.
  const size = (trials - squares / trials) / (count - 1);
  if (size <= 1 || trials === count) return trials;
  const between = sum(clusters, (cluster) => cluster.trials * (cluster.successes / cluster.trials - value) ** 2) / (count - 1);
  const within = sum(clusters, ({ successes, trials: own }) => (successes * (own - successes)) / own) / (trials - count);
  const spread = between + (size - 1) * within;
  // Without any spread nothing is known of the correlation: the cautious reading is that an image is one trial.
  const correlation = spread === 0 ? 1 : Math.min(1, Math.max(0, (between - within) / spread));
  return trials / (1 + (squares / trials - 1) * correlation);
}

/** Over all clusters, those that are alike included. */
function sum(clusters: readonly CountedCluster[], value: (cluster: Cluster) => number): number {
  return clusters.reduce((total, cluster) => total + cluster.count * value(cluster), 0);
}
