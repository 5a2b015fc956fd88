import { panelTabs, type PanelTab } from '../../src/panel-protocol/tabs';
import { compareTab } from '../tabs/compare/tab';
import { consistencyTab } from '../tabs/consistency/tab';
import { equivarianceTab } from '../tabs/equivariance/tab';
import { graphTab } from '../tabs/graph/tab';
import { layersTab } from '../tabs/layers/tab';
import type { Tab } from './tab';

const table: Readonly<Record<PanelTab, Tab>> = {
  layers: layersTab,
  equivariance: equivarianceTab,
  consistency: consistencyTab,
  compare: compareTab,
  graph: graphTab,
};

/** The tabs in order. */
export const tabs: readonly Tab[] = panelTabs.map((id) => table[id]);
