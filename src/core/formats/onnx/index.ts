import type { ModelGraph } from '../../graph/model-graph';
import { ModelError, type ModelFormat, type ModelSource } from '../format';
import { naming } from './damage';
import { looksLikeOnnx } from './detect';
import { requireExternalData } from './external-data';
import { patchModel } from './patch';
import { decodeModel, type OnnxModel } from './proto';
import { readGraph } from './read-graph';

/** ONNX: protobuf files of the ModelProto message, all operator sets. */
export const onnxFormat: ModelFormat = {
  id: 'onnx',
  label: 'ONNX',
  detect: looksLikeOnnx,
  read: async (source) => (await open(source)).graph,
  locate: () => new Map(),
  patch: async (source, plans) => {
    const { model, graph } = await open(source);
    return { kind: 'binary', ...patchModel(model, graph, plans) };
  },
};

async function open(source: ModelSource): Promise<{ readonly model: OnnxModel; readonly graph: ModelGraph }> {
  const model = decodeModel(source.bytes, source.path);
  if (model.graph.nodes.length === 0) {
    throw new ModelError('malformed', `"${source.path}" is an ONNX file whose graph has no nodes, so there is nothing to judge.`);
  }
  await requireExternalData(model, source);
  return { model, graph: naming(source.path, () => readGraph(model, source.path)) };
}
