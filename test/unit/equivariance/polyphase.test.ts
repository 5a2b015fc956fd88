import { describe, expect, it, test } from 'vitest';
import { expandTile, type Measurement, type Metric } from '../../../src/core/equivariance/measure/measurement';
import type { MeasurePlan } from '../../../src/core/equivariance/plan/measure-plan';
import { partOfPlan } from '../../../src/core/equivariance/plan/output-plan';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import type { Phase } from '../../../src/core/equivariance/walk/phases';
import { measureEquivariance, measureTogether, type PolyphaseOptions } from '../../../src/core/equivariance/walk/polyphase';
import { wrapIndex } from '../../../src/core/graph/circle';
import type { ModelGraph, Tensor } from '../../../src/core/graph/model-graph';
import { ModelError } from '../../../src/core/model-error';
import { graphOf, operations, type LayerSpec } from '../graph-builder';
import { bruteForceEquivariance } from './brute-force';
import { randomImage, runShifted } from './every-shift';
import { fakeModel } from './fake-model';

const { convolution, maxPool, slice, resize, relu, add, flatten, globalPool } = operations;
const side = 8;
const wide = 2 ** 20;

function options(more: Partial<PolyphaseOptions> = {}): PolyphaseOptions {
  return { metric: 'flat', memoryBudgetBytes: wide, cancellation: { cancelled: false }, ...more };
}

/** Picks every second sample, twice: of the image that numbers its pixels, the first number tells the shift. */
function pickingModel() {
  const graph = graphOf(
    [
      ['half', slice(2)],
      ['quarter', slice(2)],
    ],
    { size: side, channels: 1 },
  );
  const plan = planMeasurement(graph);
  const model = fakeModel(graph, plan);
  const numbered = { data: Float32Array.from({ length: side * side }, (_, index) => index), dims: [1, 1, side, side] };
  /** Every run as its level's period and the phases of its batch. */
  const phases = (): readonly string[] =>
    model.runs.map(({ level, firstValues }) => {
      const shifts = firstValues.map((pixel) => `${wrapIndex(-Math.floor(pixel / side), side)},${wrapIndex(-pixel % side, side)}`);
      return `${plan.levels[level]!.period[0]}: ${shifts.join(' ')}`;
    });
  return { opened: { plan, graph, model }, numbered, phases };
}

describe('order of phases', () => {
  it('runs the unshifted image first, then all phases of a level as one batch where memory allows', async () => {
    const { opened, numbered, phases } = pickingModel();
    await measureEquivariance(opened, numbered, options());
    expect(phases()).toEqual(['2: 0,0', '4: 0,0', '2: 0,1 1,0 1,1', '4: 0,1 1,0 1,1 0,2 0,3 1,2 1,3 2,0 2,1 3,0 3,1 2,2 2,3 3,2 3,3']);
  });

  it('goes depth first, one phase at a time, where memory is short', async () => {
    const { opened, numbered, phases } = pickingModel();
    await measureEquivariance(opened, numbered, options({ memoryBudgetBytes: 1 }));
    expect(phases()).toEqual([
      ...['2: 0,0', '4: 0,0'],
      ...['4: 0,2', '4: 2,0', '4: 2,2'],
      ...['2: 0,1', '4: 0,1', '4: 0,3', '4: 2,1', '4: 2,3'],
      ...['2: 1,0', '4: 1,0', '4: 1,2', '4: 3,0', '4: 3,2'],
      ...['2: 1,1', '4: 1,1', '4: 1,3', '4: 3,1', '4: 3,3'],
    ]);
  });

  it('holds as many phases as fit the budget while their descendants run', async () => {
    const { opened, numbered, phases } = pickingModel();
    // F_0 of both layers takes 80 bytes and a held phase 64; three quarters of the rest hold two, but no third.
    await measureEquivariance(opened, numbered, options({ memoryBudgetBytes: 300 }));
    expect(phases().filter((run) => run.startsWith('2'))).toEqual(['2: 0,0', '2: 0,1', '2: 1,0', '2: 1,1']);
    const second = phases().indexOf('2: 1,0');
    expect(phases().slice(3, second)).toEqual(['4: 0,1', '4: 0,2', '4: 0,3', '4: 2,0', '4: 2,1', '4: 2,2', '4: 2,3']);
    expect(phases()[second + 1]).toBe('2: 1,1');
  });

  it('runs phases one by one where a layer fixes the batch', async () => {
    const { opened, numbered } = pickingModel();
    const plan: MeasurePlan = { ...opened.plan, levels: opened.plan.levels.map((level) => ({ ...level, batchable: false })) };
    await measureEquivariance({ ...opened, plan }, numbered, options());
    expect(opened.model.runs.map(({ firstValues }) => firstValues.length)).toEqual(Array.from({ length: 4 + 16 }, () => 1));
  });

  it('runs only the phases that lead to the wanted shifts', async () => {
    const { opened, numbered, phases } = pickingModel();
    const heard: string[] = [];
    const onOutput = (phase: Phase): number => heard.push(phase.join());
    await measureEquivariance(
      { ...opened, plan: { ...opened.plan, layers: [], output: { ok: true, tensor: 'quarter', name: 'quarter' } } },
      numbered,
      options({ shifts: [[5, -2]], onOutput }),
    );
    expect(phases()).toEqual(['2: 0,0', '4: 0,0', '2: 1,0', '4: 1,2']);
    expect(heard).toEqual(['0,0', '1,2']);
  });
});

describe('while it runs', () => {
  it('hands out a heatmap as soon as its last phase has run', async () => {
    const { opened, numbered } = pickingModel();
    const complete: string[] = [];
    await measureEquivariance(
      opened,
      numbered,
      options({ onHeatmap: (index) => complete.push(`${index} after ${opened.model.runs.length}`) }),
    );
    expect(complete).toEqual(['0 after 3', '1 after 4']);
  });

  test.each([1, 300, wide])(
    'progress is the share of multiply-adds done, and ends at 1 (budget of %i bytes)',
    async (memoryBudgetBytes) => {
      const { opened, numbered } = pickingModel();
      const progress: number[] = [];
      await measureEquivariance(opened, numbered, options({ memoryBudgetBytes, onProgress: (done) => progress.push(done) }));
      const work = opened.model.runs.map(({ level, firstValues }) => opened.plan.levels[level]!.multiplyAdds * firstValues.length);
      const total = work.reduce((sum, part) => sum + part, 0);
      let done = 0;
      expect(progress).toHaveLength(work.length);
      for (const [run, part] of work.entries()) expect(progress[run]).toBeCloseTo((done += part) / total, 12);
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
      expect(progress.at(-1)).toBe(1);
    },
  );

  test.each([0, 1, 2, 3, 4, 11])('stops before the next run once it is cancelled, after %i runs', async (runs) => {
    const { opened, numbered } = pickingModel();
    const cancellation = { cancelled: false };
    const pause = (): Promise<void> => {
      cancellation.cancelled = opened.model.runs.length === runs;
      return Promise.resolve();
    };
    const measured = await measureEquivariance(opened, numbered, options({ memoryBudgetBytes: 1, cancellation, pause }));
    expect(measured).toBeUndefined();
    expect(opened.model.runs).toHaveLength(runs);
  });

  it('refuses a model that does not keep one entry per image', async () => {
    const { opened, numbered } = pickingModel();
    const runLevel: typeof opened.model.runLevel = async (level, feeds) => {
      const fetched = await opened.model.runLevel(level, feeds);
      return new Map(
        [...fetched].map(([name, { data, dims }]) => [name, { data: data.slice(0, data.length / dims[0]!), dims: dims.with(0, 1) }]),
      );
    };
    await expect(measureEquivariance({ ...opened, model: { ...opened.model, runLevel } }, numbered, options())).rejects.toThrow(
      new ModelError(
        'unsupported',
        'The value "half" does not keep one entry per image (batch 1 instead of 3), so the model cannot be measured.',
      ),
    );
  });
});

/** Networks by what the pass has to do for them. */
const networks: readonly (readonly [what: string, graph: ModelGraph])[] = [
  [
    'levels of periods 1, 2 and 4',
    network([
      ['a', convolution(3, 1)],
      ['b', relu],
      ['c', maxPool(2, 2)],
      ['d', convolution(3, 2)],
    ]),
  ],
  [
    'an odd kernel at stride 4',
    network([
      ['a', convolution(5, 4)],
      ['b', relu],
    ]),
  ],
  [
    'maps of period 2 where those of period 4 are needed: completed by rolls',
    network(
      [
        ['half', convolution(3, 2)],
        ['quarter', convolution(3, 2)],
        ['back', resize('nearest'), ['quarter']],
        ['sum', add, ['half', 'back']],
        ['out', convolution(3, 1)],
      ],
      { back: side / 2, sum: side / 2, out: side / 2 },
    ),
  ],
  [
    'a pooled vector of period 2 that meets maps of period 4: completed by copies',
    network([
      ['half', convolution(3, 2)],
      ['pooled', globalPool],
      ['quarter', maxPool(2, 2), ['half']],
      ['sum', add, ['quarter', 'pooled']],
    ]),
  ],
  [
    'a tail with a value of its own for every shift',
    network([
      ['half', maxPool(2, 2)],
      ['head', flatten],
    ]),
  ],
];

/** @param sizes height and width where the builder takes those of the input */
function network(layers: readonly LayerSpec[], sizes: Readonly<Record<string, number>> = {}): ModelGraph {
  const graph = graphOf(layers, { size: side });
  const resized = Object.entries(sizes).map(([name, size]): [string, Tensor] => [name, { name, shape: [null, 4, size, size] }]);
  return { ...graph, tensors: new Map([...graph.tensors, ...resized]) };
}

describe.each(networks)('%s', (_, graph) => {
  test.each<readonly [Metric, number]>([
    ['flat', 1],
    ['flat', 3000],
    ['flat', wide],
    ['channel', 3000],
  ])('%s heatmaps and outputs are those of every shift run alone, with %i bytes', async (metric, memoryBudgetBytes) => {
    const plan = planMeasurement(graph);
    const model = fakeModel(graph, plan);
    const image = randomImage(plan, graph.layout);
    const measured = await measureEquivariance({ plan, graph, model }, image, options({ metric, memoryBudgetBytes }));
    expect(plan.omitted).toEqual([]);
    await expectEveryShift(measured!, plan, graph, metric);
  });
});

async function expectEveryShift(measured: Measurement, plan: MeasurePlan, graph: ModelGraph, metric: Metric): Promise<void> {
  const image = randomImage(plan, graph.layout);
  const reference = fakeModel(graph, plan);
  const unshifted = await runShifted(plan, reference, image, graph.layout, [0, 0]);
  const maps = measured.heatmaps.map(({ layer, tile }) => expandTile(tile, layer.period, [side, side]));
  const { output } = measured;
  const outputs = 'reason' in output ? undefined : expandTile(output.tile, output.period, [side, side], output.values);
  expect(maps).toHaveLength(plan.layers.length);
  for (let place = 0; place < side * side; place++) {
    const shift = [Math.floor(place / side), place % side] as const;
    const shifted = await runShifted(plan, reference, image, graph.layout, shift);
    for (const [index, { tensor, channels, size, spatialStride }] of plan.layers.entries()) {
      const geometry = { layout: graph.layout, channels, size };
      const [a, b] = [unshifted.get(tensor)!.data, shifted.get(tensor)!.data];
      expect(maps[index]![place], `${tensor} at ${shift.join()}`).toBeCloseTo(
        bruteForceEquivariance(a, b, geometry, metric, shift, spatialStride),
        5,
      );
    }
    if (!plan.output.ok || outputs === undefined) continue;
    const { data } = shifted.get(plan.output.tensor)!;
    for (const [index, value] of data.entries()) expect(outputs[place * data.length + index]).toBeCloseTo(value, 4);
  }
}

it('walks models that share a trunk together, each with the result that it has alone', async () => {
  const graph = network([
    ['shared', convolution(3, 2)],
    ['own', convolution(3, 1)],
    ['last', convolution(3, 2)],
  ]);
  const plan = planMeasurement(graph);
  const image = randomImage(plan, graph.layout);
  const trunk = { plan: partOfPlan(plan, graph, new Set(['shared']), new Set(['shared'])), graph };
  const own = { ...partOfPlan(plan, graph, new Set(['own', 'last']), new Set(['own', 'last'])), output: plan.output };
  const models = [fakeModel(graph, own, 1), fakeModel(graph, own, 2)];
  const branches = models.map((model) => ({ plan: own, graph, model, fromTrunk: new Set(['shared']) }));
  const trunkModel = fakeModel(graph, trunk.plan, 1);
  const together = await measureTogether({ ...trunk, model: trunkModel }, branches, image, options({ memoryBudgetBytes: 1 }));
  expect(together).toHaveLength(3);
  const alone = await measureEquivariance({ plan, graph, model: fakeModel(graph, plan, 1) }, image, options());
  expect([...together![0]!.heatmaps, ...together![1]!.heatmaps].map(({ layer }) => layer.name)).toEqual(['shared', 'own', 'last']);
  for (const [index, heatmap] of [...together![0]!.heatmaps, ...together![1]!.heatmaps].entries())
    expect([...heatmap.tile]).toEqual([...alone!.heatmaps[index]!.tile]);
  expect([...together![2]!.heatmaps[1]!.tile]).not.toEqual([...together![1]!.heatmaps[1]!.tile]);
  expect(trunkModel.runs).toHaveLength(4);
});
