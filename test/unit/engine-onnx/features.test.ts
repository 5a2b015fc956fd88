import { describe, expect, test } from 'vitest';
import { measureFeatures, mostValues, planFeatures } from '../../../src/core/equivariance/measure/feature-maps';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { ModelError } from '../../../src/core/model-error';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import { payloadSource } from '../../../src/engine/input/source';
import { readModel } from '../../../src/engine/input/read-model';
import { randomNumbers } from '../equivariance/brute-force';
import { expectFeatures } from '../equivariance/expect-features';
import { inMemory } from './measuring';
import { NetworkBuilder } from './network-builder';

type Build = (net: NetworkBuilder) => string;
const around = (amount: number): readonly [number, number, number, number] => [amount, amount, amount, amount];
const strided = { kernel: [3, 3], stride: [2, 2], pads: around(1) };

/** Down to a map of a single row, up again to the image, and to a map finer than it whose samples are thirds of two pixels. */
const unet: Build = (net) => {
  const first = net.convolution('image', { from: 2, to: 3 }, { kernel: [3, 3], pads: around(1) });
  const half = net.convolution(first, { from: 3, to: 4 }, strided);
  const small = net.maxPool(half, { kernel: [4, 2], stride: [4, 2] });
  const joined = net.concat(first, net.transposed(small, { from: 4, to: 2 }, { kernel: [8, 4], stride: [8, 4] }));
  return net.node('Add', [
    net.transposed(net.maxPool(joined, { kernel: [2, 2], stride: [2, 2] }), { from: 5, to: 2 }, { kernel: [3, 3], stride: [3, 3] }),
    net.transposed(half, { from: 4, to: 2 }, { kernel: [3, 3], stride: [3, 3] }),
  ]);
};

const tail: Build = (net) => {
  const embedded = net.embed(net.convolution('image', { from: 2, to: 3 }, strided), [3, 4, 6]);
  return net.maxPool(net.convolution(embedded, { from: 3, to: 4 }, { kernel: [3, 3], pads: around(1) }), {
    kernel: [2, 2],
    stride: [2, 2],
  });
};

describe('feature maps of ONNX models', () => {
  test.each([
    { name: 'an encoder and a decoder', build: unet },
    { name: 'a positional embedding and the maps behind it', build: tail },
  ])('$name: those of the model run on the rolled image, also beyond period and image', async ({ build }) => {
    const net = new NetworkBuilder();
    const payload = inMemory(net.build([2, 8, 12], build(net)));
    const engine = await createOnnxEngine();
    await expectFeatures({ engine, format: onnxFormat, payload, size: [8, 12] }, [
      [0, 0],
      [1, 0],
      [5, 11],
      [-1, -9],
      [23, 100],
    ]);
  });

  test('of a tail too, at shifts that its heatmap leaves out', async () => {
    const net = new NetworkBuilder();
    const embedded = net.embed(net.maxPool('image', { kernel: [2, 2], stride: [2, 2] }), [1, 36, 36]);
    const payload = inMemory(net.build([1, 72, 72], net.convolution(embedded, { from: 1, to: 2 }, strided)));
    const plan = await expectFeatures({ engine: await createOnnxEngine(), format: onnxFormat, payload, size: [72, 72] }, [
      [1, 1],
      [71, 4],
    ]);
    expect(plan.layers.at(-1)?.step).toEqual([3, 3]);
  });

  test('only what leads to the map is run, and at its own phase alone', async () => {
    const net = new NetworkBuilder();
    const first = net.convolution('image', { from: 2, to: 3 }, strided);
    const branch = net.convolution(first, { from: 3, to: 3 }, strided);
    const last = net.maxPool(net.node('Relu', [first]), { kernel: [2, 2], stride: [2, 2] });
    const payload = inMemory(net.build([2, 8, 8], last, branch));
    const { graph } = await onnxFormat.open(payloadSource(payload));
    const features = planFeatures(planMeasurement(graph), graph, last);
    const engine = await createOnnxEngine();
    const opened = await engine.openCircular(await readModel(payload), features.plan);
    const runs: number[] = [];
    const counted = {
      ...opened,
      runLevel: (...[level, feeds]: Parameters<typeof opened.runLevel>) => {
        runs.push(level);
        return opened.runLevel(level, feeds);
      },
    };
    const layersOf = (tensors: readonly string[]): readonly string[] =>
      graph.layers.filter(({ outputs }) => tensors.includes(outputs[0]!)).map(({ name }) => name);
    expect(features.plan.levels.flatMap(({ layers }) => layers)).toEqual(
      graph.layers.map(({ name }) => name).filter((name) => !layersOf([branch]).includes(name)),
    );
    const image = { data: randomNumbers(128, 3), dims: [1, 2, 8, 8] };
    const progress: number[] = [];
    const wanted = { shift: [7, 2], channels: { first: 0, count: 3 } } as const;
    const options = {
      metric: 'flat',
      memoryBudgetBytes: 2 ** 26,
      cancellation: { cancelled: false },
      onProgress: (done: number) => progress.push(done),
    } as const;
    await measureFeatures({ plan: features.plan, graph, model: counted }, features, image, wanted, options);
    // Twice each level that has layers: for the image, and for the one phase that the shift belongs to.
    const levels = features.plan.levels.flatMap(({ layers }, level) => (layers.length > 0 ? [level] : []));
    expect(runs).toEqual([...levels, ...levels]);
    expect(progress.at(-1)).toBe(1);
    expect(
      await measureFeatures({ plan: features.plan, graph, model: opened }, features, image, wanted, {
        ...options,
        cancellation: { cancelled: true },
      }),
    ).toBeUndefined();
    await opened.dispose();
  });

  test('large maps leave the engine a few channels at a time', async () => {
    const net = new NetworkBuilder();
    const map = net.convolution('image', { from: 1, to: 5 }, { kernel: [1, 1] });
    const payload = inMemory(net.build([1, 2048, 2048], map));
    const { graph } = await onnxFormat.open(payloadSource(payload));
    const features = planFeatures(planMeasurement(graph), graph, map);
    const opened = await (await createOnnxEngine()).openCircular(await readModel(payload), features.plan);
    const image = { data: new Float32Array(2048 * 2048).fill(1), dims: [1, 1, 2048, 2048] };
    const options = { metric: 'flat', memoryBudgetBytes: 2 ** 28, cancellation: { cancelled: false } } as const;
    const maps = await measureFeatures(
      { plan: features.plan, graph, model: opened },
      features,
      image,
      { shift: [0, 1], channels: { first: 1, count: 64 } },
      options,
    );
    expect(maps?.channels).toEqual({ first: 1, count: 2 });
    expect(maps?.shifted).toHaveLength(mostValues);
    await expect(
      measureFeatures(
        { plan: features.plan, graph, model: opened },
        features,
        image,
        { shift: [0, 1], channels: { first: 5, count: 1 } },
        options,
      ),
    ).rejects.toThrow(new ModelError('unsupported', `Layer "${map}" has 5 channels, counted from 0, so there is no channel 5.`));
    await opened.dispose();
  });

  test('a layer without a map is refused with the reason', async () => {
    const net = new NetworkBuilder();
    const map = net.convolution('image', { from: 2, to: 3 }, strided);
    const pooled = net.node('GlobalAveragePool', [map]);
    const aligned = net.resize(map, { scales: [1, 1, 2, 2] }, 'linear', 'align_corners');
    const { graph } = await onnxFormat.open(payloadSource(inMemory(net.build([2, 8, 8], pooled, aligned))));
    const refusal = (name: string) => () => planFeatures(planMeasurement(graph), graph, name);
    expect(refusal('nowhere')).toThrow('The model has no layer "nowhere"; measuring it lists those that have a map.');
    expect(refusal(pooled)).toThrow(/^Layer ".+" \(GlobalAveragePool\) has no positions, so there is no map of it\.$/);
    expect(refusal(aligned)).toThrow(/^Layer ".+" \(Resize\) resizes with aligned corners/);
  });
});
