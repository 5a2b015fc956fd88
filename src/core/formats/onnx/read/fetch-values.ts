import type { ModelSource } from '../../format';
import { externalPlace } from './external-data';
import type { OnnxModel, OnnxTensor } from '../wire/proto';
import { elementCount, rawSize } from '../wire/tensor-values';

/** Depthwise kernels with more bytes or places than this are learned ones. */
const largestBlur = 1 << 20;
const widestBlurWindow = 64;

/**
 * Fetches depthwise kernels out of the files beside the model where all channels look alike, since those may be fixed blurs;
 * of all others only the first two channels are looked at.
 */
export async function fetchBlurKernels(model: OnnxModel, source: ModelSource): Promise<OnnxModel> {
  const fetched = new Map<OnnxTensor, Uint8Array>();
  for (const tensor of model.graph.initializers) {
    const raw = tensor.external === undefined ? undefined : await blurKernel(tensor, source);
    if (raw !== undefined) fetched.set(tensor, raw);
  }
  if (fetched.size === 0) return model;
  const initializers = model.graph.initializers.map((tensor) => {
    const raw = fetched.get(tensor);
    return raw === undefined ? tensor : { ...tensor, raw };
  });
  return { ...model, graph: { ...model.graph, initializers } };
}

async function blurKernel(tensor: OnnxTensor, source: ModelSource): Promise<Uint8Array | undefined> {
  const [channels = 0, one, ...window] = tensor.dims;
  const places = elementCount(window);
  const length = channels * places * (rawSize(tensor.dataType) ?? 0);
  if (one !== 1 || window.length === 0 || places > widestBlurWindow || length === 0 || length > largestBlur) return undefined;
  const place = externalPlace(tensor);
  if (place === undefined) return undefined;
  const kernel = length / channels;
  const pair = await source.readSiblingRange(place.location, place.offset, Math.min(2 * kernel, length));
  const alike = pair?.subarray(0, kernel).every((byte, index) => channels === 1 || byte === pair[kernel + index]);
  return alike === true ? source.readSiblingRange(place.location, place.offset, length) : undefined;
}
