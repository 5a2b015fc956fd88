import type { PlaceSums, ReferenceMap } from '../measure/products';

/** A batch of feature maps or vectors as an engine holds them: row-major float32, `dims[0]` is the batch. */
export interface TensorBatch {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** What a run is to give of a level where the sums of the closed form suffice of some maps. */
export interface WantedOfLevel {
  /** Tensors that are wanted as they are. */
  readonly maps: readonly string[];
  /** F_0 of the maps whose sums are wanted, by tensor; one may be wanted in either form. */
  readonly references: ReadonlyMap<string, ReferenceMap>;
}

/** What such a run gives; a map whose sums the runtime cannot take comes as it is. */
export interface SummedLevel {
  readonly maps: ReadonlyMap<string, TensorBatch>;
  readonly sums: ReadonlyMap<string, SumsBatch>;
}

/** The sums of a batch of maps, image by image. */
export interface SumsBatch extends PlaceSums {
  readonly images: number;
}

/**
 * A model opened under the circular protocol: every window layer wraps as the plan says, everything else is unchanged.
 * Spatial tensors have the layout of the model's graph. Implemented by each engine.
 */
export interface CircularModel {
  /**
   * Runs one level of the plan. All feeds have the same batch size; fetches have it too. Feeds are overwritten afterwards, so fetches
   * must not share their memory.
   * @throws ModelError `unsupported` where the runtime cannot run a layer.
   */
  runLevel(level: number, feeds: ReadonlyMap<string, TensorBatch>): Promise<ReadonlyMap<string, TensorBatch>>;
  /**
   * The same for maps of which mostly the sums are wanted, so that the maps need not leave the runtime. Missing where the runtime has no
   * way to take them.
   * @throws ModelError `unsupported` where the runtime cannot run a layer.
   */
  readonly runSums?: SummedRun | undefined;
  /** What a run may take at a time, where it is on a device with a memory of its own. */
  readonly runLimits?: RunLimits | undefined;
  /** Tells that a call that ran it is over: what the next one has no use for is let go of as it comes. */
  endCall?(): void;
  /** Frees the runtime's memory. */
  dispose(): Promise<void>;
}

/** What a run may take of a device with a memory of its own. */
export interface RunLimits {
  /** Bytes of feeds, of the maps that are there at once, and of what the runtime makes of them. */
  readonly bytes: number;
  /** A run should end within a fraction of a second. */
  readonly multiplyAdds: number;
}

/** Runs a level on feeds of one batch size. */
export type SummedRun = (level: number, feeds: ReadonlyMap<string, TensorBatch>, wanted: WantedOfLevel) => Promise<SummedLevel>;

/** Asked between runs: true once the user has cancelled. */
export interface CancellationProbe {
  readonly cancelled: boolean;
}
