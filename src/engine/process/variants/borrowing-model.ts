import type { CircularModel, SummedRun, TensorBatch } from '../../../core/equivariance/walk/circular-model';

/** A copy of an opened model: levels that the two have alike are run by the original, so that their weights are held once. */
export class BorrowingModel implements CircularModel {
  private opened: Promise<CircularModel> | undefined;

  /**
   * @param lent index of the original's level, by that of the copy's
   * @param open opens the copy for all other levels, when first needed
   */
  constructor(
    private readonly original: CircularModel,
    private readonly lent: ReadonlyMap<number, number>,
    private readonly open: () => Promise<CircularModel>,
  ) {}

  async runLevel(level: number, feeds: ReadonlyMap<string, TensorBatch>): Promise<ReadonlyMap<string, TensorBatch>> {
    const lent = this.lent.get(level);
    if (lent !== undefined) return this.original.runLevel(lent, feeds);
    this.opened ??= this.open();
    return (await this.opened).runLevel(level, feeds);
  }

  get runSums(): SummedRun | undefined {
    const { runSums } = this.original;
    if (runSums === undefined) return undefined;
    return async (level, feeds, wanted) => {
      const lent = this.lent.get(level);
      if (lent !== undefined) return runSums(lent, feeds, wanted);
      this.opened ??= this.open();
      const opened = await this.opened;
      return opened.runSums?.(level, feeds, wanted) ?? { maps: await opened.runLevel(level, feeds), sums: new Map() };
    };
  }

  /** Leaves the original open. */
  async dispose(): Promise<void> {
    const [opened] = await Promise.allSettled([this.opened]);
    if (opened.status === 'fulfilled') await opened.value?.dispose();
  }
}
