import { t } from '@vscode/l10n';
import type { TemplateResult } from 'lit';
import { post } from './host';
import { html } from './templates';

/** The name of a rule, which opens its documentation. */
export function ruleLink(rule: string): TemplateResult {
  return html`
    <button
      class="link code"
      title=${t`Open the rule's documentation`}
      @click=${() => {
        post({ kind: 'open-docs', rule });
      }}
    >
      ${rule}
    </button>
  `;
}
