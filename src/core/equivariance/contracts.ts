import type { AxisPair } from '../graph/model-graph';

/**
 * What a format's level writer is told: which layers run together, on maps of which size, and what wraps. A writer takes no decision of
 * its own. All that formats and the measure share stands in this file (docs/equivariance.md, section 6).
 */
export interface LevelPlan {
  readonly input: LevelInput;
  /** In order of period; every level's period is a multiple of the one before. Level 0 has period [1, 1]. */
  readonly levels: readonly MeasureLevel[];
  /** Q, image pixels per sample, of every tensor that is a map of the circular network. */
  readonly strides: ReadonlyMap<string, AxisPair>;
  /** Circular padding of the window layers, by layer. */
  readonly circularPadding: ReadonlyMap<string, CircularPadding>;
  /** What the layers that upsample or resize read and give, by layer. */
  readonly circularResampling: ReadonlyMap<string, CircularResampling>;
  /** Layers that hand their input on: Pad layers whose amounts the window layer behind them takes over, and reshapes of bare signals. */
  readonly foldedPads: ReadonlySet<string>;
}

/** The images that a model takes under a plan. */
export interface LevelInput {
  /** At least one; all have one size and move together. */
  readonly images: readonly ImageInput[];
  /** Height and width in pixels. */
  readonly size: AxisPair;
  /** True where the model's own tensors have no height: `[batch, channels, length]` instead of `[batch, channels, 1, length]`. */
  readonly isSignal: boolean;
}

/** An image that a model takes. */
export interface ImageInput {
  readonly tensor: string;
  readonly channels: number;
}

/** Layers of one period. For every shift in [0, period) they run once, on feeds rolled to that shift. */
export interface MeasureLevel {
  /** N, in pixels. */
  readonly period: AxisPair;
  /** Pixels between the shifts it runs for, from none on: 1, except where every shift has a value of its own and they are too many. */
  readonly step: AxisPair;
  /** Layer names in topological order. */
  readonly layers: readonly string[];
  /** Tensors of earlier levels (or the model's input) that the layers read. */
  readonly feeds: readonly string[];
  /** Tensors that leave the level: measured maps, feeds of later levels, the model's output. */
  readonly fetches: readonly string[];
  /** False where a layer fixes the batch size or mixes images (one scale for them all): images then run one by one. */
  readonly batchable: boolean;
  /** Estimated multiply-adds for one shift, for progress. */
  readonly multiplyAdds: number;
}

/** What a run of a level gives where not all of its fetches are wanted as they are. */
export interface LevelResults {
  /** Tensors that leave as they are. */
  readonly maps: readonly string[];
  /** Feature maps of which the sums of the closed form leave, by tensor (docs/equivariance.md, section 2). */
  readonly sums: ReadonlyMap<string, SummedMap>;
}

/** A feature map, and over what its squares and its products with F_0 are summed. */
export interface SummedMap {
  readonly channels: number;
  /** Height and width of the map. */
  readonly size: AxisPair;
  /** Over everything, or over channels alone at every position. */
  readonly over: 'everything' | 'channels';
  /** Whether F_0 comes in all its four rolls, `[4, channels, height, width]`, or extended: `[1, channels, height + 1, width + 1]`. */
  readonly isRolled: boolean;
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
  /** Height and width of the circular output. */
  readonly size: AxisPair;
}
