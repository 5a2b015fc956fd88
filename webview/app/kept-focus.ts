import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { focusedElement, tabStops } from './tab-stops';

/**
 * Keeps the focus on the page where what had it goes away: the button of a finding that is fixed, or one that becomes another. The next
 * stop of the keyboard after that place gets it, so that nobody is thrown back to the beginning.
 */
export class KeptFocus implements ReactiveController {
  /** The element that had the focus last with all around it, innermost first. */
  private way: readonly Element[] = [];
  private attached = new AbortController();

  constructor(host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    this.attached = new AbortController();
    const { signal } = this.attached;
    // Heard before whoever takes the pressed element away; a change of the focus within a shadow root is not heard outside of it.
    for (const kind of ['keydown', 'click']) window.addEventListener(kind, this.remember, { capture: true, signal });
    // What went away while the focus was elsewhere in the editor is missed once it is back.
    for (const kind of ['keyup', 'click', 'focus']) window.addEventListener(kind, this.look, { signal });
  }

  hostDisconnected(): void {
    this.attached.abort();
  }

  hostUpdate(): void {
    this.remember();
  }

  hostUpdated(): void {
    this.look();
  }

  private readonly remember = (): void => {
    const focused = focusedElement();
    if (focused !== null && focused !== document.body) this.way = withAllAround(focused);
  };

  /** Components below are drawn within the frame. */
  private readonly look = (): void => {
    requestAnimationFrame(() => {
      if (document.hasFocus() && document.activeElement === document.body && this.isLost) stopNear(this.way)?.focus();
    });
  };

  private get isLost(): boolean {
    const [last] = this.way;
    return last !== undefined && !isThere(last);
  }
}

/** An element and those that it is part of, out of all shadow roots. */
function withAllAround(element: Element): readonly Element[] {
  const way: Element[] = [];
  for (let at: Element | null = element; at !== null; at = around(at)) way.push(at);
  return way;
}

function around(element: Element): Element | null {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

/** The stop after what is still there of a way, as near to it as there is one; before it where none comes after. */
function stopNear(way: readonly Element[]): HTMLElement | SVGElement | undefined {
  let inner: Element | null = null;
  for (const outer of way.filter(isThere)) {
    const stops = [...(outer.shadowRoot === null ? [] : tabStops(outer.shadowRoot)), ...tabStops(outer)];
    const place = inner;
    const next = stops.find((stop) => place === null || follows(stop, place));
    if (next !== undefined) return next;
    if (stops.length > 0) return stops.at(-1);
    inner = outer;
  }
  return undefined;
}

function isThere(element: Element): boolean {
  return element.isConnected && element.checkVisibility();
}

/** Whether an element, or what it is part of, stands after another in the page. */
function follows(element: Element, place: Element): boolean {
  let outer = element;
  for (let root = outer.getRootNode(); root !== place.getRootNode(); root = outer.getRootNode()) {
    if (!(root instanceof ShadowRoot)) return false;
    outer = root.host;
  }
  return (place.compareDocumentPosition(outer) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}
