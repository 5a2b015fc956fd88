import { t } from '@vscode/l10n';
import { EngineError } from '../protocol/engine-error';

/** Why a process that ended by itself did so. @param diagnostics the end of its standard error */
export function exitError(code: number | null, signal: NodeJS.Signals | null, diagnostics: string): EngineError {
  const told = code ?? t('unknown');
  if (/out of memory|bad_alloc/i.test(diagnostics)) {
    return new EngineError(
      'out-of-memory',
      signal === null
        ? t`The engine process ran out of memory and ended with exit code ${told}. Lower the memory budget in the settings, then measure again.`
        : t`The engine process ran out of memory and ended by signal ${signal}. Lower the memory budget in the settings, then measure again.`,
    );
  }
  return exited(
    signal === null
      ? t`The engine process ended unexpectedly with exit code ${told}. Measure again to start a new one.`
      : t`The engine process ended unexpectedly by signal ${signal}. Measure again to start a new one.`,
  );
}

/** A process that takes no messages. @param how for example `could not be reached` */
export function unreachable(how: string, { message }: Error): EngineError {
  return exited(t`The engine process ${how} (${message}). Measure again to start a new one.`);
}

/** A process that hangs. */
export function didNotReact(): EngineError {
  return exited(t('The engine process was ended because it did not react to a cancellation. Measure again to start a new one.'));
}

/** A process that tells nothing. */
export function silent(silenceMs: number): EngineError {
  return new EngineError(
    'hung',
    t`The engine process told nothing for ${Math.round(silenceMs / 1000)} seconds and was ended. Measure again to start a new one.`,
  );
}

/** A run of a model that does not end. */
export function runHung(limitMs: number): EngineError {
  return new EngineError(
    'hung',
    t`A layer of the model did not end within ${Math.round(limitMs / 1000)} seconds, many times what its work takes, and the engine process was ended. Measure again; where this happens again, use a smaller image.`,
  );
}

/** A caller that no longer wants an answer. */
export function cancelledByUser(): EngineError {
  return new EngineError('cancelled', t('The measurement was cancelled.'));
}

/** An answer that is none. */
export function misunderstood(): EngineError {
  return new EngineError('internal', t('The engine process answered another question than it was asked. Measure again.'));
}

function exited(message: string): EngineError {
  return new EngineError('engine-exited', message);
}
