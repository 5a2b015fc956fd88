import { t } from '@vscode/l10n';
import { ModelError } from '../../../model-error';
import { isJsonObject } from '../../tfjs/json';
import { noManifest } from '../../tfjs/shards';
import type { WeightGroup } from '../../tfjs/manifest';
import type { KerasLayer, KerasModel } from './keras-model';

/** Classes that have weights, by how their names begin. */
const withWeights = /^(?:Conv|DepthwiseConv|SeparableConv|Dense$|BatchNormalization|LayerNormalization|Embedding|PReLU|LSTM|GRU|SimpleRNN)/;

/** Why a layers-model can be judged and no more; undefined where that is not so. @param missing says which shards are not there */
export function judgedOnly(
  model: KerasModel,
  groups: readonly WeightGroup[],
  missing: ModelError | undefined,
  path: string,
): ModelError | undefined {
  const layers = layersOf(model);
  if (layers.some(isOfKeras3)) return keras3(path);
  if (missing !== undefined) return missing;
  return groups.length === 0 && layers.some(({ className }) => withWeights.test(className)) ? noManifest(path) : undefined;
}

function layersOf({ layers }: KerasModel): readonly KerasLayer[] {
  return layers.flatMap((layer) => [layer, ...(layer.model === undefined ? [] : layersOf(layer.model))]);
}

/** What TensorFlow.js (4.22) stumbles over: how an input tells its shape and its type, and how a layer lists what it reads. */
function isOfKeras3({ className, config, calls }: KerasLayer): boolean {
  const isInput = className === 'InputLayer';
  const declares = ['batch_input_shape', 'input_shape'].some((key) => config[key] !== undefined);
  return (
    (isInput && (isJsonObject(config['dtype']) || (!declares && config['batch_shape'] !== undefined))) ||
    calls.flat().some(({ countsFromZero }) => countsFromZero === true)
  );
}

function keras3(path: string): ModelError {
  return new ModelError(
    'unsupported',
    t`"${path}" is spelt as Keras 3 spells models, which TensorFlow.js does not load as it is: it is judged, but can be neither fixed nor measured. Save it with Keras 2 (the package tf_keras) and convert it again, or convert a SavedModel to a graph-model.`,
  );
}
