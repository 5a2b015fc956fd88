import { t } from '@vscode/l10n';
import { ModelError } from '../../model-error';
import type { AxisPair, ModelGraph } from '../../graph/model-graph';
import { samePair } from '../../graph/period';
import type { SummedLevel, SummedRun, SumsBatch, TensorBatch } from './circular-model';
import { FeatureStore } from './feature-store';
import { HeatmapBuilder } from '../measure/heatmap-builder';
import type { MeasureLevel } from '../contracts';
import type { MeasuredLayer } from '../plan/measure-plan';
import { leftOut, type MeaninglessMap } from '../measure/meaningless';
import type { Heatmap, Measurement, Metric } from '../measure/measurement';
import { liveBytes } from './live-bytes';
import type { OpenedPlan } from './opened-plan';
import { OutputBuilder } from './output-builder';
import { noShift, type Phase } from './phases';
import { feedsOf } from '../plan/planned-input';
import { weightBytes } from '../plan/weight-bytes';
import { areFinite, staysInPlace } from '../measure/closed-form';
import { terms, type PlaceSums, type Products, type ReferenceMap } from '../measure/products';

/** Of the maps that are there at once, one is there a second time, wrapped. */
const wrappedShare = 1.5;

/** The weights as they are written, as they are handed over, and as the runtime lays them out. */
const weightCopies = 3;

/** A model that the polyphase pass walks through, and who hears of what it gives. */
export interface WalkedModel extends OpenedPlan {
  /** Called as soon as a heatmap is complete; `index` counts in the plan's layers. */
  readonly onHeatmap?: (index: number, heatmap: Heatmap) => void;
  /** Hears of the model's output at every shift that is run; `phase` is the shift reduced modulo `period`. */
  readonly onOutput?: (phase: Phase, period: AxisPair, output: Float32Array) => void;
}

/** A model whose levels hold only what another, the trunk, does not compute alike. */
export interface Branch extends WalkedModel {
  /** Tensors that its levels are fed from the trunk; all others are its own, whatever they are called. */
  readonly fromTrunk: ReadonlySet<string>;
}

/** What is collected of the models of a walk. */
export interface Collected {
  readonly metric: Metric;
  readonly products: Products;
  /** Whether the output is kept for all shifts. */
  readonly outputMap: boolean;
}

/** One model during a walk: the tensors that are held of it, and the result that grows. */
export class WalkedState {
  private readonly store: FeatureStore;
  private readonly measured: ReadonlyMap<string, { readonly index: number; readonly layer: MeasuredLayer }>;
  private readonly builders = new Map<string, HeatmapBuilder>();
  private readonly heatmaps: (Heatmap | undefined)[] = [];
  private readonly meaningless: (MeaninglessMap | undefined)[] = [];
  private output: OutputBuilder | undefined;
  /** Levels whose sums left the range of the runtime's numbers once: their maps are fetched from then on. */
  private readonly beyondRange = new Set<number>();

  /** @param trunk what feeds a branch */
  constructor(
    readonly walked: WalkedModel,
    private readonly collected: Collected,
    private readonly trunk?: { readonly state: WalkedState; readonly tensors: ReadonlySet<string> },
  ) {
    this.store = new FeatureStore(walked.graph.layout);
    this.measured = new Map(walked.plan.layers.map((layer, index) => [layer.tensor, { index, layer }]));
  }

  /** Holds what the model is fed. @param image batch 1 */
  start(image: TensorBatch): void {
    const { plan, graph } = this.walked;
    for (const [tensor, { data, dims }] of feedsOf(plan.input, image, graph.layout)) {
      this.store.declare(tensor, [1, 1], plan, dims);
      this.store.add(tensor, noShift, data);
    }
  }

  /** Bytes of one sample of a tensor that a level is fed. */
  sampleBytes(tensor: string): number {
    return this.sourceOf(tensor).sampleBytes(tensor);
  }

  /**
   * Runs a level for shifted images; `begin` has taken what it gives for the unshifted one.
   * @param needed tensors that later runs read
   * @throws ModelError where the model does not keep one entry per image
   */
  async run(index: number, level: MeasureLevel, phases: readonly Phase[], needed: readonly string[]): Promise<SummedLevel> {
    const { runSums } = this.walked.model;
    const references = this.references(level);
    if (runSums !== undefined && references.size > 0 && !this.beyondRange.has(index)) {
      const summed = await this.runSummed(runSums, index, level, phases, { needed, references });
      if ([...summed.sums.values()].every(areFinite)) return summed;
      this.beyondRange.add(index);
    }
    return { maps: await this.runWhole(index, level, phases), sums: new Map() };
  }

  /** Runs a level and has it give all of its maps. @throws ModelError where the model does not keep one entry per image */
  async runWhole(index: number, level: MeasureLevel, phases: readonly Phase[]): Promise<ReadonlyMap<string, TensorBatch>> {
    const fetched = await this.walked.model.runLevel(index, this.feeds(level, phases));
    for (const tensor of level.fetches) requireImages(tensor, fetched.get(tensor)?.dims[0], phases.length);
    return fetched;
  }

  private async runSummed(
    run: SummedRun,
    index: number,
    level: MeasureLevel,
    phases: readonly Phase[],
    { needed, references }: { readonly needed: readonly string[]; readonly references: ReadonlyMap<string, ReferenceMap> },
  ): Promise<SummedLevel> {
    const { output } = this.walked.plan;
    const maps = level.fetches.filter(
      (tensor) => needed.includes(tensor) || !references.has(tensor) || (output.ok && output.tensor === tensor),
    );
    const summed = await run(index, this.feeds(level, phases), { maps, references });
    for (const tensor of maps) requireImages(tensor, summed.maps.get(tensor)?.dims[0], phases.length);
    for (const tensor of references.keys()) {
      const images = summed.sums.get(tensor)?.images ?? summed.maps.get(tensor)?.dims[0];
      requireImages(tensor, images, phases.length);
    }
    return summed;
  }

  private feeds(level: MeasureLevel, phases: readonly Phase[]): ReadonlyMap<string, TensorBatch> {
    return new Map(level.feeds.map((tensor) => [tensor, this.sourceOf(tensor).feed(tensor, phases)]));
  }

  /** F_0 of the level's maps whose heatmaps need no more than sums. */
  private references({ fetches, period }: MeasureLevel): ReadonlyMap<string, ReferenceMap> {
    return new Map(
      fetches.flatMap((tensor) => {
        const [layer, builder] = [this.measured.get(tensor)?.layer, this.builders.get(tensor)];
        if (layer === undefined || builder === undefined || !samePair(layer.period, period) || !staysInPlace(layer)) return [];
        return [[tensor, builder.reference] as const];
      }),
    );
  }

  /** Takes what a level gives for the unshifted image: F_0 of its layers, and the true size of what will be held. */
  begin(level: MeasureLevel, held: readonly string[], fetched: ReadonlyMap<string, TensorBatch>): void {
    const { plan, graph } = this.walked;
    for (const tensor of level.fetches) {
      const { data, dims } = fetched.get(tensor) ?? { data: new Float32Array(), dims: [] };
      if (held.includes(tensor)) this.store.declare(tensor, level.period, plan, dims);
      const measured = this.measured.get(tensor);
      if (measured === undefined) continue;
      this.builders.set(tensor, new HeatmapBuilder(measured.layer, data, graph.layout, this.collected.metric, this.collected.products));
      this.emitIfComplete(tensor);
    }
    const { output } = plan;
    const values = output.ok ? fetched.get(output.tensor)?.data.length : undefined;
    if (output.ok && values !== undefined && this.collected.outputMap)
      this.output = new OutputBuilder(output.name, level.period, level.step, values);
    this.keep(held, [noShift], fetched);
    this.collectOutput(level, [noShift], fetched);
  }

  /** Takes what a level gives for shifted images. */
  take(level: MeasureLevel, held: readonly string[], phases: readonly Phase[], { maps, sums }: SummedLevel): void {
    this.keep(held, phases, maps);
    this.collectOutput(level, phases, maps);
    for (const tensor of level.fetches) {
      const builder = this.builders.get(tensor);
      if (builder === undefined) continue;
      const summed = sums.get(tensor);
      if (summed !== undefined) for (const [image, phase] of phases.entries()) builder.addSums(phase, sumsOf(summed, image));
      else
        eachSample(maps.get(tensor), phases, (phase, sample) => {
          builder.add(phase, sample);
        });
      this.emitIfComplete(tensor);
    }
  }

  /**
   * Bytes that a run takes for every image, beside what is held: what is fed and given, and the runtime's copies of it; where only sums
   * are given, what the runtime holds at once. `begin` has taken what the level gives for the unshifted image.
   */
  workingBytes(level: MeasureLevel, needed: readonly string[], fetched: ReadonlyMap<string, TensorBatch>): number {
    if (!this.givesSums(level)) return this.exchangedBytes(level, needed, fetched);
    const { graph } = this.walked;
    const given = (tensor: string): number => fetched.get(tensor)?.data.byteLength ?? sampleBytesOf(graph, tensor);
    const fed = total(level.feeds, (tensor) => this.sampleBytes(tensor));
    const names = new Set(level.layers);
    const layers = graph.layers.filter(({ name }) => names.has(name));
    return 2 * fed + wrappedShare * liveBytes(layers, given, needed);
  }

  /** The part of it that is fed and given, and copied on the way. */
  exchangedBytes(level: MeasureLevel, needed: readonly string[], fetched: ReadonlyMap<string, TensorBatch>): number {
    const fed = total(level.feeds, (tensor) => this.sampleBytes(tensor));
    const given = this.givesSums(level) ? level.fetches.filter((tensor) => needed.includes(tensor)) : level.fetches;
    return 2 * (fed + total(given, (tensor) => fetched.get(tensor)?.data.byteLength ?? sampleBytesOf(this.walked.graph, tensor)));
  }

  /** Whether the level's runs give sums. */
  givesSums(level: MeasureLevel): boolean {
    return this.walked.model.runSums !== undefined && this.references(level).size > 0;
  }

  /** Bytes of the copies of a level's weights that the runtime makes as it first takes its sums, while phases are held. */
  openingBytes(level: MeasureLevel): number {
    return this.givesSums(level) ? weightCopies * weightBytes(this.walked.graph, new Set(level.layers)) : 0;
  }

  /**
   * Lets the runtime keep F_0 of a level's maps rolled, so that no run has to roll them, where all of it takes no more than some bytes.
   * @returns the bytes it takes
   */
  rollReferences(level: MeasureLevel, affordableBytes: number): number {
    if (!this.givesSums(level)) return 0;
    const rolled = [...this.references(level).keys()].flatMap((tensor) => this.builders.get(tensor) ?? []);
    const bytes = total(rolled, ({ rolledBytes }) => rolledBytes);
    if (bytes > affordableBytes) return 0;
    for (const builder of rolled) builder.rollReference();
    return bytes;
  }

  release(tensors: readonly string[], phases: readonly Phase[]): void {
    for (const tensor of tensors) for (const phase of phases) this.store.release(tensor, phase);
  }

  /** The result of a walk that has ended. */
  measurement(): Measurement {
    const { input, omitted, notes } = this.walked.plan;
    const meaningless = this.meaningless.flatMap((map) => map ?? []);
    const left = leftOut(meaningless);
    return {
      metric: this.collected.metric,
      size: input.size,
      heatmaps: this.heatmaps.flatMap((heatmap) => heatmap ?? []),
      output: this.outputMap(),
      omitted: [...omitted, ...left.omitted],
      notes: [...notes, ...left.notes],
      meaningless,
    };
  }

  /** The output at every shift, where it says something. */
  private outputMap(): Measurement['output'] {
    const { output } = this.walked.plan;
    const map = this.output?.build();
    if (map === undefined) return { reason: output.ok ? t('The model gave no output.') : output.reason };
    if (!map.tile.every(Number.isFinite)) return { reason: t('The output of the model is not finite, so it tells no class.') };
    return map.tile.some((value) => value !== 0)
      ? map
      : { reason: t('The output of the model is zero at every shift, so it tells no class.') };
  }

  private sourceOf(tensor: string): FeatureStore {
    return this.trunk?.tensors.has(tensor) === true ? this.trunk.state.store : this.store;
  }

  private keep(held: readonly string[], phases: readonly Phase[], fetched: ReadonlyMap<string, TensorBatch>): void {
    for (const tensor of held)
      eachSample(fetched.get(tensor), phases, (phase, sample) => {
        this.store.add(tensor, phase, sample);
      });
  }

  private collectOutput({ period, fetches }: MeasureLevel, phases: readonly Phase[], fetched: ReadonlyMap<string, TensorBatch>): void {
    const { output } = this.walked.plan;
    if (!output.ok || !fetches.includes(output.tensor)) return;
    eachSample(fetched.get(output.tensor), phases, (phase, sample) => {
      this.walked.onOutput?.(phase, period, sample);
      this.output?.add(phase, sample);
    });
  }

  /** A complete heatmap is handed out, if it says anything, and its F_0 let go. */
  private emitIfComplete(tensor: string): void {
    const builder = this.builders.get(tensor);
    const measured = this.measured.get(tensor);
    if (measured === undefined || builder?.complete !== true) return;
    this.builders.delete(tensor);
    const why = builder.meaningless();
    if (why !== undefined) {
      this.meaningless[measured.index] = { layer: measured.layer, why };
      return;
    }
    const heatmap = builder.build();
    this.heatmaps[measured.index] = heatmap;
    this.walked.onHeatmap?.(measured.index, heatmap);
  }
}

function eachSample(batch: TensorBatch | undefined, phases: readonly Phase[], visit: (phase: Phase, sample: Float32Array) => void): void {
  if (batch === undefined) return;
  const length = batch.data.length / phases.length;
  for (const [index, phase] of phases.entries()) visit(phase, batch.data.subarray(index * length, (index + 1) * length));
}

/** The sums of one image of a batch. */
function sumsOf({ images, squares, products }: SumsBatch, image: number): PlaceSums {
  const places = squares.length / images;
  return {
    squares: squares.subarray(image * places, (image + 1) * places),
    products: products.subarray(image * places * terms, (image + 1) * places * terms),
  };
}

/** @throws ModelError */
function requireImages(tensor: string, images: number | undefined, wanted: number): void {
  if (images === wanted) return;
  throw new ModelError(
    'unsupported',
    t`The value "${tensor}" does not keep one entry per image (batch ${images ?? t('missing')} instead of ${wanted}), so the model cannot be measured.`,
  );
}

/** Bytes of a tensor for one image as the graph knows it; axes it leaves open count once. */
function sampleBytesOf({ tensors }: ModelGraph, tensor: string): number {
  return (tensors.get(tensor)?.shape ?? []).slice(1).reduce<number>((product, length) => product * (length ?? 1), 4);
}

function total<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((sum, item) => sum + amount(item), 0);
}
