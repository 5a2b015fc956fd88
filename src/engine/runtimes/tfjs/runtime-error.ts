import { t } from '@vscode/l10n';
import { labelOf } from '../../../core/graph/layer-labels';
import type { Layer } from '../../../core/graph/model-graph';
import { ModelError } from '../../../core/model-error';
import type { ModelPayload } from '../../protocol/payload';

/** A layer as far as an error names it. */
export type FailedLayer = Pick<Layer, 'name' | 'label' | 'op'>;

/** Longer causes are cut: what matters stands first. */
const longestCause = 240;

/** What JavaScript and WebAssembly themselves say of a fault in the code of TensorFlow.js; a user can do nothing with that. */
const ownFault =
  /^(?:Cannot (?:read|set|destructure|convert)\b|\S+ is not (?:a function|iterable|defined|a constructor)|Invalid (?:array|typed array|DataView)|Maximum call stack|unreachable\b|null function\b|table index\b|indirect call\b|divide by zero|offset is out of bounds|Aborted\()/;

const outOfMemory = /memory access out of bounds|out of memory|allocation failed|Cannot enlarge memory/i;

/**
 * An error of TensorFlow.js as one sentence that names the layer, where that is known: stacks and the status codes of the native library
 * tell a user nothing.
 */
export function runtimeError(path: string, layer: FailedLayer | undefined, error: unknown): ModelError {
  const cause = plainCause(error);
  const told =
    layer === undefined
      ? t`TensorFlow.js cannot run "${path}": ${cause}.`
      : t`TensorFlow.js cannot run layer "${labelOf(layer)}" (${layer.op}) of "${path}": ${cause}.`;
  return new ModelError('unsupported', told, { cause: error });
}

/**
 * Runs work of which an error is told as one sentence.
 * @param failed finds the layer at fault, where that is not known yet; asked only after an error
 * @throws ModelError
 */
export async function refusing<T>(
  { path }: Pick<ModelPayload, 'path'>,
  work: () => T | Promise<T>,
  failed?: (error: unknown) => FailedLayer | undefined | Promise<FailedLayer | undefined>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ModelError ? error : runtimeError(path, await failed?.(error), error);
  }
}

/** Runs the work of one layer. @throws ModelError that names it */
export function ofLayer<T>({ path }: Pick<ModelPayload, 'path'>, layer: FailedLayer, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof ModelError ? error : runtimeError(path, layer, error);
  }
}

/** The first sentence, without what the native library puts in front of it. */
function plainCause(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error))
    .replace(/^Invalid TF_Status: \d+\s*Message:\s*/, '')
    .replace(/^(?:Uncaught )?(?:\w*Error: )+/, '')
    .trim();
  if (outOfMemory.test(text)) return t('it has not enough memory');
  const [first = ''] = text.split(/\n|(?<=[^.\d])\.(?=\s+[A-Z]|$)/, 1);
  const cause = first.trim().replace(/[.:]$/, '');
  if (cause === '' || ownFault.test(cause)) return t('it failed without saying why');
  return cause.length > longestCause ? `${cause.slice(0, longestCause)}…` : cause;
}
