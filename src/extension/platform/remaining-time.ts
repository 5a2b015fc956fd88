/** Less than this says little of the rest: a first step may have found everything cold, or cached. */
const leastMs = 2000;
const leastShare = 0.02;

/**
 * How long a piece of work still takes, from the shares that it reports: these are of known work, such as multiply-adds, so that the rest
 * goes on as what was done did. The time before the first share is not counted: a model is loaded then.
 */
export class RemainingTime {
  private first: { readonly done: number; readonly at: number } | undefined;
  private latest = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @param done share of the work, 0 to 1 @returns milliseconds; undefined while they cannot be told */
  after(done: number): number | undefined {
    // Work that begins anew, on another device say, is timed anew.
    if (done < this.latest) this.first = undefined;
    this.latest = done;
    if (done <= 0) return undefined;
    const at = this.now();
    this.first ??= { done, at };
    const elapsed = at - this.first.at;
    const share = done - this.first.done;
    return elapsed < leastMs || share < leastShare ? undefined : ((1 - done) * elapsed) / share;
  }
}
