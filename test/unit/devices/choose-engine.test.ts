import { describe, expect, it } from 'vitest';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { planWork } from '../../../src/core/equivariance/plan/plan-work';
import { area } from '../../../src/core/graph/period';
import { readModel } from '../../../src/engine/input/read-model';
import { chooseEngine } from '../../../src/engine/process/model/engine-for';
import type { GpuEngineResult } from '../../../src/engine/runtimes/devices/gpu-engine';
import type { Engine } from '../../../src/engine/runtimes/engine';
import { families, fileOf } from '../engine-onnx/families';
import { inMemory } from '../engine-onnx/measuring';
import type { DeviceChoice } from '../../../src/engine/protocol/engine-settings';

const processor: Engine = {
  backend: 'the processor',
  threads: 2,
  notesOfRun: () => [],
  openCircular: () => Promise.reject(new Error('nothing is opened')),
  run: () => Promise.resolve([]),
};
const card: GpuEngineResult = { ok: true, engine: { ...processor, backend: 'the card', adapter: 'Card' } };
const none: GpuEngineResult = { ok: false, reason: 'no graphics card was found that WebGPU can use', isFailure: false };
const broken: GpuEngineResult = { ok: false, reason: 'its first answer was wrong', isFailure: true };

/** Which engine is chosen, what it says, and how often a card was looked for. */
async function chosen(device: DeviceChoice, multiplyAdds: number, result: GpuEngineResult) {
  let asked = 0;
  const engine = await chooseEngine(
    {
      processor: () => Promise.resolve(processor),
      gpu: () => {
        asked++;
        return Promise.resolve(result);
      },
    },
    device,
    multiplyAdds,
  );
  return { backend: engine.backend, notes: [...engine.notesOfRun()], asked, again: [...engine.notesOfRun()] };
}

const [little, much] = [2e11, 4e11];

describe('the engine of a call', () => {
  it('is the processor where that is asked for, and no card is looked for', async () => {
    expect(await chosen('cpu', 1e15, card)).toMatchObject({ backend: 'the processor', notes: [], asked: 0 });
  });

  it('is by itself a card where the work is worth its start, and else none is looked for', async () => {
    expect(await chosen('auto', little, card)).toMatchObject({ backend: 'the processor', notes: [], asked: 0 });
    expect(await chosen('auto', much, card)).toMatchObject({ backend: 'the card', notes: [], asked: 1 });
  });

  it('is a card where that is asked for, whatever the work', async () => {
    expect(await chosen('gpu', 0, card)).toMatchObject({ backend: 'the card', notes: [], asked: 1 });
  });

  it('is the processor where there is no card: silently by itself, with one note where one was asked for', async () => {
    expect(await chosen('auto', much, none)).toMatchObject({ backend: 'the processor', notes: [] });
    expect(await chosen('gpu', 0, none)).toMatchObject({
      backend: 'the processor',
      notes: ['No graphics card is used: no graphics card was found that WebGPU can use.'],
      again: [],
    });
  });

  it('says of a card that does not work that it does not, whoever asked', async () => {
    for (const device of ['auto', 'gpu'] as const)
      expect(await chosen(device, much, broken)).toMatchObject({
        backend: 'the processor',
        notes: ['No graphics card is used: its first answer was wrong.'],
      });
  });
});

it("a plan's work is that of every level at each of its shifts, or at as many as are wanted", async () => {
  const { graph } = await readModel(inMemory(fileOf(families.find(({ name }) => name.startsWith('ResNet'))!)));
  const plan = planMeasurement(graph);
  const byHand = (most: number) =>
    plan.levels.reduce((sum, { multiplyAdds, period }) => sum + multiplyAdds * Math.min(most, area(period)), 0);
  expect(new Set(plan.levels.map(({ period }) => area(period))).size).toBeGreaterThan(2);
  expect(planWork(plan)).toBe(byHand(Infinity));
  expect(planWork(plan, 3)).toBe(byHand(3));
  expect(planWork(plan, 1)).toBeLessThan(planWork(plan, 3));
});
