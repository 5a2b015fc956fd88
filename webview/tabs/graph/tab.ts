import { t } from '@vscode/l10n';
import type { Tab } from '../../app/tab';
import { html } from '../../app/templates';
import './view';

/** The network as a drawing. */
export const graphTab: Tab = {
  id: 'graph',
  label: t`Graph`,
  content: (_model, page) => html`<shiftlint-graph-view .page=${page}></shiftlint-graph-view>`,
};
