import { performance } from 'node:perf_hooks';
import type { CircularModel, SummedRun, TensorBatch } from '../src/core/equivariance/walk/circular-model';
import { area } from '../src/core/graph/period';
import { planMeasurement } from '../src/core/equivariance/plan/plan';
import { measureEquivariance } from '../src/core/equivariance/walk/polyphase';
import { inMemory } from '../src/core/formats/byte-source';
import { openModel } from '../src/core/formats/registry';
import { createOnnxEngine } from '../src/engine/runtimes/onnx/index';
import { wasmProducts } from '../src/engine/runtimes/products/wasm-products';
import type { ModelPayload } from '../src/engine/protocol/payload';
import { placedSource } from '../src/engine/input/source';
import { readModel } from '../src/engine/input/read-model';
import { imageWork, timeBruteForce, timeInference } from './brute-force';
import { report, type Figure } from './figures';
import { mobilenetV2, resnet18, vgg16, type BenchNetwork } from './networks';

/** The measurement against running every shift: same runtime, same threads, paired in one run. */
const memoryBudgetBytes = 1 << 30;
/** Images of one batch of the brute force; larger ones are no faster. */
const batch = 32;
const rounds = 3;

interface Comparison {
  readonly network: BenchNetwork;
  /** Least gain in forward passes against every shift, and against the distinct ones alone. */
  readonly allShifts: number | null;
  readonly distinct: number | null;
}

interface PassTimes {
  readonly forward: number;
  readonly rest: number;
}

async function main(): Promise<void> {
  const cases: readonly Comparison[] = [
    { network: vgg16(32), allShifts: 15, distinct: null },
    { network: resnet18(64), allShifts: 12, distinct: 2.5 },
    { network: mobilenetV2(96), allShifts: null, distinct: null },
  ];
  const figures: Figure[] = [];
  for (const one of cases) figures.push(...(await compare(one)));
  if (!report(figures)) process.exitCode = 1;
}

async function compare({ network, allShifts, distinct }: Comparison): Promise<readonly Figure[]> {
  const payload: ModelPayload = { path: `${network.name}.onnx`, bytes: network.bytes, folder: '.', overlay: {} };
  const source = placedSource(payload, inMemory(network.bytes));
  const { graph } = await openModel(source);
  const plan = planMeasurement(graph);
  const image = noise(network.side);
  const [passes, brutes, bare, plains]: [PassTimes[], number[], number[], number[]] = [[], [], [], []];
  for (let round = 0; round < rounds; round++) {
    passes.push(await timePass());
    brutes.push(await timeBruteForce(payload, graph, plan, batch));
    bare.push(await timeBruteForce(payload, graph, plan, batch, 'output'));
    plains.push(await timeInference(network, batch));
  }
  const forward = middle(passes.map((times) => times.forward));
  const rest = middle(passes.map((times) => times.rest));
  const [perShift, withoutMaps, plain] = [middle(brutes), middle(bare), middle(plains)];
  const [shifts, phases] = [network.side ** 2, area(plan.levels.at(-1)?.period ?? [1, 1])];
  const work = imageWork(plan);
  const passWork = plan.levels.reduce((sum, level) => sum + level.multiplyAdds * area(level.period), 0);
  const label = `${network.name} ${network.side}x${network.side}:`;
  return [
    { what: `${label} forward passes of the pass`, value: forward, unit: 'ms', limit: null },
    { what: `${label} one shift by brute force, all maps, in batches`, value: perShift, unit: 'ms', limit: null },
    { what: `${label} one shift by brute force, no maps, in batches`, value: withoutMaps, unit: 'ms', limit: null },
    { what: `${label} plain inference of one image, in batches`, value: plain, unit: 'ms', limit: null },
    { what: `${label} gain in multiply-adds`, value: (work * shifts) / passWork, unit: 'x ', limit: null },
    {
      what: `${label} gain against brute force over all ${shifts} shifts`,
      value: (perShift * shifts) / forward,
      unit: 'x ',
      limit: null,
      ...atLeast(allShifts),
    },
    {
      what: `${label} gain against brute force over the ${phases} distinct ones`,
      value: (perShift * phases) / forward,
      unit: 'x ',
      limit: null,
      ...atLeast(distinct),
    },
    { what: `${label} gain against brute force that gives no maps`, value: (withoutMaps * shifts) / forward, unit: 'x ', limit: null },
    { what: `${label} gain against plain inference of all shifts`, value: (plain * shifts) / forward, unit: 'x ', limit: null },
    {
      what: `${label} multiply-adds per second against plain inference`,
      value: (100 * (passWork / forward)) / (work / plain),
      unit: '% ',
      limit: null,
      ...atLeast(allShifts === null ? null : 60),
    },
    {
      what: `${label} JavaScript beside the runtime's calls, of the whole`,
      value: (100 * rest) / (forward + rest),
      unit: '% ',
      limit: null,
    },
  ];

  async function timePass(): Promise<PassTimes> {
    const engine = await createOnnxEngine();
    const model = await engine.openCircular(await readModel(payload), plan);
    const timedModel = new TimedModel(model);
    const products = await wasmProducts();
    await measureEquivariance({ plan, graph, model: timedModel }, image, {
      metric: 'flat',
      memoryBudgetBytes,
      cancellation: { cancelled: false },
      products,
    });
    // The first run made the sessions.
    timedModel.spent = 0;
    const start = performance.now();
    await measureEquivariance({ plan, graph, model: timedModel }, image, {
      metric: 'flat',
      memoryBudgetBytes,
      cancellation: { cancelled: false },
      products,
    });
    const whole = performance.now() - start;
    await model.dispose();
    return { forward: timedModel.spent, rest: whole - timedModel.spent };
  }
}

class TimedModel implements CircularModel {
  spent = 0;

  constructor(private readonly model: CircularModel) {}

  runLevel(level: number, feeds: ReadonlyMap<string, TensorBatch>): Promise<ReadonlyMap<string, TensorBatch>> {
    return this.timed(() => this.model.runLevel(level, feeds));
  }

  get runSums(): SummedRun | undefined {
    const { runSums } = this.model;
    return runSums && ((...asked) => this.timed(() => runSums(...asked)));
  }

  private async timed<T>(run: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await run();
    } finally {
      this.spent += performance.now() - start;
    }
  }

  dispose(): Promise<void> {
    return this.model.dispose();
  }
}

function atLeast(least: number | null): { readonly least?: number } {
  return least === null ? {} : { least };
}

function noise(side: number): TensorBatch {
  return { data: Float32Array.from({ length: 3 * side * side }, (_, index) => Math.sin(index * 12.9898) * 0.5), dims: [1, 3, side, side] };
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

void main();
