import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CircularModel, TensorBatch } from '../../../src/core/equivariance/walk/circular-model';
import type { MeasurePlan } from '../../../src/core/equivariance/plan/measure-plan';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { payloadSource } from '../../../src/engine/input/source';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { LevelThreads } from '../../../src/engine/runtimes/tfjs/level-threads';
import { ParallelModel } from '../../../src/engine/runtimes/tfjs/parallel-model';
import { readModel } from '../../../src/engine/input/read-model';
import { bundleEngine, removeModuleFolders } from '../engine-onnx/engine-bundle';
import { randomNumbers } from '../equivariance/brute-force';

const folder = fileURLToPath(new URL('../../../samples/shapes-tfjs', import.meta.url));
const payload: ModelPayload = { path: 'model.json', bytes: readFileSync(`${folder}/model.json`), folder, overlay: {} };
const images = 61;

let bundle: string;
let plan: MeasurePlan;
let own: CircularModel;
let feeds: ReadonlyMap<string, TensorBatch>;

beforeAll(async () => {
  bundle = await bundleEngine();
  const { graph } = await tfjsLayersFormat.open(payloadSource(payload));
  plan = planMeasurement(graph);
  own = await (await createTfjsEngine()).openCircular(await readModel(payload), plan);
  const {
    size,
    images: [image],
  } = plan.input;
  const dims = [images, ...size, image!.channels];
  feeds = new Map([[image!.tensor, { data: randomNumbers(images * size[0] * size[1] * image!.channels, 3), dims }]]);
}, 60_000);
afterAll(async () => {
  await own.dispose();
  removeModuleFolders();
});

describe('images shared among threads', () => {
  it('come back in order, as one thread gives them', async () => {
    const alone = vi.spyOn(own, 'runLevel');
    const parallel = new ParallelModel(own, payload, plan, new LevelThreads(2, bundle));
    await vi.waitUntil(() => parallel.readyHelpers === 2, { timeout: 30_000 });
    const shared = await parallel.runLevel(0, feeds);
    expect(alone.mock.lastCall?.[1].get(plan.input.images[0]!.tensor)?.dims[0]).toBe(20);
    const expected = await own.runLevel(0, feeds);
    expect([...shared.keys()]).toEqual([...expected.keys()]);
    for (const [name, { data, dims }] of expected) {
      expect(shared.get(name)?.dims).toEqual(dims);
      expect(shared.get(name)!.data.reduce((worst, value, index) => Math.max(worst, Math.abs(value - data[index]!)), 0)).toBeLessThan(1e-6);
    }
    alone.mockRestore();
  }, 40_000);

  it('of a model beside another too, by the same threads, which end with the last of them', async () => {
    const kept: CircularModel = { runLevel: (level, given) => own.runLevel(level, given), dispose: () => Promise.resolve() };
    const first = new ParallelModel(kept, payload, plan, new LevelThreads(1, bundle));
    const second = first.beside(kept, payload, plan);
    await vi.waitUntil(() => first.readyHelpers === 1 && second.readyHelpers === 1, { timeout: 30_000 });
    const alone = vi.spyOn(own, 'runLevel');
    const [tensor] = plan.levels[0]!.fetches;
    const [a, b] = [await first.runLevel(0, feeds), await second.runLevel(0, feeds)];
    expect(alone.mock.calls.map(([, given]) => given.get(plan.input.images[0]!.tensor)?.dims[0])).toEqual([31, 31]);
    expect(b.get(tensor!)).toEqual(a.get(tensor!));
    alone.mockRestore();
    await second.dispose();
    expect([first.readyHelpers, second.readyHelpers]).toEqual([1, 0]);
    expect((await first.runLevel(0, feeds)).get(tensor!)).toEqual(a.get(tensor!));
    await first.dispose();
    await vi.waitUntil(() => first.readyHelpers === 0, { timeout: 5000 });
  }, 40_000);

  it('are run by one thread where the others fail to start', async () => {
    const broken: ModelPayload = { ...payload, folder: '/nowhere' };
    const parallel = new ParallelModel(own, broken, plan, new LevelThreads(1, bundle));
    await new Promise((resolve) => {
      setTimeout(resolve, 1500);
    });
    expect(parallel.readyHelpers).toBe(0);
    expect((await parallel.runLevel(0, feeds)).size).toBe(plan.levels[0]!.fetches.length);
  }, 40_000);
});
