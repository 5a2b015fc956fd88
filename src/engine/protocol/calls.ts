import type { ClassNames } from '../../core/consistency/class-names';
import type { Picture } from '../../core/input/picture';
import type { BlurPlan } from '../../core/rewrite/plan';
import type { DeployedMeasurement } from '../../core/equivariance/measure/deployed';
import type { FeatureMaps } from '../../core/equivariance/measure/feature-maps';
import type { Measurement } from '../../core/equivariance/measure/measurement';
import type { Classification, ClassifyOptions, ImageFile, RowDone } from './classifying';
import type {
  DeployedMeasureOptions,
  FeatureOptions,
  HeatmapDone,
  MeasuringShown,
  MeasuringStarted,
  MeasureOptions,
  ShareDone,
  WritableMaps,
} from './measuring';
import type { InputSpec, RunOutput, SentModel } from './payload';
import type { ReadingCalls } from './reading';
import type { RecoveryResult, WantedRecovery } from './recovering';
import type { VariantResult, VariantSpec } from './variants';

/** A model, what it is shown, and how. */
interface Measuring<Options> {
  readonly model: SentModel;
  readonly input: InputSpec;
  readonly options: Options;
}

/**
 * Every call that a process of ours answers: what is asked, what is told meanwhile, and what is answered. Those that run a model are
 * served by the file of their name in `process/calls`, those that only read it by `process/reading`.
 */
export interface EngineCalls extends ReadingCalls {
  /** Heatmaps of all layers under the circular protocol. */
  readonly measure: {
    readonly request: Measuring<MeasureOptions>;
    readonly progress: MeasuringShown | HeatmapDone | ShareDone;
    readonly result: {
      readonly backend: string;
      readonly measurement: Measurement;
      readonly picture: Picture | null;
      /** Null where the model is no classifier, or nothing tells what its classes are called. */
      readonly classNames: ClassNames | null;
    };
  };
  /** Heatmaps of the model as it is, on crops of a larger canvas. */
  readonly 'measure-deployed': {
    readonly request: Measuring<DeployedMeasureOptions>;
    readonly progress: ShareDone;
    readonly result: { readonly backend: string; readonly measurement: DeployedMeasurement; readonly notes: readonly string[] };
  };
  /** Feature maps of one layer under the circular protocol, for the image as it is and shifted. */
  readonly features: {
    readonly request: Measuring<FeatureOptions>;
    readonly progress: ShareDone;
    readonly result: { readonly backend: string; readonly maps: FeatureMaps; readonly notes: readonly string[] };
  };
  /** Classifies shifted images of a folder. */
  readonly classify: {
    readonly request: { readonly model: SentModel; readonly images: readonly ImageFile[]; readonly options: ClassifyOptions };
    readonly progress: RowDone | ShareDone;
    readonly result: Classification;
  };
  /** Heatmaps of variants of one model, and classes of images, if any, by each of them; what the variants share is run once. */
  readonly 'measure-variants': {
    readonly request: Measuring<MeasureOptions> &
      Pick<ClassifyOptions, 'pairs' | 'seed'> & { readonly variants: readonly VariantSpec[]; readonly images: readonly ImageFile[] };
    readonly progress: MeasuringStarted | ShareDone;
    /** In the order of the request. */
    readonly result: { readonly backend: string; readonly variants: readonly VariantResult[] };
  };
  /** Fixes a model in memory and re-solves the weights of the layers behind its blurs from unlabelled images. */
  readonly recover: {
    readonly request: WantedRecovery & { readonly model: SentModel; readonly plans: readonly BlurPlan[] };
    readonly progress: ShareDone;
    readonly result: RecoveryResult;
  };
  /** Runs the unchanged model once: the proof that a file loads in its runtime. */
  readonly run: {
    readonly request: { readonly model: SentModel; readonly input: InputSpec };
    readonly progress: never;
    readonly result: { readonly backend: string; readonly outputs: readonly RunOutput[] };
  };
  /** Closes a model that is kept open for the next call about it: its editor has closed. */
  readonly 'let-go': {
    /** What messages call the model. */
    readonly request: { readonly path: string };
    readonly progress: never;
    readonly result: null;
  };
  /** Writes heatmaps or feature maps to a folder, as float32 arrays (.npy) and pictures (.png). */
  readonly 'write-maps': {
    readonly request: { readonly folder: string; readonly maps: WritableMaps; readonly mayReplace: boolean };
    readonly progress: never;
    /** The files written. */
    readonly result: readonly string[];
  };
}

export type CallKind = keyof EngineCalls;
export type CallRequest<Kind extends CallKind> = EngineCalls[Kind]['request'];
export type CallProgress<Kind extends CallKind> = EngineCalls[Kind]['progress'];
export type CallResult<Kind extends CallKind> = EngineCalls[Kind]['result'];
