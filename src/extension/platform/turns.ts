/** Other extensions, and the user's typing, wait no longer than this for something long that is made. */
const turnMs = 4;

/** Divides long work on the host's thread into turns of its loop. */
export class Turns {
  private start = performance.now();

  /** Gives the thread to others where this turn has taken its time; true where it did, so that things may have changed. */
  async pause(): Promise<boolean> {
    if (performance.now() - this.start <= turnMs) return false;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.start = performance.now();
    return true;
  }
}
