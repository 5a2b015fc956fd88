import { describe, expect, it } from 'vitest';
import { indexGraph } from '../../../src/core/graph/dataflow';
import type { ModelGraph, Tensor } from '../../../src/core/graph/model-graph';
import { graphOf, operations } from '../graph-builder';

const { convolution, maxPool, relu, batchNormalization } = operations;

/** A graph whose tensors count how often they are looked up. */
function counting(graph: ModelGraph): { readonly graph: ModelGraph; readonly lookups: () => number } {
  let lookups = 0;
  class CountingMap extends Map<string, Tensor> {
    override get(name: string): Tensor | undefined {
      lookups += 1;
      return super.get(name);
    }
  }
  return { graph: { ...graph, tensors: new CountingMap(graph.tensors) }, lookups: () => lookups };
}

describe('a dataflow', () => {
  it('walks up to where values stop being treated one by one, from any tensor on the way', () => {
    const { flow } = indexGraph(
      graphOf([
        ['scale', batchNormalization],
        ['bend', relu],
        ['stem', convolution(3, 2)],
        ['act', relu],
        ['pool', maxPool(2, 2)],
      ]),
    );
    expect(['act', 'bend', 'scale', 'image', 'pool', 'unknown'].map((tensor) => flow.source(tensor))).toEqual([
      'stem',
      'image',
      'image',
      'image',
      'pool',
      'unknown',
    ]);
    expect(flow.source('bend')).toBe('image');
    expect(flow.unpadded('bend')).toBe('bend');
    expect([flow.isModelInput('image'), flow.isModelInput('stem')]).toEqual([true, false]);
  });

  it('knows all calls of a shared layer, from each of them', () => {
    const graph = graphOf([
      ['pool', maxPool(2, 2)],
      ['other', relu],
      ['pool (call 2)', maxPool(2, 2)],
    ]);
    const layers = graph.layers.map((layer) =>
      layer.name.startsWith('pool') ? { ...layer, calls: 2, ...(layer.name !== 'pool' && { callOf: 'pool' }) } : layer,
    );
    const { flow } = indexGraph({ ...graph, layers });
    const calls = ['pool', 'pool (call 2)', 'other'].map((name) => flow.calls(flow.layer(name)!).map((call) => call.name));
    expect(calls).toEqual([['pool', 'pool (call 2)'], ['pool', 'pool (call 2)'], ['other']]);
  });

  it('adds the cost of the model up once', () => {
    const { graph, lookups } = counting(graphOf([['pool', maxPool(2, 2)]]));
    const { cost } = indexGraph(graph);
    expect(lookups()).toBe(0);
    const total = cost();
    const afterFirst = lookups();
    expect(total).toEqual({ multiplyAdds: 16 * 16 * 4 * 4, values: 16 * 16 * 4 });
    expect(cost()).toBe(total);
    expect(lookups()).toBe(afterFirst);
  });
});
