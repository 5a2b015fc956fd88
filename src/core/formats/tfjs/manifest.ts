import { t } from '@vscode/l10n';
import { requireWithin } from '../../limits';
import { ModelError } from '../../model-error';
import { isJsonArray, isJsonObject, numberAt, stringAt, type Json } from './json';

/** How a weight's numbers were packed by the converter: value = stored * scale + min. */
export interface Quantization {
  readonly dtype: string;
  readonly scale: number;
  readonly min: number;
}

/** One weight of a group. */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization: Quantization | undefined;
  /** Place in the group's concatenated shards. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** Weights that share a list of shard files. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightEntry[];
}

const bytesPerElement: ReadonlyMap<string, number> = new Map([
  ['float32', 4],
  ['int32', 4],
  ['bool', 1],
  ['uint8', 1],
  ['uint16', 2],
  ['float16', 2],
  ['complex64', 8],
]);

/** Reads `weightsManifest`; a model without one has no weights. @throws ModelError `malformed` */
export function parseManifest(manifest: Json | undefined, path: string): readonly WeightGroup[] {
  if (manifest === undefined || manifest === null) return [];
  if (!isJsonArray(manifest)) throw new ModelError('malformed', t`"${path}" has a weights manifest that is no list.`);
  return manifest.map((group, index) => {
    const paths = isJsonObject(group) ? group['paths'] : undefined;
    const weights = isJsonObject(group) ? group['weights'] : undefined;
    if (!isJsonArray(paths) || !isJsonArray(weights) || !paths.every((entry) => typeof entry === 'string')) {
      throw new ModelError('malformed', t`Group ${index} of the weights manifest in "${path}" lists no paths or no weights.`);
    }
    return { paths, weights: parseWeights(weights, path) };
  });
}

/** Strings are as long as they say themselves: from the first one on, only reading the shard would tell where a weight stands. */
function parseWeights(weights: readonly Json[], path: string): readonly WeightEntry[] {
  const entries: WeightEntry[] = [];
  let byteOffset = 0;
  for (const weight of weights) {
    if (isJsonObject(weight) && stringAt(weight, 'dtype') === 'string') break;
    const entry = parseWeight(weight, byteOffset, path);
    byteOffset += entry.byteLength;
    entries.push(entry);
  }
  return entries;
}

function parseWeight(weight: Json, byteOffset: number, path: string): WeightEntry {
  const name = isJsonObject(weight) ? stringAt(weight, 'name') : undefined;
  const dtype = isJsonObject(weight) ? stringAt(weight, 'dtype') : undefined;
  const shape = isJsonObject(weight) ? weight['shape'] : undefined;
  if (!isJsonObject(weight) || name === undefined || dtype === undefined || !isJsonArray(shape) || !shape.every(isLength)) {
    throw new ModelError('malformed', t`The weights manifest in "${path}" has an entry without name, type or shape.`);
  }
  requireWithin('axes', shape.length, path);
  const packed = weight['quantization'];
  const quantization = isJsonObject(packed)
    ? { dtype: stringAt(packed, 'dtype') ?? dtype, scale: numberAt(packed, 'scale') ?? 1, min: numberAt(packed, 'min') ?? 0 }
    : undefined;
  const stored = quantization?.dtype ?? dtype;
  const elementBytes = bytesPerElement.get(stored);
  const byteLength = shape.reduce<number>((product, length) => product * length, elementBytes ?? 0);
  if (elementBytes === undefined || !Number.isSafeInteger(byteOffset + byteLength)) {
    throw new ModelError(
      'malformed',
      elementBytes === undefined
        ? t`The weights manifest in "${path}" gives the weight "${name}" the unknown type "${stored}".`
        : t`The weights manifest in "${path}" gives the weight "${name}" an impossible size.`,
    );
  }
  return { name, shape, dtype, quantization, byteOffset, byteLength };
}

function isLength(value: Json): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
