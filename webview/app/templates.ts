import { html as litHtml, svg as litSvg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { visibleText } from '../../src/panel-protocol/core/visible-text';

/**
 * The page's only templates: text that is put into them, in places of text and of attributes, is shown as `visibleText` shows
 * it, so that no name of a file turns the direction of what stands beside it, hides in it, or breaks it. Properties of
 * elements get what they are given.
 */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): TemplateResult {
  return litHtml(strings, ...shownValues(strings, values));
}

/** The same for what is drawn. */
export function svg(strings: TemplateStringsArray, ...values: readonly unknown[]): SVGTemplateResult {
  return litSvg(strings, ...shownValues(strings, values));
}

/** A binding of a property, `.value=${…}`, or of an event. */
const notShown = /[\s"'][.@][\w-]+=["']?$/;

function shownValues(strings: TemplateStringsArray, values: readonly unknown[]): readonly unknown[] {
  return values.map((value, index) => (notShown.test(strings[index] ?? '') ? value : shown(value)));
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return visibleText(value);
  return Array.isArray(value) ? value.map(shown) : value;
}
