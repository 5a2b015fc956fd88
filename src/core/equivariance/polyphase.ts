import { ModelError } from '../formats/format';
import type { AxisPair, ModelGraph } from '../graph/model-graph';
import { chunkSizes, type ChunkSize } from './chunk-sizes';
import type { CancellationProbe, CircularModel, TensorBatch } from './circular-model';
import { FeatureStore } from './feature-store';
import { HeatmapBuilder } from './heatmap-builder';
import type { MeasureLevel, MeasuredLayer, MeasurePlan } from './measure-plan';
import type { Heatmap, Measurement, Metric } from './measurement';
import { OutputBuilder } from './output-builder';
import { area } from './period';
import { plainProducts, type Products } from './products';
import { childPhases, latticeIndex, noShift, phaseIndex, shiftedPhase, type Phase } from './phases';
import { latticeSize } from './tail-step';

/** How a pass is run and who hears of it. */
export interface PolyphaseOptions {
  readonly metric: Metric;
  /** Upper bound for feature maps held at once, F_0 of every layer included; exceeded only where one phase needs more. */
  readonly memoryBudgetBytes: number;
  /** Asked between runs. */
  readonly cancellation: CancellationProbe;
  /** Called as soon as a heatmap is complete; `index` counts in the plan's layers. */
  readonly onHeatmap?: (index: number, heatmap: Heatmap) => void;
  /** Share of the multiply-adds done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
  /** Wants the model's output at these shifts only, in pixels, and no map of it; for plans without heatmaps, which need all shifts. */
  readonly outputs?: {
    readonly shifts: readonly AxisPair[];
    /** `phase` is a wanted shift reduced modulo `period`. */
    readonly take: (phase: Phase, period: AxisPair, output: Float32Array) => void;
  };
  /** The inner loops of the heatmaps; a plain one by default. */
  readonly products?: Products;
  /** Awaited between runs: lets the host handle its events, such as a cancellation. */
  readonly pause?: () => Promise<void>;
}

/**
 * The polyphase pass: exact heatmaps of all layers over all shifts. Runs the unshifted image through all levels first
 * (F_0 of every layer), then walks the tree of phases depth-first in chunks under the memory budget.
 *
 * @param input the image, batch 1, in the plan's size and the graph's layout.
 * @returns the measurement, or undefined where it was cancelled.
 */
export async function measureEquivariance(
  plan: MeasurePlan,
  graph: ModelGraph,
  model: CircularModel,
  input: TensorBatch,
  options: PolyphaseOptions,
): Promise<Measurement | undefined> {
  return new PolyphasePass(plan, graph, model, options).run(input);
}

/** One entry per level that has layers. */
interface ActiveLevel {
  readonly index: number;
  readonly level: MeasureLevel;
  /** Fetches that later levels read. */
  readonly held: readonly string[];
  /** Whether it is run for a phase, and for how many of them. */
  readonly runsFor: (phase: Phase) => boolean;
  readonly runs: number;
}

class PolyphasePass {
  private readonly store: FeatureStore;
  private readonly levels: readonly ActiveLevel[];
  private readonly measured: ReadonlyMap<string, { readonly index: number; readonly layer: MeasuredLayer }>;
  private readonly builders = new Map<string, HeatmapBuilder>();
  private readonly heatmaps: Heatmap[] = [];
  private output: OutputBuilder | undefined;
  private chunks: readonly ChunkSize[] = [];
  private doneMultiplyAdds = 0;

  constructor(
    private readonly plan: MeasurePlan,
    private readonly graph: ModelGraph,
    private readonly model: CircularModel,
    private readonly options: PolyphaseOptions,
  ) {
    this.store = new FeatureStore(graph.layout);
    this.measured = new Map(plan.layers.map((layer, index) => [layer.tensor, { index, layer }]));
    const fed = new Set(plan.levels.flatMap((level) => level.feeds));
    this.levels = plan.levels
      .map((level, index) => ({ index, level, held: level.fetches.filter((tensor) => fed.has(tensor)), ...phasesOf(level, options.outputs?.shifts) }))
      .filter(({ level }) => level.layers.length > 0);
  }

  async run(input: TensorBatch): Promise<Measurement | undefined> {
    this.store.declare(this.plan.input.tensor, [1, 1], [1, 1], [1, ...input.dims.slice(1)]);
    this.store.add(this.plan.input.tensor, noShift, input.data);
    const finished = (await this.runUnshifted()) && (await this.descend(0, [noShift]));
    if (!finished) return undefined;
    const { size } = this.plan.input;
    const { omitted, notes, output } = this.plan;
    return {
      metric: this.options.metric,
      size,
      heatmaps: this.heatmaps,
      output: this.output?.build() ?? { reason: output.ok ? 'The model gave no output.' : output.reason },
      omitted,
      notes,
    };
  }

  /** Runs shift 0 through all levels: F_0 of every layer, and with it the true size of everything that will be held. */
  private async runUnshifted(): Promise<boolean> {
    const costs = [];
    for (const { index, level, held } of this.levels) {
      if (!(await this.mayContinue())) return false;
      const fetched = await this.runPhases(index, level, [noShift]);
      let workingBytes = 0;
      for (const [tensor, { data, dims }] of fetched) {
        workingBytes += 2 * data.byteLength;
        if (held.includes(tensor)) this.store.declare(tensor, level.period, this.plan.strides.get(tensor), dims);
        const measured = this.measured.get(tensor);
        if (measured === undefined) continue;
        this.builders.set(tensor, new HeatmapBuilder(measured.layer, data, this.graph.layout, this.options.metric, this.options.products ?? plainProducts));
        this.emitIfComplete(tensor);
      }
      const { output } = this.plan;
      const values = output.ok ? fetched.get(output.tensor)?.data.length : undefined;
      if (output.ok && values !== undefined && this.options.outputs === undefined) this.output = new OutputBuilder(output.name, level.period, level.step, values);
      this.keep(held, [noShift], fetched);
      this.collectOutput(level, [noShift], fetched);
      for (const feed of level.feeds) workingBytes += 2 * this.store.sampleBytes(feed);
      const heldBytes = held.reduce((sum, tensor) => sum + this.store.sampleBytes(tensor), 0);
      costs.push({ period: level.period, workingBytes, heldBytes, multiplyAdds: level.multiplyAdds, batchable: level.batchable });
    }
    const references = this.plan.layers.reduce((sum, { channels, size }) => sum + channels * area(size) * 4, 0);
    this.chunks = chunkSizes(costs, this.options.memoryBudgetBytes - references);
    return true;
  }

  /** Runs all phases of a level that descend from the held `parents`, each held group followed by its own descendants. */
  private async descend(position: number, parents: readonly Phase[]): Promise<boolean> {
    const active = this.levels[position];
    if (active === undefined) return true;
    const { index, level, held, runsFor } = active;
    const chunk = this.chunks[position] ?? { run: 1, held: 1 };
    const parentPeriod = this.levels[position - 1]?.level.period ?? [1, 1];
    const phases = childPhases(parents, parentPeriod, level.period).filter(runsFor);
    for (const group of pieces(phases, chunk.held)) {
      const shifted = group.filter((phase) => phase[0] + phase[1] > 0);
      for (const batch of pieces(shifted, chunk.run)) {
        if (!(await this.mayContinue())) return false;
        const fetched = await this.runPhases(index, level, batch);
        this.keep(held, batch, fetched);
        this.collectOutput(level, batch, fetched);
        this.collectHeatmaps(level, batch, fetched);
      }
      if (!(await this.descend(position + 1, group))) return false;
      for (const tensor of held) for (const phase of shifted) this.store.release(tensor, phase);
    }
    return true;
  }

  private async runPhases(index: number, level: MeasureLevel, phases: readonly Phase[]): Promise<ReadonlyMap<string, TensorBatch>> {
    const feeds = new Map(level.feeds.map((tensor) => [tensor, this.store.feed(tensor, phases)]));
    const fetched = await this.model.runLevel(index, feeds);
    for (const tensor of level.fetches) {
      const batch = fetched.get(tensor)?.dims[0];
      if (batch === phases.length) continue;
      throw new ModelError(
        'unsupported',
        `The value "${tensor}" does not keep one entry per image (batch ${batch ?? 'missing'} instead of ${phases.length}), so the model cannot be measured.`,
      );
    }
    this.doneMultiplyAdds += level.multiplyAdds * phases.length;
    this.options.onProgress?.(Math.min(1, this.doneMultiplyAdds / this.totalMultiplyAdds()));
    return fetched;
  }

  private totalMultiplyAdds(): number {
    return Math.max(1, this.levels.reduce((sum, { level, runs }) => sum + level.multiplyAdds * runs, 0));
  }

  private keep(held: readonly string[], phases: readonly Phase[], fetched: ReadonlyMap<string, TensorBatch>): void {
    for (const tensor of held) eachSample(fetched.get(tensor), phases, (phase, sample) => { this.store.add(tensor, phase, sample); });
  }

  private collectOutput({ period }: MeasureLevel, phases: readonly Phase[], fetched: ReadonlyMap<string, TensorBatch>): void {
    const { output } = this.plan;
    if (!output.ok) return;
    eachSample(fetched.get(output.tensor), phases, (phase, sample) => {
      this.options.outputs?.take(phase, period, sample);
      this.output?.add(phase, sample);
    });
  }

  private collectHeatmaps(level: MeasureLevel, phases: readonly Phase[], fetched: ReadonlyMap<string, TensorBatch>): void {
    for (const tensor of level.fetches) {
      const builder = this.builders.get(tensor);
      if (builder === undefined) continue;
      eachSample(fetched.get(tensor), phases, (phase, sample) => { builder.add(phase, sample); });
      this.emitIfComplete(tensor);
    }
  }

  /** A complete heatmap is handed out and its F_0 let go. */
  private emitIfComplete(tensor: string): void {
    const builder = this.builders.get(tensor);
    const measured = this.measured.get(tensor);
    if (measured === undefined || builder?.complete !== true) return;
    const heatmap = builder.build();
    this.builders.delete(tensor);
    this.heatmaps[measured.index] = heatmap;
    this.options.onHeatmap?.(measured.index, heatmap);
  }

  private async mayContinue(): Promise<boolean> {
    await this.options.pause?.();
    return !this.options.cancellation.cancelled;
  }
}

/** The phases that lead to a wanted shift; without any, all that the plan wants. */
function phasesOf({ period, step }: MeasureLevel, shifts: readonly AxisPair[] | undefined): Pick<ActiveLevel, 'runsFor' | 'runs'> {
  if (shifts === undefined) return { runsFor: (phase) => latticeIndex(phase, period, step) !== undefined, runs: area(latticeSize(period, step)) };
  const wanted = new Set([noShift, ...shifts].map((shift) => phaseIndex(shiftedPhase(shift, period), period)));
  return { runsFor: (phase) => wanted.has(phaseIndex(phase, period)), runs: wanted.size };
}

function* pieces<T>(list: readonly T[], length: number): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += length) yield list.slice(start, start + length);
}

function eachSample(batch: TensorBatch | undefined, phases: readonly Phase[], visit: (phase: Phase, sample: Float32Array) => void): void {
  if (batch === undefined) return;
  const length = batch.data.length / phases.length;
  for (const [index, phase] of phases.entries()) visit(phase, batch.data.subarray(index * length, (index + 1) * length));
}
