import { t } from '@vscode/l10n';
import { css, nothing, type TemplateResult } from 'lit';
import { html } from '../app/templates';

/** Looks of the remarks; every view that shows them takes these in. */
export const remarkStyles = css`
  details {
    margin-top: 8px;
  }
  summary {
    width: fit-content;
    cursor: pointer;
  }
  details ul {
    margin: 4px 0 0;
    padding-inline-start: 28px;
    line-height: 1.5;
  }
`;

/** A list that can be folded away; nothing where it is empty. */
export function remarks(heading: string, list: readonly (string | TemplateResult)[], open: boolean): TemplateResult | typeof nothing {
  if (list.length === 0) return nothing;
  return html`
    <details ?open=${open}>
      <summary>${t`${heading} (${list.length})`}</summary>
      <ul>
        ${list.map((remark) => html`<li>${remark}</li>`)}
      </ul>
    </details>
  `;
}
