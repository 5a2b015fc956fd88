import { asMeasurementError, asReadingError, type ModelError } from '../../core/model-error';
import type { EngineErrorCode } from '../protocol/engine-error';

/** An error as the host may show it: a code and one sentence. The stack is for logs and `--debug` alone. */
export interface Failure {
  readonly code: EngineErrorCode;
  readonly message: string;
  readonly stack?: string;
}

/** Translates whatever a call threw. */
export function describeFailure(error: unknown): Failure {
  return failureOf(asMeasurementError(error));
}

/** Translates whatever reading a model threw. The host says which file it was. */
export function describeReadingFailure(error: unknown): Failure {
  return failureOf(asReadingError(error));
}

function failureOf(error: ModelError): Failure {
  const { stack } = error.cause instanceof Error ? error.cause : error;
  return { code: error.code, message: error.message, ...(stack !== undefined && { stack }) };
}
