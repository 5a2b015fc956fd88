import type { NamedLayer } from '../../graph/layer-labels';
import type { AxisPair } from '../../graph/model-graph';
import type { LevelInput, LevelPlan } from '../contracts';
import type { TokenMovement } from '../tokens/token-roll';

/**
 * What the polyphase pass (docs/equivariance.md, section 3) has to do for one model and one image size. Engines execute it; they take
 * no decision of their own.
 */
export interface MeasurePlan extends LevelPlan {
  readonly input: PlannedInput;
  /** Layers with a heatmap, in depth order. */
  readonly layers: readonly MeasuredLayer[];
  /** How tensors move whose positions are not axes of a map. */
  readonly tokens: ReadonlyMap<string, TokenMovement>;
  /** The model's first output, evaluated at every shift, or why it is left out. */
  readonly output: { readonly ok: true; readonly tensor: string; readonly name: string } | { readonly ok: false; readonly reason: string };
  /** Layers without a heatmap, each with the reason as a full sentence. */
  readonly omitted: readonly OmittedLayer[];
  /** What was adapted to make the pass exact (resized input, wrapped VALID layers), as full sentences. */
  readonly notes: readonly string[];
}

/** An input that is no image: fed with zeros, the same for all shifts. */
export interface HeldInput {
  readonly tensor: string;
  /** Shape with batch 1; axes that the model leaves open are 1. */
  readonly dims: readonly number[];
}

/** What a model takes. The size of its images is a multiple of the network's total stride. */
export interface PlannedInput extends LevelInput {
  readonly held: readonly HeldInput[];
  /** The size the model declares, null where it is open; differs from `size` where a stride does not divide it. */
  readonly declaredSize: readonly [number | null, number | null];
}

/** A layer without a heatmap, with the reason as a full sentence. */
export interface OmittedLayer extends NamedLayer {
  readonly reason: string;
}

/** One line of the result: a layer whose output has positions. */
export interface MeasuredLayer extends NamedLayer {
  /** Output tensor's name for ONNX, the layer's name for tfjs: the `name` of the command line. */
  readonly name: string;
  readonly op: string;
  readonly channels: number;
  /** Height and width of the feature map. */
  readonly size: AxisPair;
  /** Q: image size / map size. */
  readonly spatialStride: AxisPair;
  /** N: the heatmap repeats every N pixels. A multiple of Q, but for maps of a single position, which repeat with their input. */
  readonly period: AxisPair;
  /** Pixels between the shifts it is measured at; 1 but in tails that have a value of their own for every shift. */
  readonly step: AxisPair;
  /** Names of the measured layers nearest upstream, whose maps it is made of; none where it reads the image alone. */
  readonly before: readonly string[];
}
