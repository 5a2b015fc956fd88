import { describe, expect, it } from 'vitest';
import type { LayerRow } from '../../../src/panel-protocol/model';
import type { HeatmapView } from '../../../src/panel-protocol/studies/equivariance';
import {
  arranged,
  judgedMaps,
  keepsEquivariance,
  worstLosses,
  type JudgedMap,
  type MapSettings,
} from '../../../webview/tabs/equivariance/arrangement';
import { neighboursOf } from '../../../webview/tabs/equivariance/neighbours';

function map(name: string, mean: number | null, before: readonly string[], stride = 1, min = mean): HeatmapView {
  const [named, size] = [{ layer: name, label: name, node: name, tensor: name }, 8 / stride];
  return {
    ...named,
    index: 0,
    name,
    op: name.startsWith('conv') ? 'Conv' : 'Add',
    channels: 2,
    size: [size, size],
    spatialStride: [stride, stride],
    period: [stride, stride],
    step: [1, 1],
    repeats: true,
    tile: mean === null ? null : [mean],
    mean,
    min,
    before,
  };
}

/** A stem, a block with a strided shortcut, and a head. */
const network = [
  map('conv1', 1, []),
  map('relu1', 0.9999, ['conv1'], 1, 0.2),
  map('conv2', 0.9, ['relu1'], 2, 0.3),
  map('shortcut', 0.8, ['relu1'], 2, 0.4),
  map('add', 0.85, ['conv2', 'shortcut'], 2, 0.5),
  map('conv3', 0.7, ['add'], 2, 0.6),
];
const flagged = {
  layer: 'add',
  label: 'add',
  node: 'add',
  tensor: 'add',
  op: 'Add',
  shape: '',
  stride: null,
  cumulativeStride: null,
  finding: { rule: 'aliased-shortcut' },
} as LayerRow;

const names = (maps: readonly JudgedMap[]): readonly string[] => maps.map(({ heatmap: { name } }) => name);
const all: MapSettings = { mapChoice: 'all', mapOrder: 'depth', mapSearch: '' };
const shown = (settings: Partial<MapSettings>): readonly string[] =>
  arranged(judgedMaps(network, [flagged]), { ...all, ...settings }).flatMap(({ maps }) => names(maps));

describe('what a map tells', () => {
  it('is what the layer loses against the worst of what it is made of; the image is 1', () => {
    const losses = judgedMaps(network, []).map(({ loss }) => loss);
    expect(losses.map((loss) => Number(loss?.toFixed(4)))).toEqual([0, 0.0001, 0.0999, 0.1999, -0.05, 0.15]);
  });

  it('is not known before it and what it is made of are measured', () => {
    const waiting = [map('conv1', null, []), map('conv2', 0.9, ['conv1'])];
    expect(judgedMaps(waiting, []).map(({ loss }) => loss)).toEqual([null, null]);
  });

  it('takes maps that were left out for none', () => {
    expect(judgedMaps([map('conv2', 0.9, ['silent'])], []).map(({ loss }) => Number(loss?.toFixed(4)))).toEqual([0.1]);
  });

  it('is that a layer downsamples where it has a larger stride than all it is made of', () => {
    expect(judgedMaps(network, []).map(({ isStrided }) => isStrided)).toEqual([false, false, true, true, false, false]);
    expect(judgedMaps([map('stem', 1, [], 2)], []).map(({ isStrided }) => isStrided)).toEqual([true]);
  });

  it('needs no picture where it keeps what it was given', () => {
    expect(names(judgedMaps(network, [flagged]).filter(keepsEquivariance))).toEqual(['conv1', 'relu1']);
  });
});

describe('the maps shown', () => {
  it('are those that matter: downsampling, findings, and the largest losses', () => {
    expect(shown({ mapChoice: 'telling' })).toEqual(['conv2', 'shortcut', 'add', 'conv3']);
  });

  it('are no more than the six largest losses of a long network beside those', () => {
    const long = Array.from({ length: 40 }, (_, index) =>
      map(`conv${index}`, 1 - (index * (index + 1)) / 4000, index === 0 ? [] : [`conv${index - 1}`]),
    );
    const [stage] = arranged(judgedMaps(long, []), { ...all, mapChoice: 'telling' });
    expect(names(stage?.maps ?? [])).toEqual(['conv34', 'conv35', 'conv36', 'conv37', 'conv38', 'conv39']);
  });

  it.each([
    [{ mapChoice: 'findings' }, ['add']],
    [{ mapChoice: 'strided' }, ['conv2', 'shortcut']],
    [{ mapOrder: 'mean' }, ['conv3', 'shortcut', 'add', 'conv2', 'relu1', 'conv1']],
    [{ mapOrder: 'worst' }, ['relu1', 'conv2', 'shortcut', 'add', 'conv3', 'conv1']],
    [{ mapOrder: 'loss' }, ['shortcut', 'conv3', 'conv2', 'relu1', 'conv1', 'add']],
    [{ mapSearch: ' CONV ' }, ['conv1', 'conv2', 'conv3']],
    [{ mapSearch: 'aliased' }, ['add']],
    [{ mapSearch: 'conv 3' }, ['conv3']],
    [{ mapSearch: 'nothing' }, []],
  ] as const)('with %j are %j', (settings, expected) => {
    expect(shown(settings)).toEqual(expected);
  });

  it('stand by resolution as the network goes, and together in any other order', () => {
    const judged = judgedMaps(network, []);
    expect(arranged(judged, all).map(({ size, maps }) => [size, names(maps)])).toEqual([
      [
        [8, 8],
        ['conv1', 'relu1'],
      ],
      [
        [4, 4],
        ['conv2', 'shortcut', 'add', 'conv3'],
      ],
    ]);
    expect(arranged(judged, { ...all, mapOrder: 'loss' }).map(({ size, maps }) => [size, maps.length])).toEqual([[null, 6]]);
  });

  it('have those with the largest losses first in the answer', () => {
    expect(names(worstLosses(judgedMaps(network, []), 3))).toEqual(['shortcut', 'conv3', 'conv2']);
    expect(worstLosses(judgedMaps([map('conv1', 1, [])], []), 3)).toEqual([]);
  });
});

describe('the maps next to one', () => {
  it('are the measured ones by depth, past those still to come', () => {
    const maps = [map('conv1', 1, []), map('conv2', null, []), map('conv3', 0.9, []), map('conv4', null, [])].map((each, index) => ({
      ...each,
      index,
    }));
    expect([0, 2].map((index) => neighboursOf(maps, index))).toEqual([
      { previous: null, next: 2 },
      { previous: 0, next: null },
    ]);
  });
});
