import { describe, expect, it } from 'vitest';
import { textbookLayer } from '../../../src/panel-protocol/core/explain';
import type { LayerRow } from '../../../src/panel-protocol/model';
import { matchingLayers } from '../../../webview/tabs/layers/filter';
import { defaultSettings, settingsFrom } from '../../../webview/app/settings';

describe('kept settings', () => {
  it('come back as they were', () => {
    const kept = {
      tab: 'equivariance',
      filter: 'pool',
      onlyFindings: true,
      colourMap: 'paper',
      scale: 'log',
      mapChoice: 'all',
      mapOrder: 'loss',
      mapSearch: 'conv',
      layerColumns: ['stride', 'field'],
      layerSort: 'field',
      layerSortDown: true,
      openGroups: ['0-12', '4-9'],
    };
    expect(settingsFrom(structuredClone(kept))).toEqual(kept);
  });

  it.each([
    undefined,
    null,
    'text',
    7,
    {},
    {
      tab: 'gone',
      filter: 3,
      onlyFindings: 'yes',
      colourMap: null,
      scale: [],
      mapChoice: 'lowest',
      mapOrder: 1,
      mapSearch: {},
      layerColumns: 'stride',
      layerSort: 'gone',
      layerSortDown: 1,
      openGroups: 'all',
    },
  ])('are the defaults where %j was kept', (kept) => {
    expect(settingsFrom(kept)).toEqual(defaultSettings);
  });
});

describe('filter of the layers', () => {
  const row = (name: string, op: string, rule?: string): LayerRow => ({
    layer: `node_${name}`,
    label: name,
    node: `node_${name}`,
    tensor: `${name}:0`,
    op,
    shape: '1 × 8',
    stride: null,
    cumulativeStride: null,
    receptiveField: null,
    parameters: 0,
    multiplyAdds: null,
    mark: null,
    finding:
      rule === undefined
        ? null
        : {
            rule,
            severity: 'warning',
            message: '',
            docsUrl: '',
            explained: textbookLayer,
            notFixable: null,
            fixNotes: [],
            price: null,
            aliasedEnergy: null,
          },
  });
  const layers = [row('conv1', 'Conv', 'strided-conv'), row('relu1', 'Relu'), row('pool1', 'MaxPool', 'strided-max-pool')];

  it.each([
    ['', false, ['conv1', 'relu1', 'pool1']],
    ['', true, ['conv1', 'pool1']],
    ['RELU', false, ['relu1']],
    ['relu', true, []],
    ['max 1', false, ['pool1']],
    ['strided-', false, ['conv1', 'pool1']],
    ['node_conv1', false, ['conv1']],
    ['pool1:0', false, ['pool1']],
  ])('"%s" (only findings: %s) leaves %j', (filter, onlyFindings, names) => {
    expect(matchingLayers(layers, { filter, onlyFindings }).map(({ label }) => label)).toEqual(names);
  });
});
