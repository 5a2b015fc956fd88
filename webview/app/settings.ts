import { type ColourMapName, colourMaps, defaultColourMap } from '../../src/panel-protocol/core/colour-map';
import { scaleChoices, type ScaleChoice } from '../../src/panel-protocol/core/value-scale';
import { type PanelTab, panelTabs } from '../../src/panel-protocol/tabs';
import { columnIds, defaultTable, sortKeys, type TableSettings } from '../tabs/layers/columns';
import { mapChoices, mapOrders, type MapSettings } from '../tabs/equivariance/arrangement';

/** What the user has chosen on the page; kept while the panel is hidden and over a restart of the editor. */
export interface Settings extends MapSettings, TableSettings {
  readonly tab: PanelTab;
  readonly filter: string;
  readonly onlyFindings: boolean;
  readonly colourMap: ColourMapName;
  readonly scale: ScaleChoice;
  /** Groups of the drawn network that are open; none before it was drawn. */
  readonly openGroups: readonly string[];
}

/** What a page starts with. */
export const defaultSettings: Settings = {
  tab: 'layers',
  filter: '',
  onlyFindings: false,
  colourMap: defaultColourMap.name,
  scale: scaleChoices[0],
  mapChoice: mapChoices[0],
  mapOrder: mapOrders[0],
  mapSearch: '',
  openGroups: [],
  ...defaultTable,
};

/** Settings out of what the editor kept; whatever is missing or was written by another version takes its default. */
export function settingsFrom(kept: unknown): Settings {
  const values: Readonly<Record<string, unknown>> = typeof kept === 'object' && kept !== null ? { ...kept } : {};
  const choice = <Choice extends string>(value: unknown, choices: readonly Choice[], fallback: Choice): Choice =>
    choices.find((candidate) => candidate === value) ?? fallback;
  const { filter, mapSearch: search, layerColumns: chosen, openGroups: open } = values;
  return {
    tab: choice(values['tab'], panelTabs, defaultSettings.tab),
    filter: typeof filter === 'string' ? filter : defaultSettings.filter,
    onlyFindings: values['onlyFindings'] === true,
    colourMap: choice(
      values['colourMap'],
      colourMaps.map(({ name }) => name),
      defaultSettings.colourMap,
    ),
    mapChoice: choice(values['mapChoice'], mapChoices, defaultSettings.mapChoice),
    mapOrder: choice(values['mapOrder'], mapOrders, defaultSettings.mapOrder),
    mapSearch: typeof search === 'string' ? search : defaultSettings.mapSearch,
    layerColumns: Array.isArray(chosen) ? columnIds.filter((id) => chosen.includes(id)) : defaultSettings.layerColumns,
    layerSort: choice(values['layerSort'], sortKeys, defaultSettings.layerSort),
    layerSortDown: values['layerSortDown'] === true,
    scale: choice(values['scale'], scaleChoices, defaultSettings.scale),
    openGroups: Array.isArray(open) ? open.filter((id) => typeof id === 'string') : defaultSettings.openGroups,
  };
}
