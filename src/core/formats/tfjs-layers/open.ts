import { indexGraph } from '../../graph/dataflow';
import type { FormatName, ModelSource, OpenedModel } from '../format';
import { layersModelCapabilities } from './capabilities';
import { locateLayers } from './locate';
import { patchLayersModel } from './patch/patch';
import { readLayersModel } from './read/read';
import type { KerasTopology } from './read/topology';
import { asLinear } from '../tfjs/weights/linear-weights';
import { renameShards } from '../tfjs/weights/rename-shards';
import { replaceWeights } from '../tfjs/weights/replace-weights';
import { kerasLayerWeights } from './weights/layer-weights';
import { kerasLinearLayers } from './weights/linear-layers';

export const layersModelName: FormatName = { id: 'tfjs-layers', label: 'TensorFlow.js layers-model' };

/** An opened layers-model with what its JSON says. */
export interface OpenedLayersModel extends OpenedModel {
  readonly topology: KerasTopology;
}

/** What the JSON of a layers-model says, parsed as it was opened. */
export function decodedLayersModel(opened: OpenedModel): KerasTopology {
  if (opened.format !== layersModelName) throw new Error(`"${opened.source.path}" was not opened as a layers-model here.`);
  return (opened as OpenedLayersModel).topology;
}

/** Opens a layers-model. @throws ModelError */
export async function openLayersModel(source: ModelSource): Promise<OpenedLayersModel> {
  const read = await readLayersModel(source);
  const indexed = indexGraph(read.graph);
  const find = kerasLinearLayers(read.flat, indexed.flow, read.weights);
  let weights: OpenedLayersModel['weights'] | undefined;
  return {
    ...indexed,
    capabilities: layersModelCapabilities,
    format: layersModelName,
    source,
    text: read.text,
    hasByteOrderMark: read.hasByteOrderMark,
    ...(read.judgedOnly && { judgedOnly: read.judgedOnly }),
    topology: read.topology,
    locate: (layerNames) => Promise.resolve(locateLayers(read.text, layerNames)),
    patch: (plans) => patchLayersModel({ ...read, ...indexed }, plans, source),
    weights: (layer) => (weights ??= kerasLayerWeights(read))(layer),
    linear: (layer) => asLinear(find(layer)),
    replaceWeights: (weights) => replaceWeights(read, indexed.graph.layers, find, weights, source),
    renameWeightFiles: (names) => Promise.resolve(renameShards(read, names)),
  };
}
