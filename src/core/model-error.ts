/** Why a model file could not be used; printed by the command line as `errors[].code`. */
export type ModelErrorCode =
  | 'empty-file'
  | 'not-a-model'
  | 'truncated'
  | 'malformed'
  | 'unsupported'
  | 'missing-weights'
  | 'outside-folder'
  | 'too-large'
  | 'unreadable'
  | 'unwritable'
  /** Reading it had to be ended: it took too long, or too much memory. */
  | 'stopped';

/** The one error that readers, patchers and engines throw for bad input: a full sentence that names the file. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  constructor(
    readonly code: ModelErrorCode,
    message: string,
  ) {
    super(message);
  }
}
