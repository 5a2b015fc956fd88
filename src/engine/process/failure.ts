import { ModelError } from '../../core/model-error';
import type { EngineErrorCode } from '../protocol/engine-error';

/** An error as the host may show it: a code and one sentence. The stack is for logs and `--debug` alone. */
export interface Failure {
  readonly code: EngineErrorCode;
  readonly message: string;
  readonly stack?: string;
}

/** Translates whatever a call threw. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof ModelError) return failureOf(error.code, error.message, error);
  const cause = causeOf(error);
  if (error instanceof RangeError && /allocation|array (buffer )?length/i.test(cause)) {
    const message =
      'There is not enough memory for this model and image size. Lower the memory budget in the settings, or use a smaller image.';
    return failureOf('too-large', message, error);
  }
  return failureOf('internal', `The measurement stopped because of an error inside Shiftlint: ${cause}.`, error);
}

/** Translates whatever reading a model threw. The host says which file it was. */
export function describeReadingFailure(error: unknown): Failure {
  if (error instanceof ModelError) return failureOf(error.code, error.message, error);
  return failureOf('internal', `${causeOf(error)}.`, error);
}

function failureOf(code: EngineErrorCode, message: string, error: unknown): Failure {
  const thrown = error instanceof Error ? (error.cause ?? error) : error;
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  return { code, message, ...(stack !== undefined && { stack }) };
}

/** The first line of an error, without its full stop. */
function causeOf(error: unknown): string {
  const [cause = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return cause.trim().replace(/\.$/, '');
}
