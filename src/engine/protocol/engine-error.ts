import type { ModelErrorCode } from '../../core/model-error';

export type EngineErrorCode = ModelErrorCode | 'engine-exited' | 'out-of-memory' | 'hung' | 'cancelled' | 'internal';

/** The error that a call rejects with; `message` is a full sentence for the user. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  constructor(
    readonly code: EngineErrorCode,
    message: string,
    /** Where in the process it comes from, for logs and `--debug` alone. */
    origin?: string,
  ) {
    super(message);
    if (origin !== undefined) this.stack = origin;
  }
}
