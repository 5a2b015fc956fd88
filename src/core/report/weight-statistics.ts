/** What the numbers of a weight come to. */
export interface ValueStatistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Standard deviation of all of them, not of a sample. */
  readonly deviation: number;
  /** Share that is exactly 0. */
  readonly zeros: number;
  /** How many are infinite or no numbers; the other figures leave these out. */
  readonly notFinite: number;
}

/** Numbers that are added up one by one, so that their sum loses no more digits than it must (Welford). */
export class RunningStatistics {
  private count = 0;
  private zeroCount = 0;
  private notFinite = 0;
  private min = Infinity;
  private max = -Infinity;
  private mean = 0;
  private squares = 0;

  add(values: ArrayLike<number>): void {
    for (let index = 0; index < values.length; index++) {
      const value = values[index] ?? Number.NaN;
      if (!Number.isFinite(value)) {
        this.notFinite++;
        continue;
      }
      this.count++;
      if (value === 0) this.zeroCount++;
      if (value < this.min) this.min = value;
      if (value > this.max) this.max = value;
      const distance = value - this.mean;
      this.mean += distance / this.count;
      this.squares += distance * (value - this.mean);
    }
  }

  /** Null where there was no finite number. */
  get result(): ValueStatistics | null {
    const { count, min, max, mean, squares, zeroCount, notFinite } = this;
    return count === 0 ? null : { min, max, mean, deviation: Math.sqrt(squares / count), zeros: zeroCount / count, notFinite };
  }
}
