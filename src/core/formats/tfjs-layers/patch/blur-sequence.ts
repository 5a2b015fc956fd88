import { insertedLayer, type BlurLayersResult, type BlurNames } from './inserted-blur';
import type { BlurSpecification } from '../../tfjs/fit-blur';
import { planarBlur } from './blur-planar';

/** A blur of sequences: TensorFlow.js has a depthwise layer for maps only, so the sequence becomes a map of one row and back. */
export function sequenceBlur(specification: BlurSpecification, names: BlurNames): BlurLayersResult {
  const { kernel, stride, channels, padding, size, layout } = specification;
  if (layout === 'channels-first') return { ok: false, reason: 'TensorFlow.js has no sequences with the channels in front' };
  const [length = null] = size;
  const [begin = 0, end = 0] = [...padding.begin, ...padding.end];
  if (length === null && Math.min(begin, end) < 0) return { ok: false, reason: 'a sequence of open length cannot be cut' };
  // Lengths are spelt out where they are known: TensorFlow.js does not work them out before it runs, and dense layers need them.
  const output = length === null ? -1 : Math.floor((length + begin + end - (kernel.shape[0] ?? 1)) / (stride[0] ?? 1)) + 1;
  const row = insertedLayer('Reshape', names('blur_row'), { target_shape: [1, length ?? -1, channels] });
  const blur = planarBlur(
    {
      kernel: { shape: [1, ...kernel.shape], values: kernel.values },
      stride: [1, ...stride],
      channels,
      padding: { begin: [0, ...padding.begin], end: [0, ...padding.end] },
      size: [1, ...size],
      layout,
    },
    names,
  );
  const sequence = insertedLayer('Reshape', names('blur_sequence'), { target_shape: [output, channels] });
  return { ok: true, blur: { ...blur, layers: [row, ...blur.layers, sequence] } };
}
