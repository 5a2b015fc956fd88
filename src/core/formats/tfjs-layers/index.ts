import type { ModelFormat } from '../format';
import { detectLayersModel } from './detect';
import { layersModelName, openLayersModel } from './open';

/** TensorFlow.js layers-models: a Keras topology in `model.json` with weights in shard files beside it. */
export const tfjsLayersFormat: ModelFormat = { ...layersModelName, detect: detectLayersModel, open: openLayersModel };
