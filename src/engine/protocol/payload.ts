import type { Piece } from '../../core/formats/byte-source';

/** Where a model lies: what its messages call it, its folder on disk, and files of that folder that are not yet written. */
export interface ModelPlace {
  /** Shown in messages. */
  readonly path: string;
  /** Folder on disk that weight shards and external data are read from; nothing outside it is opened, but for what `file` allows. */
  readonly folder: string;
  /**
   * The model's own file on disk, left out where it lies on none. Where it is a link, as in the caches of Hugging Face, DVC and Bazel,
   * files beside it may be links into the folder, or the store, that it leads to itself.
   */
  readonly file?: string;
  /** Files not yet written, by path relative to `folder`; they win over the disk. */
  readonly overlay: Readonly<Record<string, Uint8Array>>;
}

/** A model with all bytes of its (possibly unsaved) file. */
export interface ModelPayload extends ModelPlace {
  readonly bytes: Uint8Array;
}

/** A file on disk as it was when somebody looked, and a change of it that nobody has written. */
export interface FileContent {
  /** Absolute path. */
  readonly file: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Of the changed file, over this one; null where nothing is changed. */
  readonly pieces: readonly Piece[] | null;
}

/**
 * What a model's file holds: its bytes, a text in parts that are cheap to handle, or the file that whoever gets this reads itself, so that
 * nobody has to hold it.
 */
export type SentContent = Pick<ModelPayload, 'bytes'> | { readonly text: readonly string[] } | { readonly content: FileContent };

/** A model as it is sent to a process of ours. */
export type SentModel = ModelPlace & SentContent;

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
