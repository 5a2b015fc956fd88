import { t } from '@vscode/l10n';

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
  /** It gives values that are NaN or infinite. */
  | 'not-finite'
  /** Reading it had to be ended: it took too long, or too much memory. */
  | 'stopped'
  /** A fault of Shiftlint itself. */
  | 'internal';

/** The one error that readers, patchers and engines throw for bad input: a full sentence that names the file. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  /** @param options the error behind this one, whose stack is for `--debug` and logs alone */
  constructor(
    readonly code: ModelErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Where a fault of Shiftlint is reported. */
const reportAt = t('the issues page of Shiftlint');

/**
 * What a surface says of anything that was thrown while it worked on a file: bad input speaks for itself, and anything else is a fault of
 * ours, told in one sentence. The one boundary of the command line, the editor and the engine.
 */
export function asModelError(error: unknown, path: string): ModelError {
  if (error instanceof ModelError) return error;
  const cause = error instanceof Error ? `${error.name}: ${firstLine(error.message)}` : firstLine(String(error));
  return new ModelError(
    'internal',
    t`"${path}" could not be handled because of a fault in Shiftlint itself (${cause}): please report it on ${reportAt}, with the file if you can share it.`,
    { cause: error },
  );
}

/** The same of a measurement, which may also ask for more memory than there is; whoever asked for it says of which file. */
export function asMeasurementError(error: unknown): ModelError {
  if (error instanceof ModelError) return error;
  const cause = causeOf(error);
  if (error instanceof RangeError && /allocation|array (buffer )?length/i.test(cause))
    return new ModelError(
      'too-large',
      t('There is not enough memory for this model and image size. Lower the memory budget in the settings, or use a smaller image.'),
      { cause: error },
    );
  return new ModelError('internal', t`The measurement stopped because of an error inside Shiftlint: ${cause}.`, { cause: error });
}

/** The same of reading a model, as a sentence that is put into another one, which names the file. */
export function asReadingError(error: unknown): ModelError {
  return error instanceof ModelError ? error : new ModelError('internal', `${causeOf(error)}.`, { cause: error });
}

/** The first line of an error, without its full stop. */
function causeOf(error: unknown): string {
  return firstLine(error instanceof Error ? error.message : String(error))
    .trim()
    .replace(/\.$/, '');
}

/** The first line, and not much of that. */
function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').slice(0, 160);
}
