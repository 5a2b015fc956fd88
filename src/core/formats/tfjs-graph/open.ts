import { indexGraph } from '../../graph/dataflow';
import type { FormatName, ModelSource, OpenedModel } from '../format';
import { graphModelCapabilities } from './capabilities';
import { locateNodes } from './locate';
import { patchGraphModel } from './patch/patch';
import type { GraphDef } from './read/graph-def';
import { readGraphModel } from './read/read';
import { asLinear } from '../tfjs/weights/linear-weights';
import { renameShards } from '../tfjs/weights/rename-shards';
import { replaceWeights } from '../tfjs/weights/replace-weights';
import { graphLayerWeights } from './weights/layer-weights';
import { graphLinearLayers } from './weights/linear-layers';

export const graphModelName: FormatName = { id: 'tfjs-graph', label: 'TensorFlow.js graph-model' };

/** An opened graph-model with what its JSON says, which levels are cut out of. */
export interface OpenedGraphModel extends OpenedModel {
  readonly definition: GraphDef;
}

/** What the JSON of a graph-model says, parsed as it was opened. */
export function decodedGraphModel(opened: OpenedModel): GraphDef {
  if (opened.format !== graphModelName) throw new Error(`"${opened.source.path}" was not opened as a graph-model here.`);
  return (opened as OpenedGraphModel).definition;
}

/** Opens a graph-model. @throws ModelError */
export async function openGraphModel(source: ModelSource): Promise<OpenedGraphModel> {
  const read = await readGraphModel(source);
  const indexed = indexGraph(read.graph);
  const find = graphLinearLayers({ ...read, nodes: read.definition.nodes, flow: indexed.flow });
  let weights: OpenedGraphModel['weights'] | undefined;
  return {
    ...indexed,
    capabilities: graphModelCapabilities,
    format: graphModelName,
    source,
    text: read.text,
    hasByteOrderMark: read.hasByteOrderMark,
    ...(read.judgedOnly && { judgedOnly: read.judgedOnly }),
    definition: read.definition,
    locate: (layerNames) => Promise.resolve(locateNodes(read.text, layerNames)),
    patch: (plans) => patchGraphModel({ ...read, ...indexed }, plans, source),
    weights: (layer) => (weights ??= graphLayerWeights(read))(layer),
    linear: (layer) => asLinear(find(layer)),
    replaceWeights: (weights) => replaceWeights(read, indexed.graph.layers, find, weights, source),
    renameWeightFiles: (names) => Promise.resolve(renameShards(read, names)),
  };
}
