import { focusedElement, tabStops } from '../../app/tab-stops';

/**
 * Keeps Tab inside of a dialog: from its last stop on to the first, and back. The browser's own dialogs let it go on to the window around
 * the frame, where Escape no longer reaches the dialog.
 */
export function keepTabInside(event: KeyboardEvent, dialog: HTMLElement): void {
  if (event.key !== 'Tab') return;
  const stops = tabStops(dialog);
  const focused = focusedElement();
  const to = afterTab(
    stops.findIndex((stop) => stop === focused || stop.shadowRoot?.contains(focused) === true),
    stops.length,
    event.shiftKey,
  );
  if (to === undefined) return;
  event.preventDefault();
  stops[to]?.focus();
}

/** The stop that Tab has to be led to: over the end or the beginning, and from outside; undefined where the browser finds it. */
export function afterTab(from: number, count: number, backwards: boolean): number | undefined {
  if (count === 0) return undefined;
  if (from < 0) return backwards ? count - 1 : 0;
  if (backwards) return from === 0 ? count - 1 : undefined;
  return from === count - 1 ? 0 : undefined;
}
