import { ModelError } from '../../model-error';
import type { AxisPair } from '../../graph/model-graph';
import type { TensorBatch } from './circular-model';
import { FeatureStore } from './feature-store';
import { HeatmapBuilder } from '../measure/heatmap-builder';
import type { MeasureLevel } from '../contracts';
import type { MeasuredLayer } from '../plan/measure-plan';
import { leftOut, type MeaninglessMap } from '../measure/meaningless';
import type { Heatmap, Measurement, Metric } from '../measure/measurement';
import type { OpenedPlan } from './opened-plan';
import { OutputBuilder } from './output-builder';
import { noShift, type Phase } from './phases';
import { feedsOf } from '../plan/planned-input';
import type { Products } from '../measure/products';

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

  /** @throws ModelError where the model does not keep one entry per image */
  async run(index: number, level: MeasureLevel, phases: readonly Phase[]): Promise<ReadonlyMap<string, TensorBatch>> {
    const feeds = new Map(level.feeds.map((tensor) => [tensor, this.sourceOf(tensor).feed(tensor, phases)]));
    const fetched = await this.walked.model.runLevel(index, feeds);
    for (const tensor of level.fetches) {
      const batch = fetched.get(tensor)?.dims[0];
      if (batch === phases.length) continue;
      throw new ModelError(
        'unsupported',
        `The value "${tensor}" does not keep one entry per image (batch ${batch ?? 'missing'} instead of ${phases.length}), so the model cannot be measured.`,
      );
    }
    return fetched;
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
  take(level: MeasureLevel, held: readonly string[], phases: readonly Phase[], fetched: ReadonlyMap<string, TensorBatch>): void {
    this.keep(held, phases, fetched);
    this.collectOutput(level, phases, fetched);
    for (const tensor of level.fetches) {
      const builder = this.builders.get(tensor);
      if (builder === undefined) continue;
      eachSample(fetched.get(tensor), phases, (phase, sample) => {
        builder.add(phase, sample);
      });
      this.emitIfComplete(tensor);
    }
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
    if (map === undefined) return { reason: output.ok ? 'The model gave no output.' : output.reason };
    if (!map.tile.every(Number.isFinite)) return { reason: 'The output of the model is not finite, so it tells no class.' };
    return map.tile.some((value) => value !== 0)
      ? map
      : { reason: 'The output of the model is zero at every shift, so it tells no class.' };
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
