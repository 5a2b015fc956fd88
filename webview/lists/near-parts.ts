import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Tells which parts of a long table are near the screen, so that only those have rows and thousands are as light as those in sight. A part
 * is an element with its number in `data-part`; one that is not near keeps the height that it had.
 */
export class NearParts implements ReactiveController {
  private near: ReadonlySet<number> = new Set([0]);
  private readonly heights = new Map<number, number>();
  private readonly watcher = new IntersectionObserver(
    (entries) => {
      this.look(entries);
    },
    // The frame's own document: margins round the whole window count for nothing in a frame of another origin.
    { root: document, rootMargin: '800px' },
  );
  private watched: ReadonlySet<Element> = new Set();

  constructor(private readonly host: ReactiveControllerHost & { readonly renderRoot: ParentNode }) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.watcher.disconnect();
    this.watched = new Set();
  }

  hostUpdated(): void {
    const parts = new Set(this.host.renderRoot.querySelectorAll<HTMLElement>('[data-part]'));
    for (const part of this.watched) if (!parts.has(part as HTMLElement)) this.watcher.unobserve(part);
    for (const part of parts) if (!this.watched.has(part)) this.watcher.observe(part);
    this.watched = parts;
  }

  isNear(part: number): boolean {
    return this.near.has(part);
  }

  /** CSS pixels that a part took when it was last near. */
  heightOf(part: number): number | undefined {
    return this.heights.get(part);
  }

  /** To be called when other rows stand in the parts. */
  forgetHeights(): void {
    this.heights.clear();
  }

  private look(entries: readonly IntersectionObserverEntry[]): void {
    const near = new Set(this.near);
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      // In a tab that is not in front nothing has a size, and everything stays as it is.
      if (boundingClientRect.width === 0) continue;
      const part = Number((target as HTMLElement).dataset['part']);
      if (isIntersecting) near.add(part);
      else if (near.delete(part)) this.heights.set(part, boundingClientRect.height);
    }
    if (near.size === this.near.size && [...near].every((part) => this.near.has(part))) return;
    this.near = near;
    this.host.requestUpdate();
  }
}
