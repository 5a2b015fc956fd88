import { ModelError } from '../model-error';

/** Files named in one sentence. */
const namedFiles = 5;

/** The error for a model whose weights are not beside it: it is judged all the same. @param files as the model names them */
export function missingWeights(path: string, files: readonly string[]): ModelError {
  const named = files
    .slice(0, namedFiles)
    .map((file) => `"${file}"`)
    .join(', ');
  const rest = files.length > namedFiles ? ` and ${files.length - namedFiles} more` : '';
  const [noun, verb, pronoun] = files.length === 1 ? ['file', 'is', 'it'] : ['files', 'are', 'them'];
  return new ModelError(
    'missing-weights',
    `"${path}" keeps weights in the ${noun} ${named}${rest}, which ${verb} not beside it (a pointer of Git LFS does not count): it is judged without its weights, and can be neither fixed nor measured until ${pronoun === 'it' ? 'that file is' : 'those files are'} there.`,
  );
}
