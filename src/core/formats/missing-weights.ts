import { t } from '@vscode/l10n';
import { ModelError } from '../model-error';

/** Files named in one sentence. */
const namedFiles = 5;

/** The error for a model whose weights are not beside it: it is judged all the same. @param files as the model names them */
export function missingWeights(path: string, files: readonly string[]): ModelError {
  const named = files
    .slice(0, namedFiles)
    .map((file) => `"${file}"`)
    .join(', ');
  const more = files.length - namedFiles;
  const told = more > 0 ? t`${named} and ${more} more` : named;
  return new ModelError(
    'missing-weights',
    files.length === 1
      ? t`"${path}" keeps weights in the file ${told}, which is not beside it (a pointer of Git LFS does not count): it is judged without its weights, and can be neither fixed nor measured until that file is there.`
      : t`"${path}" keeps weights in the files ${told}, which are not beside it (a pointer of Git LFS does not count): it is judged without its weights, and can be neither fixed nor measured until those files are there.`,
  );
}
