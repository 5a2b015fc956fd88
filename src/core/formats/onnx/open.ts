import { t } from '@vscode/l10n';
import { indexGraph } from '../../graph/dataflow';
import { ModelError } from '../../model-error';
import type { FormatName, ModelSource, OpenedModel } from '../format';
import { onnxCapabilities } from './capabilities';
import { patchModel } from './patch/patch';
import { externalData } from './read/external-data';
import { fetchBlurKernels } from './read/fetch-values';
import { withKernelSamples } from './read/kernel-samples';
import { readGraph } from './read/read-graph';
import { naming, namingLater } from './wire/damage';
import { onnxLayerWeights } from './weights/layer-weights';
import { onnxLinearLayers, type OnnxLinearLayers } from './weights/linear-layers';
import { renameWeightFiles } from './weights/rename-weight-files';
import { replaceWeights } from './weights/replace-weights';
import { identityLayout } from './wire/file-layout';
import { decodeModel, type OnnxModel } from './wire/proto';
import { skimModel, type SkimmedFile } from './wire/skim';

export const onnxName: FormatName = { id: 'onnx', label: 'ONNX' };

/** An opened ONNX model with what was decoded of its file, which levels are cut out of. */
export interface OpenedOnnx extends OpenedModel {
  readonly decoded: OnnxModel;
}

/** What was decoded of an ONNX model as it was opened: whole where its source was in memory, else without large weights. */
export function decodedOnnx(opened: OpenedModel): OnnxModel {
  if (opened.format !== onnxName) throw new Error(`"${opened.source.path}" was not opened as an ONNX model here.`);
  return (opened as OpenedOnnx).decoded;
}

/** Decodes an ONNX file, skimmed unless it is in memory, and reads its graph. @throws ModelError */
export async function openOnnx(source: ModelSource): Promise<OpenedOnnx> {
  const { bytes, layout } = await structureOf(source);
  const decoded = decodeModel(bytes, source.path, layout);
  if (decoded.graph.nodes.length === 0) {
    throw new ModelError('malformed', t`"${source.path}" is an ONNX file whose graph has no nodes, so there is nothing to judge.`);
  }
  const { locations: weightFiles, missing } = await externalData(decoded, source);
  const model = missing === undefined ? await fetchBlurKernels(decoded, source) : decoded;
  const graph = naming(source.path, () => readGraph(model, source.path, source.imageSize), layout.toFile);
  const sampled = missing === undefined ? await withKernelSamples(graph, model, source) : graph;
  const indexed = indexGraph({ ...sampled, weightFiles });
  let layers: OnnxLinearLayers | undefined;
  const linear = (): OnnxLinearLayers => (layers ??= onnxLinearLayers(model, indexed.graph, source));
  let weights: OpenedOnnx['weights'] | undefined;
  return {
    ...indexed,
    capabilities: onnxCapabilities,
    ...(missing && { judgedOnly: missing }),
    format: onnxName,
    source,
    text: undefined,
    decoded,
    locate: () => Promise.resolve(new Map()),
    patch: (plans) => Promise.resolve({ kind: 'binary', newFiles: [], ...patchModel(model, indexed, plans) }),
    weights: (layer) => (weights ??= onnxLayerWeights(model, source))(layer),
    linear: (layer) => linear().lookup(layer),
    replaceWeights: (weights) => replaceWeights(model, linear(), source, weights),
    renameWeightFiles: (names) => Promise.resolve({ kind: 'binary', pieces: renameWeightFiles(model, names), newFiles: [] }),
  };
}

function structureOf(source: ModelSource): Promise<SkimmedFile> {
  if (source.whole !== undefined) return Promise.resolve({ bytes: source.whole, layout: identityLayout(source.size) });
  return namingLater(source.path, source.size, () => skimModel(source));
}
