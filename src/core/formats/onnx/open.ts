import { indexGraph } from '../../graph/dataflow';
import { ModelError } from '../../model-error';
import type { FormatName, ModelSource, OpenedModel } from '../format';
import { onnxCapabilities } from './capabilities';
import { patchModel } from './patch/patch';
import { requireExternalData } from './read/external-data';
import { fetchBlurKernels } from './read/fetch-values';
import { withKernelSamples } from './read/kernel-samples';
import { readGraph } from './read/read-graph';
import { naming, namingLater } from './wire/damage';
import { onnxLinearLayers, type OnnxLinearLayers } from './weights/linear-layers';
import { replaceWeights } from './weights/replace-weights';
import { decodeModel } from './wire/proto';
import { skimModel } from './wire/skim';

export const onnxName: FormatName = { id: 'onnx', label: 'ONNX' };

/** Skims and decodes an ONNX file, and reads its graph. @throws ModelError */
export async function openOnnx(source: ModelSource): Promise<OpenedModel> {
  const { bytes, layout } = await namingLater(source.path, source.size, () => skimModel(source));
  const decoded = decodeModel(bytes, source.path, layout);
  if (decoded.graph.nodes.length === 0) {
    throw new ModelError('malformed', `"${source.path}" is an ONNX file whose graph has no nodes, so there is nothing to judge.`);
  }
  const weightFiles = await requireExternalData(decoded, source);
  const model = await fetchBlurKernels(decoded, source);
  const graph = naming(source.path, () => readGraph(model, source.path), layout.toFile);
  const indexed = indexGraph({ ...(await withKernelSamples(graph, model, source)), weightFiles });
  let layers: OnnxLinearLayers | undefined;
  const linear = (): OnnxLinearLayers => (layers ??= onnxLinearLayers(model, indexed.graph, source));
  return {
    ...indexed,
    capabilities: onnxCapabilities,
    format: onnxName,
    source,
    text: undefined,
    locate: () => Promise.resolve(new Map()),
    patch: (plans) => Promise.resolve({ kind: 'binary', newFiles: [], ...patchModel(model, indexed, plans) }),
    linear: (layer) => linear().lookup(layer),
    replaceWeights: (weights) => replaceWeights(model, linear(), source, weights),
  };
}
