/** What the keyboard reaches one by one. */
const tabStop = 'a[href], button, input, select, textarea, summary, [tabindex]';

/** The element that has the focus, however deep in shadow roots. */
export function focusedElement(): (Element & HTMLOrSVGElement) | null {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused instanceof HTMLElement || focused instanceof SVGElement ? focused : null;
}

/** In the order of the page, shadow roots below included; of radio buttons that belong together the one that is chosen. */
export function tabStops(root: ParentNode): readonly (HTMLElement | SVGElement)[] {
  return [...root.querySelectorAll<HTMLElement | SVGElement>('*')].flatMap((element) => {
    if (isStop(element)) return [element];
    return element.shadowRoot === null ? [] : tabStops(element.shadowRoot);
  });
}

function isStop(element: HTMLElement | SVGElement): boolean {
  if (!element.matches(tabStop) || element.tabIndex < 0 || element.matches(':disabled, [disabled]') || !element.checkVisibility())
    return false;
  return !(element instanceof HTMLInputElement && element.type === 'radio') || element.checked;
}
