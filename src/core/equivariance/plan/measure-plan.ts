import type { AxisPair } from '../../graph/model-graph';
import type { TokenMovement } from '../tokens/token-roll';

/**
 * What the polyphase pass (DESIGN: "every shift at the price of a few") has to do for one model and one image size.
 * Engines execute it; they take no decision of their own.
 */
export interface MeasurePlan {
  readonly input: PlannedInput;
  /** In order of period; every level's period is a multiple of the one before. Level 0 has period [1, 1]. */
  readonly levels: readonly MeasureLevel[];
  /** Layers with a heatmap, in depth order. */
  readonly layers: readonly MeasuredLayer[];
  /** Q of every tensor that is a map of the circular network. */
  readonly strides: ReadonlyMap<string, AxisPair>;
  /** How tensors move whose positions are not axes of a map. */
  readonly tokens: ReadonlyMap<string, TokenMovement>;
  /** Circular padding of every window layer in the levels. */
  readonly circularPadding: ReadonlyMap<string, CircularPadding>;
  /** What the layers that upsample or resize read and give. */
  readonly circularResampling: ReadonlyMap<string, CircularResampling>;
  /** Pad layers folded into the window layer that follows: engines pass their input through. */
  readonly foldedPads: ReadonlySet<string>;
  /** The model's first output, evaluated at every shift, or why it is left out. */
  readonly output: { readonly ok: true; readonly tensor: string; readonly name: string } | { readonly ok: false; readonly reason: string };
  /** Layers without a heatmap, each with the reason as a full sentence. */
  readonly omitted: readonly { readonly layer: string; readonly reason: string }[];
  /** What was adapted to make the pass exact (resized input, wrapped VALID layers), as full sentences. */
  readonly notes: readonly string[];
}

/** An image that a model takes. */
export interface ImageInput {
  readonly tensor: string;
  readonly channels: number;
}

/** An input that is no image: fed with zeros, the same for all shifts. */
export interface HeldInput {
  readonly tensor: string;
  /** Shape with batch 1; axes that the model leaves open are 1. */
  readonly dims: readonly number[];
}

/** What a model takes. All its images have one size and move together. */
export interface PlannedInput {
  /** At least one. */
  readonly images: readonly ImageInput[];
  readonly held: readonly HeldInput[];
  /** Image size of the pass; a multiple of the network's total stride. */
  readonly size: AxisPair;
  /** True where the model's own tensors have no height: `[batch, channels, length]` instead of `[batch, channels, 1, length]`. */
  readonly isSignal: boolean;
  /** The size the model declares, null where it is open; differs from `size` where a stride does not divide it. */
  readonly declaredSize: readonly [number | null, number | null];
}

/** Layers of one period. For every shift in [0, period) they run once, on feeds rolled to that shift. */
export interface MeasureLevel {
  readonly period: AxisPair;
  /** Pixels between the shifts it runs for, from none on: 1, except where every shift has a value of its own and they are too many. */
  readonly step: AxisPair;
  /** Layer names in topological order. */
  readonly layers: readonly string[];
  /** Tensors of earlier levels (or the model's input) that the layers read. */
  readonly feeds: readonly string[];
  /** Tensors that leave the level: measured maps, feeds of later levels, the model's output. */
  readonly fetches: readonly string[];
  /** False where a layer fixes the batch size (a Reshape to a constant batch): phases then run one by one. */
  readonly batchable: boolean;
  /** Estimated multiply-adds for one shift, for progress. */
  readonly multiplyAdds: number;
}

/** One line of the result: a layer whose output has positions. */
export interface MeasuredLayer {
  /** Layer name in the graph. */
  readonly layer: string;
  /** Output tensor's name for ONNX, the layer's name for tfjs: the `name` of the command line. */
  readonly name: string;
  readonly op: string;
  readonly tensor: string;
  readonly channels: number;
  /** Height and width of the feature map. */
  readonly size: AxisPair;
  /** Q: image size / map size. */
  readonly spatialStride: AxisPair;
  /** N: the heatmap repeats every N pixels. A multiple of Q, but for maps of a single position, which repeat with their input. */
  readonly period: AxisPair;
  /** Pixels between the shifts it is measured at; 1 but in tails that have a value of their own for every shift. */
  readonly step: AxisPair;
}

/** Samples to wrap around before and after each image axis; a negative amount crops. */
export interface CircularPadding {
  readonly begin: AxisPair;
  readonly end: AxisPair;
}

/** A layer that runs without padding of its own on a wrapped map, and whose circular output is cut out of what it gives. */
export interface CircularResampling {
  readonly padding: CircularPadding;
  /** First sample of the circular output in the layer's. */
  readonly begin: AxisPair;
  /** Size of the circular output. */
  readonly size: AxisPair;
}
