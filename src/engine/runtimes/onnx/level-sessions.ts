/** What a session of a level gives. */
export interface SessionKey {
  readonly level: number;
  /** Whether it is for large batches. */
  readonly large: boolean;
  /** The results that it was written for; all of the level's maps where undefined. */
  readonly results: string | undefined;
}

interface HeldSession<Session> extends SessionKey {
  readonly opened: Promise<Session>;
  /** Bytes of the weights that it holds. */
  readonly weightBytes: number;
  /** Whether the call at hand has asked for it. */
  isInUse: boolean;
}

/** Bytes of weights that may be held once more, so that the next image need not wait for sessions that were open before. */
const spareBytes = 64 * 2 ** 20;

/**
 * The open sessions of a model's levels. All that a level gives is wanted for the unshifted image alone where sums are taken later: as
 * these are asked for, its first sessions are closed unless their weights are small, and so are those that only an earlier call had a use
 * for. So the weights of a level are held twice at most.
 */
export class LevelSessions<Session extends { readonly session: { release(): Promise<void> } }> {
  private held: HeldSession<Session>[] = [];

  /** @param weightBytesOf bytes of a level's weights */
  constructor(private readonly weightBytesOf: (level: number) => number) {}

  /** The session for a key; opened where there is none yet. */
  async get(key: SessionKey, open: () => Promise<Session>): Promise<Session> {
    const { level, large, results } = key;
    const known = this.held.find((held) => held.level === level && held.large === large && held.results === results);
    const wanted = known ?? { opened: this.opening(key, open), weightBytes: this.weightBytesOf(level), isInUse: true, ...key };
    wanted.isInUse = true;
    if (known === undefined) this.held.push(wanted);
    else if (results !== undefined) await this.closeOthers(key);
    return wanted.opened;
  }

  /** A call is over. */
  endCall(): void {
    for (const held of this.held) held.isInUse = false;
  }

  async dispose(): Promise<void> {
    await this.close(() => true);
  }

  private async opening(key: SessionKey, open: () => Promise<Session>): Promise<Session> {
    if (key.results !== undefined) await this.closeOthers(key);
    return open();
  }

  private closeOthers({ level, results }: SessionKey): Promise<void> {
    return this.close(
      (held) => held.level === level && held.results !== results && (held.results === undefined ? !this.maySpare(held) : !held.isInUse),
    );
  }

  /** Whether a session for the unshifted image may stay, beside those that were opened before it. */
  private maySpare(session: HeldSession<Session>): boolean {
    const unshifted = this.held.filter(({ results }) => results === undefined);
    const before = unshifted.slice(0, unshifted.indexOf(session) + 1);
    return before.reduce((sum, { weightBytes }) => sum + weightBytes, 0) <= spareBytes;
  }

  private async close(isClosed: (held: HeldSession<Session>) => boolean): Promise<void> {
    const closed = this.held.filter(isClosed);
    this.held = this.held.filter((held) => !isClosed(held));
    // A session may serve large batches too, where its level has no other form for them.
    const opened = await Promise.allSettled(closed.map((held) => held.opened));
    const sessions = new Set(opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value.session] : [])));
    for (const session of sessions) await session.release();
  }
}
