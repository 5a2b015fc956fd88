import { t } from '@vscode/l10n';
import type { Tab } from '../../app/tab';
import './view';
import { html } from '../../app/templates';

/** The heatmaps. */
export const equivarianceTab: Tab = {
  id: 'equivariance',
  label: t`Equivariance`,
  content: ({ mayMeasure }, page) =>
    html`<shiftlint-equivariance-view .mayMeasure=${mayMeasure} .page=${page}></shiftlint-equivariance-view>`,
};
