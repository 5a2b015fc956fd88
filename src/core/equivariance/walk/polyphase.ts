import type { AxisPair } from '../../graph/model-graph';
import { chunkSizes, type ChunkSize, type PhaseCost } from './chunk-sizes';
import type { CancellationProbe, TensorBatch } from './circular-model';
import type { OpenedPlan } from './opened-plan';
import type { MeasureLevel } from '../contracts';
import type { Measurement, Metric } from '../measure/measurement';
import { area } from '../../graph/period';
import { plainProducts, type Products } from '../measure/products';
import { childPhases, latticeIndex, noShift, phaseIndex, shiftedPhase, type Phase } from './phases';
import { joinLevels, readTensors, type Stage } from './stages';
import { latticeSize } from '../plan/tail-step';
import { WalkedState, type Branch, type WalkedModel } from './walked-model';

/** How a walk is done, whatever the number of its models. */
export interface WalkOptions {
  readonly metric: Metric;
  /** Upper bound for feature maps held at once, F_0 of every layer included; exceeded only where one phase needs more. */
  readonly memoryBudgetBytes: number;
  /** Asked between runs. */
  readonly cancellation: CancellationProbe;
  /** Share of the multiply-adds done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
  /** Wants the models' outputs at these shifts only, in pixels, and no map of them; for plans without heatmaps, which need all shifts. */
  readonly shifts?: readonly AxisPair[];
  /** The inner loops of the heatmaps; a plain one by default. */
  readonly products?: Products;
  /** Awaited between runs: lets the host handle its events, such as a cancellation. */
  readonly pause?: () => Promise<void>;
}

/** How a pass over one model is run and who hears of it. */
export interface PolyphaseOptions extends WalkOptions, Pick<WalkedModel, 'onHeatmap' | 'onOutput'> {}

/**
 * The polyphase pass: exact heatmaps of all layers over all shifts. Runs the unshifted image through all levels first
 * (F_0 of every layer), then walks the tree of phases depth-first in chunks under the memory budget.
 *
 * @param input the image, batch 1, in the plan's size and the graph's layout.
 * @returns the measurement, or undefined where it was cancelled.
 */
export async function measureEquivariance(
  opened: OpenedPlan,
  input: TensorBatch,
  options: PolyphaseOptions,
): Promise<Measurement | undefined> {
  const { onHeatmap, onOutput } = options;
  const trunk = { ...opened, ...(onHeatmap && { onHeatmap }), ...(onOutput && { onOutput }) };
  const measured = await measureTogether(trunk, [], input, options);
  return measured?.[0];
}

/**
 * The same walk for a model and others that share a part of it: what they share runs once, in the trunk.
 *
 * @param branches their levels and the trunk's make one chain of periods (`joinLevels`)
 * @returns one measurement a model, the trunk's first, each of its own plan; undefined where it was cancelled
 */
export async function measureTogether(
  trunk: WalkedModel,
  branches: readonly Branch[],
  input: TensorBatch,
  options: WalkOptions,
): Promise<readonly Measurement[] | undefined> {
  return new PolyphasePass(trunk, branches, options).run(input);
}

/** As much of the memory budget may hold F_0 in all of its rolls. */
const rolledShare = 1 / 16;

/** As much of it at most is kept free for making what takes sums. */
const openingShare = 3 / 8;

/** A model's level in a stage. */
interface StageLevel {
  readonly state: WalkedState;
  readonly index: number;
  readonly level: MeasureLevel;
  /** Fetches that later stages read. */
  readonly held: readonly string[];
  /** Fetches that only the branches read, in this very stage. */
  readonly passedOn: readonly string[];
}

/** Levels that run for the same phases, the trunk's first. */
interface ActiveStage {
  readonly period: AxisPair;
  readonly levels: readonly StageLevel[];
  /** Whether it is run for a phase, and for how many of them. */
  readonly runsFor: (phase: Phase) => boolean;
  readonly runs: number;
}

class PolyphasePass {
  private readonly states: readonly WalkedState[];
  private readonly stages: readonly ActiveStage[];
  private readonly totalMultiplyAdds: number;
  private chunks: readonly ChunkSize[] = [];
  private doneMultiplyAdds = 0;

  constructor(
    trunk: WalkedModel,
    private readonly branches: readonly Branch[],
    private readonly options: WalkOptions,
  ) {
    const { metric, shifts, products = plainProducts } = options;
    const collected = { metric, products, outputMap: shifts === undefined };
    const root = new WalkedState(trunk, collected);
    this.states = [root, ...branches.map((branch) => new WalkedState(branch, collected, { state: root, tensors: branch.fromTrunk }))];
    const stages = joinLevels(this.states.map(({ walked }) => walked.plan));
    if (stages === undefined) throw new Error('The levels of the models make no chain of periods.');
    this.stages = stages.map((stage, index) => ({
      period: stage.period,
      levels: this.levelsOf(stages, index),
      ...phasesOf(stage, shifts),
    }));
    const work = ({ levels, runs }: ActiveStage): number => runs * levels.reduce((sum, { level }) => sum + level.multiplyAdds, 0);
    this.totalMultiplyAdds = Math.max(
      1,
      this.stages.reduce((sum, stage) => sum + work(stage), 0),
    );
  }

  async run(input: TensorBatch): Promise<readonly Measurement[] | undefined> {
    this.states[0]?.start(input);
    const finished = (await this.runUnshifted()) && (await this.descend(0, [noShift]));
    return finished ? this.states.map((state) => state.measurement()) : undefined;
  }

  private levelsOf(stages: readonly Stage[], place: number): readonly StageLevel[] {
    const models = this.states.map(({ walked }, model) => ({ plan: walked.plan, fromTrunk: this.branches[model - 1]?.fromTrunk }));
    return this.states.flatMap((state, model) => {
      const index = stages[place]?.levels.get(model);
      const level = index === undefined ? undefined : state.walked.plan.levels[index];
      if (index === undefined || level === undefined) return [];
      const later = readTensors(stages.slice(place + 1), models, model);
      const now = readTensors(stages.slice(place, place + 1), models, model);
      const held = level.fetches.filter((tensor) => later.has(tensor));
      return [{ state, index, level, held, passedOn: level.fetches.filter((tensor) => now.has(tensor) && !later.has(tensor)) }];
    });
  }

  /** Runs shift 0 through all levels: F_0 of every layer, and with it the true size of everything that will be held. */
  private async runUnshifted(): Promise<boolean> {
    const costs: PhaseCost[] = [];
    for (const { period, levels } of this.stages) {
      let [workingBytes, exchangedBytes, heldBytes, passedBytes] = [0, 0, 0, 0];
      for (const stageLevel of levels) {
        if (!(await this.mayContinue())) return false;
        const { state, index, level, held, passedOn } = stageLevel;
        const fetched = await this.counted(stageLevel, [noShift], () => state.runWhole(index, level, [noShift]));
        state.begin(level, [...held, ...passedOn], fetched);
        workingBytes = Math.max(workingBytes, state.workingBytes(level, [...held, ...passedOn], fetched));
        exchangedBytes = Math.max(exchangedBytes, state.exchangedBytes(level, [...held, ...passedOn], fetched));
        heldBytes += total(held, (tensor) => state.sampleBytes(tensor));
        passedBytes += total(passedOn, (tensor) => state.sampleBytes(tensor));
      }
      for (const { state, passedOn } of levels) state.release(passedOn, [noShift]);
      const multiplyAdds = Math.max(...levels.map(({ level }) => level.multiplyAdds));
      costs.push({
        period,
        workingBytes: workingBytes + passedBytes,
        exchangedBytes: exchangedBytes + passedBytes,
        heldBytes,
        multiplyAdds,
        batchable: levels.every(({ level }) => level.batchable),
        givesSums: levels.every(({ state, level }) => state.givesSums(level)),
      });
    }
    const references = total(
      this.states.flatMap(({ walked }) => walked.plan.layers),
      ({ channels, size }) => channels * area(size) * 4,
    );
    const budget = this.options.memoryBudgetBytes;
    const opening = Math.max(...this.stages.flatMap(({ levels }) => levels.map(({ state, level }) => state.openingBytes(level))));
    const spare = budget - references - Math.min(opening, budget * openingShare);
    this.chunks = chunkSizes(costs, spare - this.rollReferences(spare * rolledShare), this.states[0]?.walked.model.runLimits);
    return true;
  }

  /** Has F_0 kept rolled where it is compared with most often, from the last stage on. @returns the bytes it takes */
  private rollReferences(affordableBytes: number): number {
    return this.stages
      .flatMap(({ levels }) => levels)
      .reverse()
      .reduce((taken, { state, level }) => taken + state.rollReferences(level, affordableBytes - taken), 0);
  }

  /** Runs all phases of a stage that descend from the held `parents`, each held group followed by its own descendants. */
  private async descend(position: number, parents: readonly Phase[]): Promise<boolean> {
    const stage = this.stages[position];
    if (stage === undefined) return true;
    const { period, levels, runsFor } = stage;
    const chunk = this.chunks[position] ?? { run: 1, held: 1 };
    const parentPeriod = this.stages[position - 1]?.period ?? [1, 1];
    const phases = childPhases(parents, parentPeriod, period).filter(runsFor);
    for (const group of pieces(phases, chunk.held)) {
      const shifted = group.filter((phase) => phase[0] + phase[1] > 0);
      for (const batch of pieces(shifted, chunk.run)) {
        for (const stageLevel of levels) {
          if (!(await this.mayContinue())) return false;
          const { state, index, level, held, passedOn } = stageLevel;
          const kept = [...held, ...passedOn];
          state.take(level, kept, batch, await this.counted(stageLevel, batch, () => state.run(index, level, batch, kept)));
        }
        for (const { state, passedOn } of levels) state.release(passedOn, batch);
      }
      if (!(await this.descend(position + 1, group))) return false;
      for (const { state, held } of levels) state.release(held, shifted);
    }
    return true;
  }

  /** Tells of the progress that a run is. */
  private async counted<T>({ level }: StageLevel, phases: readonly Phase[], run: () => Promise<T>): Promise<T> {
    const given = await run();
    this.doneMultiplyAdds += level.multiplyAdds * phases.length;
    this.options.onProgress?.(Math.min(1, this.doneMultiplyAdds / this.totalMultiplyAdds));
    return given;
  }

  private async mayContinue(): Promise<boolean> {
    await this.options.pause?.();
    return !this.options.cancellation.cancelled;
  }
}

/** The phases that lead to a wanted shift; without any, all that the plans want. */
function phasesOf({ period, step }: Stage, shifts: readonly AxisPair[] | undefined): Pick<ActiveStage, 'runsFor' | 'runs'> {
  if (shifts === undefined)
    return { runsFor: (phase) => latticeIndex(phase, period, step) !== undefined, runs: area(latticeSize(period, step)) };
  const wanted = new Set([noShift, ...shifts].map((shift) => phaseIndex(shiftedPhase(shift, period), period)));
  return { runsFor: (phase) => wanted.has(phaseIndex(phase, period)), runs: wanted.size };
}

function* pieces<T>(list: readonly T[], length: number): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += length) yield list.slice(start, start + length);
}

function total<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((sum, item) => sum + amount(item), 0);
}
