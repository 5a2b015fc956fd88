import { expect } from 'vitest';
import type { CircularModel } from '../../../src/core/equivariance/walk/circular-model';
import type { Measurement } from '../../../src/core/equivariance/measure/measurement';
import { measureEquivariance } from '../../../src/core/equivariance/walk/polyphase';
import { choosePreprocessing } from '../../../src/core/input/preprocessing';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter } from '../../../src/core/rewrite/filters';
import type { BlurPlan, PlanOptions } from '../../../src/core/rewrite/plan';
import type { NewWeights } from '../../../src/core/recover/linear-layer';
import { recoverySteps } from '../../../src/core/recover/steps';
import type { Engine } from '../../../src/engine/runtimes/engine';
import { readModel, type ReadModel } from '../../../src/engine/input/read-model';
import { inputFor, planFor } from '../../../src/engine/process/model/planned-input';
import { measureHeatmaps } from '../../../src/engine/process/variants/measure-heatmaps';
import { variantModel, type VariantModel } from '../../../src/engine/process/variants/variant-model';
import { VariantProgress } from '../../../src/engine/process/variants/walk';
import type { MeasureOptions } from '../../../src/engine/protocol/measuring';
import type { InputSpec, ModelPayload } from '../../../src/engine/protocol/payload';

/** A run of a level: which opening of a model, by order, ran which layers on how many images. */
export interface RecordedRun {
  readonly opening: number;
  readonly layers: readonly string[];
  readonly images: number;
}

/** An engine that notes what it runs. */
export class RecordingEngine implements Engine {
  readonly backend: string;
  readonly runs: RecordedRun[] = [];
  openings = 0;
  readonly run: Engine['run'];
  readonly threads: number;
  readonly notesOfRun: Engine['notesOfRun'];

  constructor(private readonly engine: Engine) {
    this.backend = engine.backend;
    this.threads = engine.threads;
    this.run = engine.run.bind(engine);
    this.notesOfRun = engine.notesOfRun;
  }

  openCircular: Engine['openCircular'] = async (model, plan): Promise<CircularModel> => {
    const opened = await this.engine.openCircular(model, plan);
    const opening = this.openings++;
    return {
      runLevel: (level, feeds) => {
        const [first] = feeds.values();
        this.runs.push({ opening, layers: plan.levels[level]!.layers, images: first?.dims[0] ?? 1 });
        return opened.runLevel(level, feeds);
      },
      dispose: () => opened.dispose(),
    };
  };

  /** How many images a layer of this name was run on, in all or in one opening. */
  images(layer: string, opening?: number): number {
    const counted = this.runs.filter((run) => run.layers.includes(layer) && (opening === undefined || run.opening === opening));
    return counted.reduce((sum, { images }) => sum + images, 0);
  }
}

/** What a test asks for beside the model. */
export interface SharedWalkRequest {
  readonly engine: Engine;
  readonly payload: ModelPayload;
  /** Without any each fix alone, and all together. */
  readonly plans?: readonly (readonly BlurPlan[])[];
  readonly input?: InputSpec;
  readonly options?: Partial<MeasureOptions>;
  /** True where every copy is also to be had with other weights behind its blurs, as a recovery leaves it. */
  readonly isReweighted?: boolean;
}

/** What came of measuring a model and copies of it together. */
export interface SharedWalk {
  readonly recorded: RecordingEngine;
  readonly original: VariantModel;
  readonly copies: readonly VariantModel[];
  /** The original's and the copies', in order. */
  readonly measurements: readonly Measurement[];
}

/** The fixes that a model's findings offer. */
export async function fixesOf(payload: ModelPayload, plan: PlanOptions = {}): Promise<readonly BlurPlan[]> {
  const { opened } = await readModel(payload);
  const findings = lintGraph(opened, { filter: blurFilter('tri-3'), plan });
  return [...new Map(findings.flatMap(({ fix }) => (fix.ok ? [[fix.plan.layer, fix.plan] as const] : []))).values()];
}

/** Measures the model and its copies together, and expects every one to get what it gets when it is measured alone and whole. */
export async function expectSameAsAlone({
  engine,
  payload,
  plans,
  input = { kind: 'pattern' },
  options,
  isReweighted = false,
}: SharedWalkRequest): Promise<SharedWalk> {
  const fixes = await fixesOf(payload);
  const lists = plans ?? [...fixes.map((plan) => [plan]), fixes];
  const read = await readModel(payload);
  const original = await variantModel(read, { label: 'as it is', plans: [] });
  const copies: VariantModel[] = [];
  for (const plans of lists) {
    const copy = await variantModel(read, { label: plans.map(({ layer }) => layer).join(), plans });
    copies.push(copy);
    if (isReweighted)
      copies.push(await variantModel(read, { label: `${copy.label} reweighted`, plans, weights: await otherWeights(read, copy) }));
  }
  expect(copies.flatMap(({ outcomes }) => outcomes).filter(({ ok }) => !ok)).toEqual([]);
  const recorded = new RecordingEngine(engine);
  const wanted = { metric: 'flat', memoryBudgetBytes: 2 ** 30, ...options } as const;
  const pixels = choosePreprocessing(read.graph, options?.preprocessing);
  const done: number[] = [];
  const progress = new VariantProgress(copies.length + 1, (told) => {
    done.push(told.done);
  });
  const set = { engine: recorded, original, wanted: [original, ...copies], pixels };
  const measured = await measureHeatmaps({ input, options: wanted }, set, progress, { cancelled: false });
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(done.at(-1)).toBeCloseTo(1, 9);
  const measurements: Measurement[] = [];
  for (const variant of [original, ...copies]) {
    const plan = planFor({ graph: variant.graph, pixels }, { input, options: wanted });
    const model = await engine.openCircular(await variant.read(), plan);
    const alone = await measureEquivariance(
      { plan, graph: variant.graph, model },
      await inputFor({ graph: variant.graph, pixels }, plan, input),
      {
        ...wanted,
        cancellation: { cancelled: false },
      },
    );
    await model.dispose();
    const together = measured!.get(variant)!;
    expectEqual(together, alone!, variant.label);
    measurements.push(together);
  }
  return { recorded, original, copies, measurements };
}

/** Other weights for every layer that a recovery would solve, with a bias wherever there is a place for one. */
async function otherWeights({ graph }: ReadModel, copy: VariantModel): Promise<NewWeights> {
  const { opened } = await copy.read();
  const { steps } = recoverySteps({ original: graph, fixed: opened.graph, linear: opened.linear, unread: new Map() }, 'all');
  expect(steps, copy.label).not.toEqual([]);
  return new Map(
    await Promise.all(
      steps.map(async ({ linear }) => {
        const { weights, bias } = await linear.read();
        const own = bias ?? (linear.biasPlace === 'behind' ? new Float32Array(linear.outputs) : undefined);
        return [linear.layer, { weights: weights.map((value) => 0.9 * value), bias: own?.map((value) => value + 0.1) }] as const;
      }),
    ),
  );
}

function expectEqual(together: Measurement, alone: Measurement, label: string): void {
  const { heatmaps, output, ...rest } = together;
  const { metric, size, omitted, notes, meaningless } = alone;
  expect(rest, label).toEqual({ metric, size, omitted, notes, meaningless });
  expect(
    heatmaps.map(({ layer }) => layer),
    label,
  ).toEqual(alone.heatmaps.map(({ layer }) => layer));
  for (const [index, { layer, tile, mean, min }] of heatmaps.entries()) {
    const expected = alone.heatmaps[index]!;
    expect(tile).toHaveLength(expected.tile.length);
    expect(Math.max(...tile.map((value, place) => Math.abs(value - expected.tile[place]!))), `${label}: ${layer.name}`).toBeLessThan(1e-6);
    expect(Math.abs(mean - expected.mean)).toBeLessThan(1e-6);
    expect(Math.abs(min - expected.min)).toBeLessThan(1e-6);
  }
  if ('reason' in output || 'reason' in alone.output) {
    expect(output, label).toEqual(alone.output);
    return;
  }
  const expected = alone.output;
  expect({ ...output, tile: undefined }, label).toEqual({ ...expected, tile: undefined });
  expect(output.tile).toHaveLength(expected.tile.length);
  const largest = expected.tile.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  output.tile.forEach((value, place) => {
    expect(Math.abs(value - expected.tile[place]!), label).toBeLessThan(1e-6 * Math.max(1, largest));
  });
}
