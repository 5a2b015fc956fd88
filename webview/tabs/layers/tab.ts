import { html } from 'lit';
import type { Tab } from '../../app/tab';
import './view';

/** Every layer with what was found there. */
export const layersTab: Tab = {
  id: 'layers',
  label: 'Layers',
  count: (model) => model.layers.filter(({ finding }) => finding !== null).length,
  content: (model, { settings }) => html`<shiftlint-layers-view .model=${model} .settings=${settings}></shiftlint-layers-view>`,
};
