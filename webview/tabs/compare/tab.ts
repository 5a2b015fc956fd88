import { t } from '@vscode/l10n';
import type { Tab } from '../../app/tab';
import './view';
import { html } from '../../app/templates';

/** The model against fixed copies of itself, and which fix is worth its price. */
export const compareTab: Tab = {
  id: 'compare',
  label: t`Compare`,
  content: ({ mayMeasure }, page) => html`<shiftlint-compare-view .mayMeasure=${mayMeasure} .page=${page}></shiftlint-compare-view>`,
};
