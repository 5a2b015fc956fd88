import type { ExplainedLayer } from '../../core/explain/explained-layer';
import type { FileChange, FormatName, PatchOutcome, TextRange } from '../../core/formats/format';
import type { NamedLayer } from '../../core/graph/layer-labels';
import type { AxisPair, Layout, SourceOrigin } from '../../core/graph/model-graph';
import type { ReceptiveField } from '../../core/graph/receptive-field';
import type { ChosenPreprocessing } from '../../core/input/preprocessing';
import type { LintOptions } from '../../core/lint/lint-options';
import type { BorderChoice, FixPreview } from '../../core/lint/fix-preview';
import type { FixRequest } from '../../core/lint/select-plans';
import type { LayerFacts, WeightFacts } from '../../core/report/layer-facts';
import type { NetworkInput, NetworkNode } from '../../core/report/network';
import type { NewWeights } from '../../core/recover/linear-layer';
import type { BlurPlan, PlanPrice } from '../../core/rewrite/plan';
import type { Finding } from '../../core/rules/finding';
import type { SentModel } from './payload';

/** A model that the process keeps open once it was sent: later calls only name it. */
export interface HeldModel {
  /** Tells one document from another. */
  readonly id: string;
  /** Equal versions of a document are equal bytes, read for one image size. */
  readonly version: string;
  /** That it is read for, where it leaves its own open; all sizes without it. */
  readonly imageSize?: AxisPair;
  /** Null where the process should hold it. */
  readonly sent: SentModel | null;
  /** Only this format is looked for, where the file's name claims it. */
  readonly format?: FormatName['id'];
  /** Where the model lies on no disk: the files beside it that were asked for, null for those that are not there. */
  readonly beside?: Readonly<Record<string, Uint8Array | null>>;
}

/** An answer, or what is missing for it: the model itself, or files beside it that the process cannot reach. */
export type Asked<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'lacks-model' }
  | { readonly kind: 'lacks-files'; readonly paths: readonly string[] };

/** A place in a text as editors count it: lines and UTF-16 code units from 0. */
export interface TextPlace {
  readonly line: number;
  readonly character: number;
}

/** What the editor shows of a finding; the fix itself stays with the model. */
export interface ShownFinding
  extends NamedLayer, Pick<Finding, 'rule' | 'severity' | 'message' | 'cumulativeStrideBefore' | 'cumulativeStride'> {
  readonly aliasedEnergy: number | null;
  readonly origin: SourceOrigin | null;
  /** Where the layer stands in the text; null where the format is binary. */
  readonly place: { readonly start: TextPlace; readonly end: TextPlace } | null;
  readonly fix: ShownFix;
  /** The layer as the Explain page shows it. */
  readonly explained: ExplainedLayer;
}

/** What the editor says of a fix, or why there is none. */
export type ShownFix =
  | {
      readonly ok: true;
      readonly filter: string;
      /** For example `after relu1`. */
      readonly place: string;
      readonly notes: readonly string[];
      /** Null where it is not known. */
      readonly price: PlanPrice | null;
    }
  | { readonly ok: false; readonly reason: string };

/** What a judged model came to. Small, whatever the model: as many findings as people look at, and counts of all. */
export interface ModelSummary {
  readonly format: FormatName;
  readonly producer: string;
  readonly layerCount: number;
  readonly findingCount: number;
  /** Whether weights lie in files beside it. */
  readonly hasWeightFiles: boolean;
  /** Layers that "fix all" would change. */
  readonly fixableCount: number;
  /** What "fix all" would do. */
  readonly fixAll: FixPreview;
  /** What may lie beside the maps that fixes blur. */
  readonly borders: readonly BorderChoice[];
  /** The first of them, in the graph's order. */
  readonly findings: readonly ShownFinding[];
  /** Why it can be judged and no more; null where that is not so. */
  readonly note: string | null;
  /** What measuring needs to know of the images that the model takes; null where it takes none. */
  readonly image: ImageFacts | null;
  /** The image size that findings and fixes are for, where the model leaves its own open; null where they are for all that it takes. */
  readonly judgedSize: AxisPair | null;
  readonly preprocessing: ChosenPreprocessing;
}

/** The images that a model takes. */
export interface ImageFacts {
  readonly layout: Layout;
  readonly channels: number;
  readonly declaredSize: readonly [number | null, number | null];
}

/** A layer as tables show it. */
export interface ShownLayer extends NamedLayer {
  readonly op: string;
  readonly shape: string;
  /** One entry per spatial axis. */
  readonly stride: readonly number[] | null;
  readonly cumulativeStride: AxisPair | null;
  /** Null where it is not known. */
  readonly receptiveField: ReceptiveField | null;
  /** Numbers of its weights, as far as they stand in the files. */
  readonly parameters: number;
  /** For one image; null where a length is open. */
  readonly multiplyAdds: number | null;
  readonly finding: ShownFinding | null;
}

/** Part of a picture of the network. */
export interface NetworkPart {
  readonly inputs: readonly NetworkInput[];
  readonly nodes: readonly NetworkNode[];
}

/** A change of a model by some of its own fixes. */
export interface PlannedChange {
  readonly plans: readonly BlurPlan[];
  readonly change: FileChange;
  readonly outcomes: readonly PatchOutcome[];
  /** Of all that is fixed together; null where the model leaves its image size open. */
  readonly price: PlanPrice | null;
  /** Every layer that the model has without it, as `layerKey` writes them. */
  readonly layersBefore: readonly string[];
}

/** What tells a layer from one that a fix has put under its name. */
export function layerKey(name: string, op: string): string {
  return `${op} ${name}`;
}

/** A call about a model that the process keeps open. */
interface Reading<Request, Answer> {
  readonly request: Request & { readonly model: HeldModel };
  readonly progress: never;
  readonly result: Asked<Answer>;
}

/** A call that takes as long as the disk needs for all of a model. */
type LongReading<Request, Answer> = Omit<Reading<Request, Answer>, 'progress'> & { readonly progress: { readonly kind: 'working' } };

/** Every call that the reading process answers: what can be asked of a model without running it. */
export interface ReadingCalls {
  /** Opens a model and judges it; null for a file that is none. */
  readonly judge: Reading<{ readonly lint: LintOptions }, ModelSummary | null>;
  /** Some of its layers in the graph's order, from the `first` on, as many as are cheap to send. */
  readonly layers: Reading<{ readonly lint: LintOptions; readonly first: number }, readonly ShownLayer[]>;
  /** How some of its layers are connected, from the `first` on, as many as are cheap to send; with the first of them its inputs. */
  readonly network: Reading<{ readonly first: number }, NetworkPart>;
  /** What is known of one layer; null where the model does not have it. */
  readonly 'layer-facts': Reading<{ readonly layer: string }, LayerFacts | null>;
  /** What the numbers of a layer's weights come to; of large weights a bounded part is read. */
  readonly 'weight-statistics': Reading<{ readonly layer: string }, readonly WeightFacts[]>;
  /** Its findings with their plans. */
  readonly findings: Reading<{ readonly lint: LintOptions }, readonly Finding[]>;
  /** Where a layer stands in the file's text; null where it has no place. */
  readonly locate: Reading<{ readonly layer: string }, TextRange | null>;
  /** Changes it by fixes of its own. Nothing is written. */
  readonly fix: Reading<{ readonly lint: LintOptions; readonly fixes: FixRequest }, PlannedChange>;
  /** Adds recovered weights to a fix that was made of it. Nothing is written. */
  readonly 'add-weights': Reading<{ readonly fix: FileChange; readonly weights: NewWeights }, FileChange>;
  /** SHA-256 of the model and its weight files, in hexadecimal. */
  readonly digest: LongReading<unknown, string>;
  /** Writes it to a file that the user named in another folder, with its weights under names of their own; the files written. */
  readonly 'write-copy': LongReading<{ readonly file: string }, readonly string[]>;
}

export type ReadingKind = keyof ReadingCalls;
export type ReadingAnswer<Kind extends ReadingKind> = ReadingCalls[Kind]['result'] extends Asked<infer Answer> ? Answer : never;
