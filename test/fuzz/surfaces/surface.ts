import type { Random } from '../random';

/** A way in for files and messages of others. */
export interface Surface {
  readonly name: string;
  /** Runs one case. Bad input may end in a typed error and in nothing else. */
  run(random: Random): Promise<void>;
}

/** Files that cases are made from. */
export interface Corpus {
  readonly onnx: readonly Uint8Array[];
  /** Texts of `model.json`, parsed, with the files beside them. */
  readonly tfjs: readonly { readonly root: unknown; readonly text: string; readonly files: ReadonlyMap<string, Uint8Array> }[];
  readonly python: readonly string[];
  readonly javascript: readonly string[];
}
