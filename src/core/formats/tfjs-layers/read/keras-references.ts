import { t } from '@vscode/l10n';
import { requireWithin } from '../../../limits';
import { ModelError } from '../../../model-error';
import { isJsonArray, isJsonObject, type Json } from '../../tfjs/json';

/** Which output of which call of a layer is read, as the file counts. */
export interface TensorReference {
  readonly layer: string;
  /** Index among the layer's calls; for a model as a layer see `callNumber`. */
  readonly call: number;
  /** Index among the call's outputs. */
  readonly output: number;
  /** True as Keras 3 counts: the first call of a model as a layer is 0 like that of any layer. */
  readonly countsFromZero?: boolean;
}

/** What every call of a layer reads. @throws ModelError `unsupported` */
export function parseCalls(value: Json | undefined, layer: string, path: string): readonly (readonly TensorReference[])[] {
  if (value === undefined) return [];
  const calls = isJsonArray(value) ? value.map(parseCall) : [undefined];
  return calls.map((call) => {
    requireWithin('tensorsPerNode', call?.length ?? 0, path);
    if (call?.every((reference) => reference !== undefined) === true) return call;
    throw new ModelError('unsupported', t`"${path}" spells the inputs of layer "${layer}" in a form that TensorFlow.js does not load.`);
  });
}

/** A call of Keras 2 lists what it reads; one of Keras 3 has positional and named arguments, some of which are tensors. */
function parseCall(call: Json): readonly (TensorReference | undefined)[] | undefined {
  if (isJsonArray(call)) return call.map(parseReference);
  if (!isJsonObject(call) || !isJsonArray(call['args'])) return undefined;
  const tensors = [call['args'], call['kwargs'] ?? null].flatMap(tensorsIn);
  return tensors.length === 0 ? undefined : tensors;
}

/** `["conv1", 0, 0, {}]` */
function parseReference(value: Json): TensorReference | undefined {
  if (!isJsonArray(value)) return undefined;
  const [layer, call = 0, output = 0] = value;
  if (typeof layer !== 'string' || typeof call !== 'number' || typeof output !== 'number') return undefined;
  return { layer, call, output };
}

/** The tensors among arguments of Keras 3, in order, lists of them included. */
function tensorsIn(argument: Json): readonly TensorReference[] {
  if (isJsonArray(argument)) return argument.flatMap(tensorsIn);
  if (!isJsonObject(argument)) return [];
  const history =
    argument['class_name'] === '__keras_tensor__' && isJsonObject(argument['config']) ? argument['config']['keras_history'] : null;
  const reference = history === undefined || history === null ? undefined : parseReference(history);
  if (reference !== undefined) return [{ ...reference, countsFromZero: true }];
  return argument['class_name'] === undefined ? Object.values(argument).flatMap((value) => tensorsIn(value ?? null)) : [];
}

/** `[["input", 0, 0]]`, or `["input", 0, 0]` where there is only one. */
export function parseEnds(value: Json | undefined, fail: () => never): readonly TensorReference[] {
  if (!isJsonArray(value)) return fail();
  const single = parseReference(value);
  if (single !== undefined) return [single];
  return value.map((entry) => parseReference(entry) ?? fail());
}
