import type { ModelGraph } from '../../graph/model-graph';
import type { ModelFormat, ModelSource } from '../format';
import { ModelError } from '../../model-error';
import { naming, namingLater } from './wire/damage';
import { looksLikeOnnx } from './detect';
import { requireExternalData } from './read/external-data';
import { fetchBlurKernels } from './read/fetch-values';
import { withKernelSamples } from './read/kernel-samples';
import { patchModel } from './patch/patch';
import { decodeModel, type OnnxModel } from './wire/proto';
import { readGraph } from './read/read-graph';
import { skimModel } from './wire/skim';

/** ONNX: protobuf files of the ModelProto message, all operator sets. */
export const onnxFormat: ModelFormat = {
  id: 'onnx',
  label: 'ONNX',
  detect: looksLikeOnnx,
  read: async (source) => {
    const { model, graph, weightFiles } = await open(source);
    return { ...(await withKernelSamples(graph, model, source)), weightFiles };
  },
  locate: () => new Map(),
  patch: async (source, plans) => {
    const { model, graph } = await open(source);
    return { kind: 'binary', ...patchModel(model, graph, plans) };
  },
};

interface OpenedModel {
  readonly model: OnnxModel;
  readonly graph: ModelGraph;
  readonly weightFiles: readonly string[];
}

async function open(source: ModelSource): Promise<OpenedModel> {
  const { bytes, layout } = await namingLater(source.path, source.size, () => skimModel(source));
  const decoded = decodeModel(bytes, source.path, layout);
  if (decoded.graph.nodes.length === 0) {
    throw new ModelError('malformed', `"${source.path}" is an ONNX file whose graph has no nodes, so there is nothing to judge.`);
  }
  const weightFiles = await requireExternalData(decoded, source);
  const model = await fetchBlurKernels(decoded, source);
  return { model, graph: naming(source.path, () => readGraph(model, source.path), layout.toFile), weightFiles };
}
