import { indexGraph } from '../../graph/dataflow';
import type { FormatName, ModelSource, OpenedModel } from '../format';
import { locateNodes } from './locate';
import { patchGraphModel } from './patch/patch';
import { readGraphModel } from './read/read';

export const graphModelName: FormatName = { id: 'tfjs-graph', label: 'TensorFlow.js graph-model' };

/** Opens a graph-model. @throws ModelError */
export async function openGraphModel(source: ModelSource): Promise<OpenedModel> {
  const read = await readGraphModel(source);
  const indexed = indexGraph(read.graph);
  return {
    ...indexed,
    format: graphModelName,
    source,
    text: read.text,
    locate: (layerNames) => Promise.resolve(locateNodes(read.text, layerNames)),
    patch: (plans) => patchGraphModel({ ...read, ...indexed }, plans, source),
  };
}
