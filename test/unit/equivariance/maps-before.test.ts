import { describe, expect, it } from 'vitest';
import { withMapsBefore } from '../../../src/core/equivariance/plan/maps-before';
import type { Layer, ModelGraph } from '../../../src/core/graph/model-graph';

const layer = (name: string, inputs: readonly string[]): Layer => ({ name, inputs, outputs: [name] }) as unknown as Layer;

function before(layers: readonly Layer[], measured: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const graph = { layers } as ModelGraph;
  const maps = withMapsBefore(
    graph,
    measured.map((tensor) => ({ name: `map of ${tensor}`, tensor })),
  );
  return Object.fromEntries(maps.map((map) => [map.tensor, map.before]));
}

describe('the maps that a map is made of', () => {
  it('are the nearest upstream, through layers without a map, each once', () => {
    const layers = [
      layer('conv', ['image', 'weight']),
      layer('reshape', ['conv']),
      layer('transpose', ['reshape']),
      layer('norm', ['transpose', 'scale']),
      layer('add', ['norm', 'conv']),
      layer('join', ['add', 'transpose', 'reshape']),
    ];
    expect(before(layers, ['conv', 'norm', 'add', 'join'])).toEqual({
      conv: [],
      norm: ['map of conv'],
      add: ['map of norm', 'map of conv'],
      join: ['map of add', 'map of conv'],
    });
  });

  it('are no more than a reader can use, and linear work, where thousands are joined again and again', () => {
    const maps = Array.from({ length: 3000 }, (_, index) => layer(`map${index}`, ['image']));
    const joins = Array.from({ length: 3000 }, (_, index) =>
      layer(`join${index}`, [`join${index - 1}`, ...maps.map(({ name }) => name).slice(index, index + 2)]),
    );
    const names = maps.map(({ name }) => name);
    const made = before([...maps, ...joins, layer('last', ['join2999'])], [...names, 'last']);
    expect(made['last']).toHaveLength(16);
  });
});
