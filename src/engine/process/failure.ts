import { ModelError } from '../../core/model-error';
import type { EngineErrorCode } from '../protocol/engine-error';

/** An error as the host may show it: a code and one sentence, never a stack trace. */
export interface Failure {
  readonly code: EngineErrorCode;
  readonly message: string;
}

/** Translates whatever a call threw. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof ModelError) return { code: error.code, message: error.message };
  const cause = causeOf(error);
  if (error instanceof RangeError && /allocation|array (buffer )?length/i.test(cause)) {
    return {
      code: 'too-large',
      message: 'There is not enough memory for this model and image size. Lower the memory budget in the settings, or use a smaller image.',
    };
  }
  return { code: 'internal', message: `The measurement stopped because of an error inside Shiftlint: ${cause}.` };
}

/** Translates whatever reading a model threw. The host says which file it was. */
export function describeReadingFailure(error: unknown): Failure {
  if (error instanceof ModelError) return { code: error.code, message: error.message };
  return { code: 'internal', message: `${causeOf(error)}.` };
}

/** The first line of an error, without its full stop. */
function causeOf(error: unknown): string {
  const [cause = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return cause.trim().replace(/\.$/, '');
}
