/** Nodes of ours or of the model, and the constants they read, as they stand in a file. */
export interface EncodedNodes {
  /** Encoded NodeProtos, in order. */
  readonly nodes: readonly Uint8Array[];
  /** Encoded TensorProtos. */
  readonly initializers: readonly Uint8Array[];
}

/** Nodes that compute one tensor from another. */
export interface EncodedStep extends EncodedNodes {
  /** Name of the result; the input's own where nothing had to be done. */
  readonly output: string;
}
