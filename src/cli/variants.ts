import path from 'node:path';
import type { Measurement, Metric } from '../core/equivariance/measurement';
import type { ModelSource, PatchOutcome } from '../core/formats/format';
import type { ModelGraph } from '../core/graph/model-graph';
import { guessPreprocessing, type PreprocessingName } from '../core/input/preprocessing';
import type { BlurPlan } from '../core/rewrite/plan';
import { EngineClient, type Classification } from '../engine/client';
import type { ClassifyOptions, EngineEvent, ImageFile, InputSpec, ModelPayload } from '../engine/protocol';
import { patchedModel } from '../engine/patched';
import { payloadSource } from '../engine/source';
import { wholeNumber, UsageError, type OptionDeclaration, type ParsedWords } from './command';
import { preprocessingOf } from './consistency';
import { imagesOf } from './image-folder';
import { readInput } from './measure';
import type { OpenedModel } from './model-file';

const memoryBudgetBytes = 1 << 30;
const defaultPairs = 10;

/** Options that `compare` and `advise` share. */
export const variantOptions: Readonly<Record<string, OptionDeclaration>> = {
  json: { type: 'boolean' },
  input: { type: 'string' },
  metric: { type: 'string' },
  images: { type: 'string' },
  pairs: { type: 'string' },
  seed: { type: 'string' },
  preprocessing: { type: 'string' },
};

export const variantUsage = '[--input IMAGE|TENSOR.npy] [--metric flat|channel] [--images FOLDER] [--pairs N] [--seed N] [--preprocessing NAME] [--json]';

/** One model of a comparison and what was measured of it. */
export interface MeasuredVariant {
  readonly graph: ModelGraph;
  readonly outcomes: readonly PatchOutcome[];
  readonly backend: string;
  readonly measurement: Measurement;
  readonly classification: Classification | undefined;
}

/** Measures a model and fixed copies of it, made in memory, on the same inputs with the same settings. */
export class VariantRun {
  private readonly client = new EngineClient({ modulePath: path.join(__dirname, 'engine.js') });
  /** Set by the first classification: all later ones are made alike. */
  private protocol: ClassifyOptions['protocol'];

  private constructor(
    private readonly model: OpenedModel,
    readonly metric: Metric,
    readonly preprocessing: PreprocessingName,
    private readonly input: InputSpec,
    private readonly images: readonly ImageFile[],
    private readonly pairs: number,
    private readonly seed: number,
  ) {}

  /** @throws UsageError, ModelError */
  static async of(model: OpenedModel, parsed: ParsedWords): Promise<VariantRun> {
    const metric = parsed.text('metric') ?? 'flat';
    if (metric !== 'flat' && metric !== 'channel') throw new UsageError(`--metric takes flat or channel, not "${metric}".`);
    const folder = parsed.text('images');
    const images = folder === undefined ? [] : await imagesOf(folder, undefined, null);
    const preprocessing = preprocessingOf(parsed) ?? guessPreprocessing(model.graph).name;
    const pairs = wholeNumber(parsed, 'pairs', defaultPairs, 1);
    const seed = wholeNumber(parsed, 'seed', 0, 0);
    return new VariantRun(model, metric, preprocessing, await readInput(parsed.text('input')), images, pairs, seed);
  }

  /** The model with `plans` applied; as it is with none. @throws ModelError, EngineError */
  async measure(plans: readonly BlurPlan[], label: string): Promise<MeasuredVariant> {
    const { payload, source, outcomes } = await this.patched(plans);
    const graph = plans.length === 0 ? this.model.graph : await this.model.format.read(source);
    const { metric, preprocessing, pairs, seed } = this;
    const onEvent = (event: EngineEvent): void => { showProgress(label, event); };
    const { backend, measurement } = await this.client.measure(payload, this.input, { metric, preprocessing, memoryBudgetBytes }, { onEvent });
    if (this.images.length === 0) return { graph, outcomes, backend, measurement, classification: undefined };
    const options = { pairs, seed, preprocessing, memoryBudgetBytes, ...(this.protocol && { protocol: this.protocol }) };
    const classification = await this.client.classify(payload, this.images, options, { onEvent });
    this.protocol = classification.settings.protocol;
    return { graph, outcomes, backend, measurement, classification };
  }

  dispose(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    this.client.dispose();
  }

  private async patched(plans: readonly BlurPlan[]): Promise<{ payload: ModelPayload; source: ModelSource; outcomes: readonly PatchOutcome[] }> {
    const original = await this.model.payload();
    if (plans.length === 0) return { payload: original, source: this.model.source, outcomes: [] };
    const patch = await this.model.format.patch(this.model.source, plans);
    const { bytes, newFiles } = await patchedModel(this.model.source, patch);
    const payload = { ...original, bytes, overlay: { ...original.overlay, ...newFiles } };
    return { payload, source: payloadSource(payload), outcomes: patch.outcomes };
  }
}

/** A line that rewrites itself on a terminal; silent where standard error is a file. */
function showProgress(label: string, event: EngineEvent): void {
  if (process.stderr.isTTY && event.kind === 'progress') process.stderr.write(`\r\u001b[K${label}: ${Math.round(event.done * 100)} %`);
}
