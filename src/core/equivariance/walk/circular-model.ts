/** A batch of feature maps or vectors as an engine holds them: row-major float32, `dims[0]` is the batch. */
export interface TensorBatch {
  readonly data: Float32Array;
  readonly dims: readonly number[];
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
  /** Frees the runtime's memory. */
  dispose(): Promise<void>;
}

/** Asked between runs: true once the user has cancelled. */
export interface CancellationProbe {
  readonly cancelled: boolean;
}
