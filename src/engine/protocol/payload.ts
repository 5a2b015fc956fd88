/** A model as sent to the engine process: the (possibly unsaved) file, and where its weight files lie. */
export interface ModelPayload {
  /** Shown in messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Folder on disk that weight shards and external data are read from; nothing outside it is opened. */
  readonly folder: string;
  /** Files not yet written, by path relative to `folder`; they win over the disk. */
  readonly overlay: Readonly<Record<string, Uint8Array>>;
}

/** What the model is shown. */
export type InputSpec =
  | { readonly kind: 'pattern' }
  | { readonly kind: 'image'; readonly path: string; readonly bytes: Uint8Array }
  /** The input tensor verbatim, in the model's own layout, batch 1. */
  | { readonly kind: 'tensor'; readonly shape: readonly number[]; readonly data: Float32Array };

/** An output tensor of the unchanged model. */
export interface RunOutput {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}
