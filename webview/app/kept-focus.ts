import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { tabStops } from './tab-stops';

/**
 * Keeps the focus on the page where what had it goes away: the button of a finding that is fixed, or one that becomes another. The next
 * stop of the keyboard after that place gets it, so that nobody is thrown back to the beginning.
 */
export class KeptFocus implements ReactiveController {
  /** The element that had the focus last with all around it, innermost first. */
  private way: readonly Element[] = [];
  private attached = new AbortController();

  constructor(private readonly host: ReactiveControllerHost & HTMLElement) {
    host.addController(this);
  }

  hostConnected(): void {
    this.attached = new AbortController();
    const { signal } = this.attached;
    this.host.addEventListener(
      'focusin',
      (event) => {
        this.way = event.composedPath().filter((target) => target instanceof Element);
      },
      { signal },
    );
    for (const kind of ['click', 'keyup'])
      this.host.addEventListener(
        kind,
        () => {
          this.look();
        },
        { signal },
      );
    // What went away while the focus was elsewhere in the editor is missed once it is back.
    window.addEventListener(
      'focus',
      () => {
        this.look();
      },
      { signal },
    );
  }

  hostDisconnected(): void {
    this.attached.abort();
  }

  hostUpdated(): void {
    this.look();
  }

  /** Components below are drawn within the frame. */
  private look(): void {
    requestAnimationFrame(() => {
      if (document.hasFocus() && document.activeElement === document.body && this.isLost) stopNear(this.way)?.focus();
    });
  }

  private get isLost(): boolean {
    const [last] = this.way;
    return last !== undefined && !isThere(last);
  }
}

/** The stop after what is still there of a way, as near to it as there is one; before it where none comes after. */
function stopNear(way: readonly Element[]): HTMLElement | SVGElement | undefined {
  let inner: Element | null = null;
  for (const around of way.filter(isThere)) {
    const stops = [...(around.shadowRoot === null ? [] : tabStops(around.shadowRoot)), ...tabStops(around)];
    const place = inner;
    const next = stops.find((stop) => place === null || follows(stop, place));
    if (next !== undefined) return next;
    if (stops.length > 0) return stops.at(-1);
    inner = around;
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
