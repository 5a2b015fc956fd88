import { t } from '@vscode/l10n';
import type { Tab } from '../../app/tab';
import './view';
import { html } from '../../app/templates';

/** How often shifted copies of one image get the same class. */
export const consistencyTab: Tab = {
  id: 'consistency',
  label: t`Consistency`,
  content: ({ mayMeasure }, page) =>
    html`<shiftlint-consistency-view .mayMeasure=${mayMeasure} .page=${page}></shiftlint-consistency-view>`,
};
