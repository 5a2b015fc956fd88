import { indexGraph } from '../../graph/dataflow';
import type { FormatName, ModelSource, OpenedModel } from '../format';
import { layersModelCapabilities } from './capabilities';
import { locateLayers } from './locate';
import { patchLayersModel } from './patch/patch';
import { readLayersModel } from './read/read';
import { asLinear } from '../tfjs/weights/linear-weights';
import { replaceWeights } from '../tfjs/weights/replace-weights';
import { kerasLinearLayers } from './weights/linear-layers';

export const layersModelName: FormatName = { id: 'tfjs-layers', label: 'TensorFlow.js layers-model' };

/** Opens a layers-model. @throws ModelError */
export async function openLayersModel(source: ModelSource): Promise<OpenedModel> {
  const read = await readLayersModel(source);
  const indexed = indexGraph(read.graph);
  const find = kerasLinearLayers(read.flat, indexed.flow, read.weights);
  return {
    ...indexed,
    capabilities: layersModelCapabilities,
    format: layersModelName,
    source,
    text: read.text,
    locate: (layerNames) => Promise.resolve(locateLayers(read.text, layerNames)),
    patch: (plans) => patchLayersModel({ ...read, ...indexed }, plans, source),
    linear: (layer) => asLinear(find(layer)),
    replaceWeights: (weights) => replaceWeights(read, indexed.graph.layers, find, weights, source),
  };
}
