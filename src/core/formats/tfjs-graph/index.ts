import type { ModelFormat } from '../format';
import { detectGraphModel } from './detect';
import { graphModelName, openGraphModel } from './open';

/** TensorFlow.js graph-models: a GraphDef in `model.json` with weights in shard files beside it. */
export const tfjsGraphFormat: ModelFormat = { ...graphModelName, detect: detectGraphModel, open: openGraphModel };
