import type { AxisPair, FormatId, Layer } from '../graph/model-graph';
import type { ModelError } from '../model-error';
import type { LinearLookup, NewWeights } from '../recover/linear-layer';
import type { RewritableModel } from '../rewrite/capabilities';
import type { BlurPlan } from '../rewrite/plan';
import type { ByteSource, Piece } from './byte-source';
import type { StoredWeight } from './stored-weight';

/**
 * A model file and the files beside it, as the reader sees them. Implementations live outside the core
 * (disk for the command line, the editor's file system for the extension, memory for tests).
 */
export interface ModelSource extends ByteSource {
  /** Path shown in messages. */
  readonly path: string;
  /**
   * Bytes of a file inside the model's own folder, or undefined where it does not exist.
   * @throws ModelError `outside-folder` for an absolute path, a scheme or `..` that leaves the folder.
   */
  readSibling(relativePath: string): Promise<Uint8Array | undefined>;
  /** Size in bytes of such a file without reading it. Same errors. */
  siblingSize(relativePath: string): Promise<number | undefined>;
  /** A part of such a file, fewer bytes only where it ends. Same errors. */
  readSiblingRange(relativePath: string, offset: number, length: number): Promise<Uint8Array | undefined>;
  /** All bytes of the model file, where they are in memory anyhow; then nothing is gained by leaving weights out while reading. */
  readonly whole?: Uint8Array;
  /** Height and width of the images that the model is opened for, where the file leaves them open. Formats that cannot heed it do not. */
  readonly imageSize?: AxisPair;
}

/** A place in the model file's text: offsets are UTF-16 code units, as editors count. */
export interface TextRange {
  readonly offset: number;
  readonly length: number;
}

/** One replacement in the model file's text (JSON formats). Edits of one patch do not overlap. */
export interface TextEdit extends TextRange {
  readonly text: string;
}

/** What a patch did to one layer, or why it was refused and which layers or nodes are at fault. */
export type PatchOutcome =
  | { readonly ok: true; readonly layer: string; readonly label: string; readonly description: string }
  | { readonly ok: false; readonly layer: string; readonly label: string; readonly reason: string; readonly nodes: readonly string[] };

/** A file that comes to lie beside the model: weights. */
export interface NewFile {
  /** Relative to the model's folder. */
  readonly relativePath: string;
  readonly bytes: Uint8Array;
}

/**
 * What becomes of a model's files. JSON formats answer with edits, binary ones with the pieces of the new file, most of which are
 * ranges of the old one; both with new files of weights to lie beside the model. Nothing has been written.
 */
export type FileChange =
  | { readonly kind: 'text'; readonly edits: readonly TextEdit[]; readonly newFiles: readonly NewFile[] }
  | { readonly kind: 'binary'; readonly pieces: readonly Piece[]; readonly newFiles: readonly NewFile[] };

/** The result of applying plans. */
export type Patch = FileChange & { readonly outcomes: readonly PatchOutcome[] };

/** What a format is called. */
export interface FormatName {
  readonly id: FormatId;
  /** As shown to people: `ONNX`, `TensorFlow.js layers-model`. */
  readonly label: string;
}

/**
 * A model that was read, once: judging, planning, fixing and measuring take it, and nothing downstream decodes the file again.
 * It answers for the bytes that it was opened from; whoever keeps it keeps the version of those bytes beside it.
 * What it is asked, it answers later, so that it may stand for a model that another thread holds.
 */
export interface OpenedModel extends RewritableModel {
  readonly judgedOnly?: ModelError;
  readonly format: FormatName;
  readonly source: ModelSource;
  /** The file's text, to which places and edits refer; undefined for binary formats. A byte order mark is no part of it. */
  readonly text: string | undefined;
  /** True where the file begins with a byte order mark, which a changed one keeps. */
  readonly hasByteOrderMark?: boolean;
  /** Where the named layers stand in the file's text, in one pass over it; binary formats and unknown layers have no place. */
  locate(layerNames: readonly string[]): Promise<ReadonlyMap<string, TextRange>>;
  /**
   * Applies plans made from this model; they hold everything that is to be written. A plan of another model, and one that
   * changes what an earlier one does, is refused with its reason in `outcomes` and leaves no trace. The model itself stays as it is.
   */
  patch(plans: readonly BlurPlan[]): Promise<Patch>;
  /** The numbers that a layer is given as constants, as far as they stand in the files; nothing is read before it is asked for. */
  weights(layer: Layer): readonly StoredWeight[];
  /** Tells the linear layers, whose weights can be read and replaced. */
  readonly linear: LinearLookup;
  /**
   * Puts new weights where the old ones stand; every other byte stays. The model itself stays as it is.
   * @throws ModelError for layers whose weights cannot be replaced
   */
  replaceWeights(weights: NewWeights): Promise<FileChange>;
  /**
   * Lets the model ask for its files of weights by other names; every other byte stays. The files themselves are not touched.
   *
   * @param names new name by the one that the model gives now (`graph.weightFiles`); a file that is not among them keeps its own
   */
  renameWeightFiles(names: ReadonlyMap<string, string>): Promise<FileChange>;
}

/** One model format. A new format is one folder and one line in `registry.ts`. */
export interface ModelFormat extends FormatName {
  /**
   * Decides by content alone, cheaply; must answer for damaged files of the format too, so that `open` can say what is wrong.
   * @param bytes a text file's all, any other file's beginning
   */
  detect(bytes: Uint8Array): boolean;
  /** Reads a model; of its weights only what a judgement needs. @throws ModelError */
  open(source: ModelSource): Promise<OpenedModel>;
}
