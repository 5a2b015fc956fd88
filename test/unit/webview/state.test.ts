import { describe, expect, it } from 'vitest';
import { defaultChoices } from '../../../src/extension/panel/study-choices';
import type { FeaturesView, HeatmapView, InputsView, ModelView, TaskView, ToWebview } from '../../../src/panel-protocol/messages';
import { initialState, reduce, type PageState } from '../../../webview/app/state';

const model: ModelView = { fileName: 'a.onnx', format: 'ONNX', producer: '', layers: [], fixableCount: 0, error: null, mayMeasure: true };
const running: TaskView = { state: 'running', done: 0.4, backend: 'cpu', step: null };
const started: TaskView = { state: 'running', done: 0, backend: null, step: null };
const frame = { protocol: 'circular', size: [32, 32], origin: [0, 0], diagonal: false } as const;
const choices = defaultChoices;

function expected(index: number): HeatmapView {
  return {
    index,
    name: `layer${index}`,
    op: 'Conv',
    channels: 8,
    size: [16, 16],
    spatialStride: [2, 2],
    period: [2, 2],
    step: [1, 1],
    repeats: true,
    tile: null,
    mean: null,
    min: null,
  };
}

const measured: HeatmapView = { ...expected(1), tile: [1, 0.9, 0.8, 0.7], mean: 0.85, min: 0.7 };
const announced: ToWebview = {
  kind: 'heatmaps',
  frame,
  heatmaps: [expected(0), expected(1)],
  notes: ['Resized.'],
  omitted: [{ layer: 'fc', reason: 'No positions.' }],
};

function after(...messages: readonly ToWebview[]): PageState {
  return messages.reduce(reduce, initialState());
}

describe('state of the page', () => {
  it('knows nothing before the first message', () => {
    expect(initialState()).toMatchObject({
      model: null,
      inputs: null,
      tasks: { measure: { state: 'idle' } },
      maps: null,
      consistency: null,
      comparison: null,
      enlarged: null,
    });
  });

  it('replaces the model and keeps the maps', () => {
    const renamed = { ...model, fileName: 'b.onnx' };
    const state = after({ kind: 'model', model }, announced, { kind: 'model', model: renamed });
    expect(state.model).toBe(renamed);
    expect(state.maps?.heatmaps).toHaveLength(2);
  });

  it('announces maps, then fills them one by one in any order', () => {
    const state = after(announced, { kind: 'task', task: 'measure', view: running }, { kind: 'heatmap', heatmap: measured });
    expect(state.maps).toEqual({
      frame,
      heatmaps: [expected(0), measured],
      notes: ['Resized.'],
      omitted: [{ layer: 'fc', reason: 'No positions.' }],
    });
  });

  it('drops a map that nobody announced', () => {
    expect(after({ kind: 'heatmap', heatmap: measured }).maps).toBeNull();
    expect(after(announced, { kind: 'heatmap', heatmap: { ...measured, index: 2 } }).maps?.heatmaps).toEqual([expected(0), expected(1)]);
  });

  it('clears the maps of the run before when a new one starts', () => {
    const state = after(announced, { kind: 'heatmap', heatmap: measured }, { kind: 'task', task: 'measure', view: started });
    expect(state.maps).toBeNull();
  });

  it.each<TaskView>([
    running,
    { state: 'finished', backend: 'cpu', elapsedMs: 12, restored: false, stale: true },
    { state: 'cancelled' },
    { state: 'failed', message: 'The engine ended.' },
  ])('keeps the maps that have arrived when the run is $state', (view) => {
    const state = after(announced, { kind: 'heatmap', heatmap: measured }, { kind: 'task', task: 'measure', view });
    expect(state.tasks.measure).toEqual(view);
    expect(state.maps?.heatmaps[1]).toEqual(measured);
  });

  describe('an enlarged map', () => {
    const enlarged: PageState = { ...after({ kind: 'model', model }, announced, { kind: 'heatmap', heatmap: measured }), enlarged: 1 };

    it.each<[string, ToWebview, number | null]>([
      ['closes when the other tab is shown', { kind: 'show-tab', tab: 'layers' }, null],
      ['stays when its own tab is shown', { kind: 'show-tab', tab: 'equivariance' }, 1],
      ['closes when a new run starts', { kind: 'task', task: 'measure', view: started }, null],
      ['stays while its run goes on', { kind: 'task', task: 'measure', view: running }, 1],
      ['stays when another map arrives', { kind: 'heatmap', heatmap: { ...measured, index: 0 } }, 1],
      ['stays when the same maps come again', { ...announced, notes: ['Once more.'] }, 1],
      ['closes when fewer maps come', { ...announced, heatmaps: [expected(0)] }, null],
      ['stays when another task starts', { kind: 'task', task: 'compare', view: started }, 1],
      ['stays when the model changes', { kind: 'model', model: { ...model, fileName: 'b.onnx' } }, 1],
      ['closes when the model can no longer be read', { kind: 'model', model: { ...model, error: 'Truncated.' } }, null],
    ])('%s', (_, message, expectedIndex) => {
      expect(reduce(enlarged, message).enlarged).toBe(expectedIndex);
    });

    it('shows the feature maps that were asked for in it, until it closes', () => {
      const view: FeaturesView = { state: 'running', wanted: { layer: 'layer1', shift: [1, 0], first: 0 } };
      const looking = reduce(enlarged, { kind: 'features', view });
      expect(looking.features).toBe(view);
      expect(reduce(looking, { kind: 'task', task: 'measure', view: started }).features).toBeNull();
      expect(reduce({ ...enlarged, enlarged: null }, { kind: 'features', view }).features).toBeNull();
    });

    it('does not come back with the maps of the next run', () => {
      const next = [{ kind: 'task', task: 'measure', view: started }, announced, { kind: 'heatmap', heatmap: measured }] as const;
      expect(next.reduce<PageState>(reduce, enlarged).enlarged).toBeNull();
    });
  });

  it('clears the results of a task that starts anew, and no others', () => {
    const report = { kind: 'unknown' } as never;
    const state = after(
      announced,
      { kind: 'consistency', report },
      { kind: 'compare', report },
      { kind: 'task', task: 'compare', view: started },
    );
    expect(state).toMatchObject({ comparison: null, consistency: report, maps: { notes: ['Resized.'] } });
  });

  it('follows the inputs and the tab that the extension names, and nothing else of the settings', () => {
    const inputs: InputsView = { imageName: 'cat.png', folderName: null, choices, facts: null };
    const state = after({ kind: 'inputs', inputs }, { kind: 'show-tab', tab: 'equivariance' });
    expect(state.inputs).toBe(inputs);
    expect(state.settings).toEqual({ ...initialState().settings, tab: 'equivariance' });
  });
});
