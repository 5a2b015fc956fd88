import type { TemplateResult } from 'lit';
import { html } from '../../app/templates';

/** A long path of scopes is broken between them. */
export function breakable(name: string): TemplateResult {
  return html`${name.split(/(?<=\/)/).map((scope) => html`${scope}<wbr />`)}`;
}
