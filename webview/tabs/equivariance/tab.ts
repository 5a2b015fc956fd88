import type { Tab } from '../../app/tab';
import './view';
import { html } from '../../app/templates';

/** The heatmaps. */
export const equivarianceTab: Tab = {
  id: 'equivariance',
  label: 'Equivariance',
  content: ({ mayMeasure }, page) =>
    html`<shiftlint-equivariance-view .mayMeasure=${mayMeasure} .page=${page}></shiftlint-equivariance-view>`,
};
