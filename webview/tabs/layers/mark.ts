import '@vscode-elements/elements/dist/vscode-icon/index.js';
import { t } from '@vscode/l10n';
import { css, type TemplateResult } from 'lit';
import type { LayerMark } from '../../../src/panel-protocol/model';
import { html } from '../../app/templates';

/** Looks of the marks; the view that shows them takes these in. */
export const markStyles = css`
  .mark {
    display: inline-flex;
    align-items: center;
    gap: 3px;
    margin-inline-start: 8px;
    padding: 0 6px;
    border: 1px solid var(--vscode-charts-green);
    border-radius: 9px;
    font-family: var(--vscode-font-family);
    font-size: 0.85em;
    white-space: nowrap;
  }
  tr.inserted td:first-child {
    box-shadow: inset 3px 0 var(--vscode-charts-green);
  }
`;

const marks: Readonly<Record<LayerMark, { readonly text: string; readonly icon: string; readonly title: string }>> = {
  inserted: { text: t`inserted`, icon: 'add', title: t`A fix has put this layer in.` },
  fixed: { text: t`fixed`, icon: 'check', title: t`A fix has moved the stride of this layer into a blur.` },
};

/** Says beside a layer's name what fixes have made of it. */
export function markBadge(mark: LayerMark): TemplateResult {
  const { text, icon, title } = marks[mark];
  return html`<span class="mark" title=${title}><vscode-icon name=${icon} size="12" aria-hidden="true"></vscode-icon>${text}</span>`;
}
