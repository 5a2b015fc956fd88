import { EngineError } from '../protocol/engine-error';

/** Why a process that ended by itself did so. @param diagnostics the end of its standard error */
export function exitError(code: number | null, signal: NodeJS.Signals | null, diagnostics: string): EngineError {
  const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by signal ${signal}`;
  if (/out of memory|bad_alloc/i.test(diagnostics)) {
    return new EngineError(
      'out-of-memory',
      `The engine process ran out of memory and ended ${how}. Lower the memory budget in the settings, then measure again.`,
    );
  }
  return exited(`ended unexpectedly ${how}. Measure again to start a new one.`);
}

/** A process that takes no messages. @param how for example `could not be reached` */
export function unreachable(how: string, { message }: Error): EngineError {
  return exited(`${how} (${message}). Measure again to start a new one.`);
}

/** A process that hangs. */
export function didNotReact(): EngineError {
  return exited('was ended because it did not react to a cancellation. Measure again to start a new one.');
}

/** A process that tells nothing. */
export function silent(silenceMs: number): EngineError {
  return new EngineError(
    'hung',
    `The engine process told nothing for ${Math.round(silenceMs / 1000)} seconds and was ended. Measure again to start a new one.`,
  );
}

/** A run of a model that does not end. */
export function runHung(limitMs: number): EngineError {
  return new EngineError(
    'hung',
    `A layer of the model did not end within ${Math.round(limitMs / 1000)} seconds, many times what its work takes, and the engine process was ended. Measure again; where this happens again, use a smaller image.`,
  );
}

/** A caller that no longer wants an answer. */
export function cancelledByUser(): EngineError {
  return new EngineError('cancelled', 'The measurement was cancelled.');
}

/** An answer that is none. */
export function misunderstood(): EngineError {
  return new EngineError('internal', 'The engine process answered another question than it was asked. Measure again.');
}

function exited(what: string): EngineError {
  return new EngineError('engine-exited', `The engine process ${what}`);
}
