import type { KernelSample, Layer, ModelGraph } from '../../../graph/model-graph';
import type { ModelSource } from '../../format';
import { externalPlace } from './external-data';
import { layerNames } from './layer-names';
import { naming } from '../wire/damage';
import type { OnnxModel, OnnxTensor } from '../wire/proto';
import { elementType, tensorField } from '../wire/schema';
import { elementCount, packedValues, rawSize, rawValues, tensorValues } from '../wire/tensor-values';

/** At most this much is read of one layer's weights, in this many places spread over them. */
const sampledBytes = 1 << 14;
const sampledPlaces = 4;
const sampledKernels = 1024;
/** Weights with more values than this are not decoded whole to sample them. */
const inlineLimit = 1 << 16;

const floatTypes: ReadonlySet<number> = new Set([elementType.float, elementType.float16, elementType.bfloat16, elementType.double]);

/** Adds to every strided convolution a sample of its kernels, read where they stand. */
export async function withKernelSamples(graph: ModelGraph, model: OnnxModel, source: ModelSource): Promise<ModelGraph> {
  if (!graph.layers.some(isSampled)) return graph;
  const weights = new Map(model.graph.initializers.map((tensor) => [tensor.name, tensor]));
  const nodes = new Map(layerNames(model.graph).map((name, index) => [name, model.graph.nodes[index]]));
  const layers: Layer[] = [];
  for (const layer of graph.layers) {
    const { operation } = layer;
    const weight = isSampled(layer) ? weights.get(nodes.get(layer.name)?.inputs[1] ?? '') : undefined;
    const kernels = weight && (await sampleKernels(weight, model, source));
    layers.push(kernels === undefined || operation.kind !== 'convolution' ? layer : { ...layer, operation: { ...operation, kernels } });
  }
  return { ...graph, layers };
}

function isSampled({ operation }: Layer): boolean {
  if (operation.kind !== 'convolution' || operation.sharedKernel !== undefined) return false;
  const { stride, kernel } = operation.window;
  return stride.some((step) => step > 1) && kernel.some((length) => length > 1);
}

async function sampleKernels(tensor: OnnxTensor, model: OnnxModel, source: ModelSource): Promise<KernelSample | undefined> {
  const [outChannels = 0, inChannels = 0, ...shape] = tensor.dims;
  const kernels = outChannels * inChannels;
  const size = elementCount(shape);
  const kernelBytes = size * (rawSize(tensor.dataType) ?? 0);
  if (!floatTypes.has(tensor.dataType) || shape.length === 0 || kernels === 0 || kernelBytes === 0) return undefined;
  const decoded = <T>(decode: () => T): T => naming(source.path, decode, model.layout.toFile);
  const read = decoded(() => valueReader(tensor, model, source));
  if (read === undefined) {
    const values = decoded(() => tensorValues(tensor, inlineLimit));
    return values && { shape, values: Float32Array.from(values.slice(0, sampledKernels * size)) };
  }
  const wanted = Math.max(1, Math.min(kernels, sampledKernels, Math.floor(sampledBytes / kernelBytes)));
  const values: number[] = [];
  for (const { first, count } of spread(kernels, wanted)) {
    const bytes = await read(first * kernelBytes, count * kernelBytes);
    const part = bytes && rawValues(tensor.dataType, bytes, count * size);
    if (part === undefined) return undefined;
    for (const value of part) values.push(value);
  }
  return { shape, values: Float32Array.from(values) };
}

/** Runs of kernels, evenly spaced over all. */
function spread(kernels: number, wanted: number): readonly { readonly first: number; readonly count: number }[] {
  if (wanted >= kernels) return [{ first: 0, count: kernels }];
  const places = Math.min(sampledPlaces, wanted);
  const count = Math.floor(wanted / places);
  return Array.from({ length: places }, (_, place) => ({
    first: Math.floor(((kernels - count) * place) / Math.max(places - 1, 1)),
    count,
  }));
}

/** Reads values that are not in memory, or too many to decode; undefined for all others. @throws WireError */
function valueReader(
  tensor: OnnxTensor,
  model: OnnxModel,
  source: ModelSource,
): ((offset: number, length: number) => Promise<Uint8Array | undefined>) | undefined {
  const place = externalPlace(tensor);
  if (place !== undefined) return (offset, length) => source.readSiblingRange(place.location, place.offset + offset, length);
  const skipped = model.layout.skippedValues(tensor.field.start);
  const packed = skipped === undefined && elementCount(tensor.dims) > inlineLimit ? packedValues(tensor) : undefined;
  if (packed !== undefined) return (offset, length) => Promise.resolve(packed.subarray(offset, offset + length));
  // Packed floats are laid out as raw ones are.
  if (skipped === undefined || (skipped.field !== tensorField.rawData && skipped.field !== tensorField.floatData)) return undefined;
  return (offset, length) => source.read(skipped.start + offset, Math.min(length, skipped.end - skipped.start - offset));
}
