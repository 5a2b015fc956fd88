import { t } from '@vscode/l10n';
import { ModelError } from '../../core/model-error';
import type { EngineError } from '../protocol/engine-error';

/** Said of a file that the reading process did not survive; the others are judged by the next process. */
const whatToDo = t(
  'Other files are still checked, and this one again once it changes: export it anew, or leave it out with "shiftlint.exclude".',
);

/** What is said of a model whose reading failed. @param silenceMs that the process was given */
export function stoppedReading(path: string, error: EngineError, silenceMs: number): ModelError | EngineError {
  switch (error.code) {
    case 'hung':
      return new ModelError('stopped', t`Reading "${path}" took longer than ${silenceMs / 1000} seconds and was ended. ${whatToDo}`, {
        cause: error,
      });
    case 'out-of-memory':
      return new ModelError('stopped', t`Reading "${path}" took more memory than it is given and was ended. ${whatToDo}`, { cause: error });
    case 'engine-exited':
      return new ModelError('stopped', t`Reading "${path}" ended the process that reads models. ${whatToDo}`, { cause: error });
    case 'internal':
      return new ModelError('stopped', t`Reading "${path}" failed for a reason inside Shiftlint: ${error.message} ${whatToDo}`, {
        cause: error,
      });
    case 'cancelled':
      return error;
    default:
      return new ModelError(error.code, error.message, { cause: error });
  }
}
