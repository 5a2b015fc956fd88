import { describe, expect, it } from 'vitest';
import type { ModelSource } from '../../../src/core/formats/format';
import { openModel } from '../../../src/core/formats/registry';
import type { StoredWeight } from '../../../src/core/formats/stored-weight';
import { layerFacts } from '../../../src/engine/process/reading/layer-facts';
import { shownLayers } from '../../../src/engine/process/reading/shown-layers';
import { networkPart } from '../../../src/engine/process/reading/network-part';
import { weightStatistics } from '../../../src/engine/process/reading/weight-statistics';
import { modelOnDisk } from '../real-models';
import { sourceOf } from '../tfjs-files';
import { GraphBuilder, noise, windowed } from '../tfjs-graph/graph-builder';

/** A graph-model of one convolution with a bias behind it. */
function graphModel(): ModelSource {
  const builder = new GraphBuilder();
  const kernel = builder.weight('kernel', [3, 3, 3, 4]);
  const convolution = builder.op('Conv2D', 'conv', [builder.input([-1, 16, 16, 3]), kernel], windowed([2, 2], 'SAME'));
  builder.op('BiasAdd', 'biased', [convolution, builder.weight('bias', [4])]);
  return sourceOf(builder.model(['biased']));
}

/** Minimum, maximum, mean and standard deviation, the plain way. */
function figures(values: ArrayLike<number>): readonly number[] {
  const all = Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return [Math.min(...all), Math.max(...all), mean, Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length)];
}

describe.each([
  ['ONNX', async () => (await modelOnDisk('samples/shapes.onnx')).source],
  ['a layers-model', async () => (await modelOnDisk('samples/shapes-tfjs/model.json')).source],
  ['a graph-model', () => Promise.resolve(graphModel())],
])('the layers of %s', (_, source) => {
  it('have the weights that the recovery solves for, in figures', async () => {
    const model = await openModel(await source());
    const layer = model.graph.layers.find(({ operation }) => operation.kind === 'convolution')!;
    const linear = model.linear(layer)!;
    if ('reason' in linear) throw new Error(linear.reason);
    const [kernel] = await weightStatistics(model.weights(layer));
    const { min, max, mean, deviation } = kernel!.statistics!;
    const expected = figures((await linear.read()).weights);
    expect(kernel).toMatchObject({ count: linear.outputs * linear.unknowns, seen: linear.outputs * linear.unknowns });
    for (const [index, figure] of [min, max, mean, deviation].entries()) expect(figure).toBeCloseTo(expected[index]!, 6);
    const facts = layerFacts(model, layer.name)!;
    const row = shownLayers(model, {}, 0).find((shown) => shown.layer === layer.name)!;
    expect(row.parameters).toBe(model.weights(layer).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0));
    expect(facts.attributes).toContainEqual({ name: 'Kernel', text: '3 × 3' });
  });

  it('are told with what connects them, in as many parts as it takes', async () => {
    const model = await openModel(await source());
    const { inputs, nodes } = networkPart(model, 0);
    expect(inputs).toHaveLength(1);
    expect(nodes).toHaveLength(model.graph.layers.length);
    expect(networkPart(model, 1)).toEqual({ inputs: [], nodes: nodes.slice(1) });
    expect(networkPart(model, nodes.length).nodes).toEqual([]);
  });

  it('are only those of the model', async () => {
    expect(layerFacts(await openModel(await source()), 'nobody')).toBeNull();
  });
});

describe('weights of any size', () => {
  /** Counts what is read of a weight of 32 million numbers. */
  function large(): { readonly weight: StoredWeight; readonly read: () => number } {
    let read = 0;
    const weight: StoredWeight = {
      name: 'large',
      shape: [1 << 25],
      elementBytes: 4,
      read: (start, count) => {
        read += count * 4;
        return Promise.resolve(Float32Array.from({ length: count }, (_, index) => (start + index) / (1 << 25)));
      },
    };
    return { weight, read: () => read };
  }

  it('are read as far as a budget goes, all over the weight', async () => {
    const { weight, read } = large();
    const [facts] = await weightStatistics([weight]);
    expect(read()).toBeLessThanOrEqual(1 << 24);
    expect(facts).toMatchObject({ count: 1 << 25, seen: read() / 4 });
    expect(facts!.statistics!.mean).toBeCloseTo(0.5, 3);
    expect(facts!.statistics!.deviation).toBeCloseTo(Math.sqrt(1 / 12), 2);
    expect([facts!.statistics!.min, facts!.statistics!.max]).toEqual([0, 1 - 2 ** -25].map(Math.fround));
  });

  it('of which the file ends early tell what was there', async () => {
    const values = noise(10, 1);
    const cut: StoredWeight = {
      name: 'cut',
      shape: [1 << 17],
      elementBytes: 4,
      read: (start) => Promise.resolve(start === 0 ? values : undefined),
    };
    const [facts] = await weightStatistics([cut]);
    expect(facts).toMatchObject({ count: 1 << 17, seen: 10 });
  });
});
