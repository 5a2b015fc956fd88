import { describe, expect, it } from 'vitest';
import { defaultChoices } from '../../../src/extension/panel/inputs/choices';
import type { InputsView } from '../../../src/panel-protocol/inputs';
import type { ModelView } from '../../../src/panel-protocol/model';
import type { RunView } from '../../../src/panel-protocol/run';
import type { HeatmapView } from '../../../src/panel-protocol/studies/equivariance';
import type { FeaturesView } from '../../../src/panel-protocol/studies/features';
import type { ToPage } from '../../../src/panel-protocol/to-page';
import { enlarging, initialState, reduce, type PageState } from '../../../webview/app/state';

const model: ModelView = {
  fileName: 'a.onnx',
  format: 'ONNX',
  producer: '',
  layerCount: 0,
  findingCount: 0,
  fixableCount: 0,
  fixAll: null,
  borders: [],
  judgedSize: null,
  error: null,
  mayMeasure: true,
};
const running: RunView = { state: 'running', done: 0.4, backend: 'cpu', step: null };
const started: RunView = { state: 'running', done: 0, backend: null, step: null };
const frame = { protocol: 'circular', size: [32, 32], origin: [0, 0], diagonal: false } as const;
const choices = defaultChoices;
const blur = { filter: 'tri-3', border: 'reflect' } as const;

function expected(index: number): HeatmapView {
  return {
    index,
    name: `layer${index}`,
    layer: `layer${index}`,
    label: `layer${index}`,
    node: `layer${index}`,
    tensor: `layer${index}`,
    op: 'Conv',
    channels: 8,
    size: [16, 16],
    spatialStride: [2, 2],
    period: [2, 2],
    step: [1, 1],
    repeats: true,
    tile: null,
    before: [],
    mean: null,
    min: null,
  };
}

const measured: HeatmapView = { ...expected(1), tile: [1, 0.9, 0.8, 0.7], mean: 0.85, min: 0.7 };
const announced: ToPage = {
  kind: 'heatmaps',
  frame,
  heatmaps: [expected(0), expected(1)],
  notes: ['Resized.'],
  omitted: [{ layer: 'fc', label: 'fc', node: 'fc', tensor: 'fc', reason: 'No positions.' }],
};

function after(...messages: readonly ToPage[]): PageState {
  return messages.reduce(reduce, initialState());
}

describe('state of the page', () => {
  it('knows nothing before the first message', () => {
    expect(initialState()).toMatchObject({
      model: null,
      inputs: null,
      runs: { equivariance: { state: 'idle' }, consistency: { state: 'idle' }, compare: { state: 'idle' }, advice: { state: 'idle' } },
      outcomes: {
        equivariance: { maps: null, former: null, picture: null, classes: null, enlarged: null, features: null },
        consistency: null,
        compare: null,
        advice: null,
      },
    });
  });

  it('replaces the model and keeps the maps', () => {
    const renamed = { ...model, fileName: 'b.onnx' };
    const state = after({ kind: 'model', model }, announced, { kind: 'model', model: renamed });
    expect(state.model).toBe(renamed);
    expect(state.outcomes.equivariance.maps?.heatmaps).toHaveLength(2);
  });

  it('announces maps, then fills them one by one in any order', () => {
    const state = after(announced, { kind: 'run', study: 'equivariance', view: running }, { kind: 'heatmap', heatmap: measured });
    expect(state.outcomes.equivariance.maps).toEqual({
      frame,
      heatmaps: [expected(0), measured],
      notes: ['Resized.'],
      omitted: [{ layer: 'fc', label: 'fc', node: 'fc', tensor: 'fc', reason: 'No positions.' }],
    });
  });

  it('drops a map that nobody announced', () => {
    expect(after({ kind: 'heatmap', heatmap: measured }).outcomes.equivariance.maps).toBeNull();
    expect(after(announced, { kind: 'heatmap', heatmap: { ...measured, index: 2 } }).outcomes.equivariance.maps?.heatmaps).toEqual([
      expected(0),
      expected(1),
    ]);
  });

  it('clears the maps of the run before when a new one starts', () => {
    const state = after(announced, { kind: 'heatmap', heatmap: measured }, { kind: 'run', study: 'equivariance', view: started });
    expect(state.outcomes.equivariance.maps).toBeNull();
  });

  it.each<RunView>([
    running,
    { state: 'finished', backend: 'cpu', elapsedMs: 12, restored: false, stale: true },
    { state: 'cancelled' },
    { state: 'failed', message: 'The engine ended.' },
  ])('keeps the maps that have arrived when the run is $state', (view) => {
    const state = after(announced, { kind: 'heatmap', heatmap: measured }, { kind: 'run', study: 'equivariance', view });
    expect(state.runs.equivariance).toEqual(view);
    expect(state.outcomes.equivariance.maps?.heatmaps[1]).toEqual(measured);
  });

  describe('an enlarged map', () => {
    const before = after({ kind: 'model', model }, announced, { kind: 'heatmap', heatmap: measured });
    const withMap = (index: number | null): PageState => ({
      ...before,
      outcomes: { ...before.outcomes, equivariance: { ...before.outcomes.equivariance, enlarged: index } },
    });
    const enlarged = withMap(1);

    it.each<[string, ToPage, number | null]>([
      ['closes when the other tab is shown', { kind: 'show-tab', tab: 'layers' }, null],
      ['stays when its own tab is shown', { kind: 'show-tab', tab: 'equivariance' }, 1],
      ['closes when a new run starts', { kind: 'run', study: 'equivariance', view: started }, null],
      ['stays while its run goes on', { kind: 'run', study: 'equivariance', view: running }, 1],
      ['stays when another map arrives', { kind: 'heatmap', heatmap: { ...measured, index: 0 } }, 1],
      ['stays when the same maps come again', { ...announced, notes: ['Once more.'] }, 1],
      ['closes when fewer maps come', { ...announced, heatmaps: [expected(0)] }, null],
      ['stays when another study starts', { kind: 'run', study: 'compare', view: started }, 1],
      ['stays when the model changes', { kind: 'model', model: { ...model, fileName: 'b.onnx' } }, 1],
      ['closes when the model can no longer be read', { kind: 'model', model: { ...model, error: 'Truncated.' } }, null],
    ])('%s', (_, message, expectedIndex) => {
      expect(reduce(enlarged, message).outcomes.equivariance.enlarged).toBe(expectedIndex);
    });

    it('shows the feature maps that were asked for in it, until it closes', () => {
      const view: FeaturesView = { state: 'running', wanted: { layer: 'layer1', shift: [1, 0], first: 0 } };
      const looking = reduce(enlarged, { kind: 'features', view });
      expect(looking.outcomes.equivariance.features).toBe(view);
      expect(reduce(looking, { kind: 'run', study: 'equivariance', view: started }).outcomes.equivariance.features).toBeNull();
      expect(reduce(withMap(null), { kind: 'features', view }).outcomes.equivariance.features).toBeNull();
    });

    it('does not come back with the maps of the next run', () => {
      const next = [{ kind: 'run', study: 'equivariance', view: started }, announced, { kind: 'heatmap', heatmap: measured }] as const;
      expect(next.reduce<PageState>(reduce, enlarged).outcomes.equivariance.enlarged).toBeNull();
    });
  });

  it('clears the outcome of a study that starts anew, and no others', () => {
    const report = { kind: 'unknown' } as never;
    const state = after(
      announced,
      { kind: 'consistency', report },
      { kind: 'compare', report, border: 'reflect' },
      { kind: 'run', study: 'compare', view: started },
    );
    expect(state).toMatchObject({
      outcomes: { compare: null, consistency: report, equivariance: { maps: { notes: ['Resized.'] } } },
    });
  });

  it('follows the inputs and the tab that the extension names, and nothing else of the settings', () => {
    const inputs: InputsView = { imageName: 'cat.png', folderName: null, choices, blur, projectSize: null, facts: null };
    const state = after({ kind: 'inputs', inputs }, { kind: 'show-tab', tab: 'equivariance' });
    expect(state.inputs).toBe(inputs);
    expect(state.settings).toEqual({ ...initialState().settings, tab: 'equivariance' });
  });
});

describe('the way to a layer', () => {
  it('brings its row to the front, past any filter, and is another each time', () => {
    const filtered: PageState = {
      ...initialState(),
      settings: { ...initialState().settings, tab: 'compare', filter: 'conv', onlyFindings: true },
    };
    const once = reduce(filtered, { kind: 'show-layer', layer: 'pool' });
    expect(once).toMatchObject({ goal: { layer: 'pool' }, settings: { tab: 'layers', filter: '', onlyFindings: false } });
    expect(reduce(once, { kind: 'show-layer', layer: 'pool' }).goal).not.toBe(once.goal);
  });

  it('outlives what the editor tells of the model', () => {
    const heading = reduce(initialState(), { kind: 'show-layer', layer: 'pool' });
    expect(reduce(reduce(heading, { kind: 'model', model }), { kind: 'layers', first: 0, layers: [] }).goal).toBe(heading.goal);
  });

  it('to a map shows it large in its tab', () => {
    const page = enlarging(reduce(initialState(), announced), 1);
    expect(page.outcomes.equivariance.enlarged).toBe(1);
    expect(page.settings.tab).toBe('equivariance');
  });
});

describe('the layer that all tabs mark', () => {
  const node = { module: null, reads: [], isOutput: false, kind: 'other', sampling: 'same', size: null } as const;
  const input = { name: 'image', shape: '1 × 3' };

  it('is the one that the user was led to, by its row or its map', () => {
    const shown = reduce(initialState(), { kind: 'show-layer', layer: 'conv1' });
    expect(shown.selected).toBe('conv1');
    const measured = reduce(shown, { kind: 'heatmaps', frame, heatmaps: [expected(0), expected(1)], notes: [], omitted: [] });
    expect(measured.selected).toBe('conv1');
    expect(enlarging(measured, 1).selected).toBe('layer1');
  });

  it('stays while another model is shown, though nothing is known of how that is connected', () => {
    const parts: readonly ToPage[] = [
      { kind: 'network', first: 0, inputs: [input], nodes: [node, node] },
      { kind: 'network', first: 2, inputs: [], nodes: [node] },
    ];
    const connected = parts.reduce(reduce, reduce(initialState(), { kind: 'show-layer', layer: 'conv1' }));
    expect([connected.network.inputs, connected.network.nodes]).toEqual([[input], [node, node, node]]);
    const next = reduce(connected, { kind: 'model', model });
    expect([next.selected, next.network, next.facts]).toEqual(['conv1', { inputs: [], nodes: [] }, null]);
  });
});
