import type { ModelFormat } from '../format';
import { detectGraphModel } from './detect';
import { locateNodes } from './locate';
import { patchGraphModel } from './patch/patch';
import { readGraphModel } from './read/read';

/** TensorFlow.js graph-models: a GraphDef in `model.json` with weights in shard files beside it. */
export const tfjsGraphFormat: ModelFormat = {
  id: 'tfjs-graph',
  label: 'TensorFlow.js graph-model',
  detect: detectGraphModel,
  read: readGraphModel,
  locate: locateNodes,
  patch: patchGraphModel,
};
