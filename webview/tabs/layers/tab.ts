import { t } from '@vscode/l10n';
import type { Tab } from '../../app/tab';
import './view';
import { html } from '../../app/templates';

/** Every layer with what was found there. */
export const layersTab: Tab = {
  id: 'layers',
  label: t`Layers`,
  count: (model) => model.findingCount,
  content: (model, { layers, inputs, settings, goal, selected, outcomes, runs: { equivariance } }) =>
    html`<shiftlint-layers-view
      .model=${model}
      .layers=${layers}
      .inputs=${inputs}
      .settings=${settings}
      .goal=${goal}
      .selected=${selected}
      .heatmaps=${outcomes.equivariance.maps?.heatmaps ?? []}
      .areFormer=${equivariance.state === 'finished' && equivariance.stale}
    ></shiftlint-layers-view>`,
};
