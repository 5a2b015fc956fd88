import type { ModelFormat } from '../format';
import { detectLayersModel } from './detect';
import { locateLayers } from './locate';
import { patchLayersModel } from './patch/patch';
import { readLayersModel } from './read/read';

/** TensorFlow.js layers-models: a Keras topology in `model.json` with weights in shard files beside it. */
export const tfjsLayersFormat: ModelFormat = {
  id: 'tfjs-layers',
  label: 'TensorFlow.js layers-model',
  detect: detectLayersModel,
  read: readLayersModel,
  locate: locateLayers,
  patch: patchLayersModel,
};
