import { beforeAll, describe, expect, it } from 'vitest';
import type { Measurement } from '../../../src/core/equivariance/measure/measurement';
import type { MeasurePlan } from '../../../src/core/equivariance/plan/measure-plan';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import type { CircularModel, TensorBatch } from '../../../src/core/equivariance/walk/circular-model';
import { measureEquivariance } from '../../../src/core/equivariance/walk/polyphase';
import { readModel, type ReadModel } from '../../../src/engine/input/read-model';
import { guardedEngine } from '../../../src/engine/runtimes/devices/gpu-engine';
import type { Engine } from '../../../src/engine/runtimes/engine';
import { batchSize } from '../../../src/engine/runtimes/one-by-one';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import { families, fileOf } from '../engine-onnx/families';
import { inMemory } from '../engine-onnx/measuring';
import { randomImage } from '../equivariance/every-shift';
import { standInCard, type Faults } from './stand-in-card';

const family = families.find(({ name }) => name.startsWith('ResNet'))!;
let [processor, read, plan, image, expected]: [Engine, ReadModel, MeasurePlan, TensorBatch, Measurement] = [] as never;
beforeAll(async () => {
  processor = await createOnnxEngine();
  read = await readModel(inMemory(fileOf(family)));
  plan = planMeasurement(read.graph);
  image = randomImage(plan, read.graph.layout);
  expected = await measuredBy(processor);
});

async function measuredBy(engine: Engine): Promise<Measurement> {
  const model = await engine.openCircular(read, plan);
  const options = { metric: 'flat', memoryBudgetBytes: 2 ** 28, cancellation: { cancelled: false } } as const;
  const measurement = await measureEquivariance({ plan, graph: read.graph, model }, image, options);
  await model.dispose();
  return measurement!;
}

/** The processor's engine, and how many images it was given and how often it was opened and closed. */
function watchedProcessor() {
  const use = { images: 0, opened: 0, closed: 0 };
  const watched = (model: CircularModel): CircularModel => ({
    runLevel: (level, feeds) => {
      use.images += batchSize(feeds);
      return model.runLevel(level, feeds);
    },
    runSums: (level, feeds, wanted) => {
      use.images += batchSize(feeds);
      return model.runSums!(level, feeds, wanted);
    },
    dispose: () => {
      use.closed++;
      return model.dispose();
    },
  });
  const engine: Engine = {
    ...processor,
    openCircular: async (...words) => {
      use.opened++;
      return watched(await processor.openCircular(...words));
    },
  };
  return { engine, use };
}

/** A measurement on a stand-in with faults, and what became of it. */
async function measuredWith(faults: Faults) {
  const card = standInCard(processor, faults);
  const { engine, use } = watchedProcessor();
  const guarded = guardedEngine(card.engine, engine);
  const measurement = await measuredBy(guarded);
  return { card, use, measurement, backend: guarded.backend, notes: guarded.notesOfRun(), threads: guarded.threads };
}

/** Images that the processor is given where a card agrees: one of every level as maps, and of all but the first as sums. */
const mostCompared = (): number => 2 * plan.levels.length - 1;

const tiles = ({ heatmaps }: Measurement): readonly (readonly number[])[] => heatmaps.map(({ tile }) => [...tile]);

/** What was measured on the card alone, and what on the processor, agree but for the last digits of another batch. */
function expectTiles(given: Measurement, digits = 5): void {
  for (const [index, tile] of tiles(given).entries())
    for (const [place, value] of tile.entries()) expect(value).toBeCloseTo(expected.heatmaps[index]!.tile[place]!, digits);
}

describe('a graphics card that agrees with the processor', () => {
  it('measures, is named, and is compared at one image of every level as maps and as sums', async () => {
    const { card, use, measurement, backend, notes } = await measuredWith({});
    expectTiles(measurement);
    expect(backend).toBe('ONNX Runtime WebGPU (Stand-in, driver 1.2)');
    expect(notes).toEqual([]);
    expect(use).toMatchObject({ opened: 1, closed: 1 });
    expect(use.images).toBeGreaterThan(plan.levels.length);
    expect(use.images).toBeLessThanOrEqual(mostCompared());
    expect(card.runs()).toBeGreaterThanOrEqual(use.images);
    expect(card.isOpen()).toBe(false);
  });

  it('may be off by less than 1e-3', async () => {
    const { notes } = await measuredWith({ maps: 1 + 5e-4, products: 1 + 5e-4 });
    expect(notes).toEqual([]);
  });
});

describe.each<{ readonly what: string; readonly faults: Faults; readonly why: string | RegExp }>([
  {
    what: 'whose maps are off',
    faults: { maps: 1.002 },
    why: /values that it gave are off by 0\.0020, relative to those of the processor/,
  },
  { what: 'whose sums are off', faults: { products: 0.99 }, why: /values that it gave are off by 0\.\d+, relative/ },
  {
    what: 'that gives no numbers',
    faults: { maps: Number.NaN },
    why: 'values that it gave are no numbers, unlike those of the processor',
  },
  { what: 'whose memory holds no batch, which no error tells', faults: { room: 2 }, why: /values that it gave are off by/ },
  { what: 'that gives zeros from some run on, which no error tells', faults: { zerosFrom: 5 }, why: /values that it gave are off by/ },
  { what: 'that cannot be opened', faults: { opening: 'Failed to get a WebGPU device: no.' }, why: 'Failed to get a WebGPU device: no' },
  {
    what: 'without memory',
    faults: { failing: { from: 1, message: 'Buffer allocation failed (OutOfMemory)' } },
    why: 'it has not enough memory',
  },
  {
    what: 'lost on the way',
    faults: { failing: { from: 5, message: 'WebGPU device lost (2): reset' } },
    why: 'the connection to it was lost',
  },
  {
    what: 'that lacks an operator',
    faults: { failing: { from: 2, message: 'No kernel for Einsum. See the manual.' }, closing: 'it is gone' },
    why: 'No kernel for Einsum',
  },
])('a graphics card $what', ({ faults, why }) => {
  it('is given up with one note, and the processor measures', async () => {
    const { card, use, measurement, backend, notes, threads } = await measuredWith(faults);
    expectTiles(measurement);
    expect(backend).toBe(processor.backend);
    expect(threads).toBe(processor.threads);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^The graphics card \(Stand-in, driver 1\.2\) was given up, and the processor did the work: .*[^.]\.$/);
    expect(notes[0]).toMatch(why);
    expect(card.isOpen()).toBe(false);
    expect(use.closed).toBe(use.opened);
    // All that it had to do again, and all that was left.
    expect(use.images).toBeGreaterThan(mostCompared());
  });
});

it('the fault of a model itself is told as the processor tells it', async () => {
  const refusing: Engine = { ...processor, openCircular: () => Promise.reject(new Error('the model is broken')) };
  const card = standInCard(processor, { failing: { from: 1, message: 'something of the card' } });
  await expect(measuredBy(guardedEngine(card.engine, refusing))).rejects.toThrow('the model is broken');
});

it('tells a loss once, and opens nothing on the card after it', async () => {
  const card = standInCard(processor, { maps: 2 });
  const guarded = guardedEngine(card.engine, processor);
  await measuredBy(guarded);
  const runs = card.runs();
  expect(guarded.notesOfRun()).toHaveLength(1);
  await measuredBy(guarded);
  expect(card.runs()).toBe(runs);
  expect(guarded.notesOfRun()).toEqual([]);
});
