import { insertedLayer, type BlurLayersResult, type BlurNames, type BlurSpecification } from './blur-layers';
import { planarBlur } from './blur-planar';

/** A blur of sequences: TensorFlow.js has a depthwise layer for maps only, so the sequence becomes a map of one row and back. */
export function sequenceBlur(specification: BlurSpecification, names: BlurNames): BlurLayersResult {
  const { kernel, stride, channels, padding, size, layout } = specification;
  if (layout === 'channels-first') return { ok: false, reason: 'TensorFlow.js has no sequences with the channels in front' };
  const row = insertedLayer('Reshape', names('blur_row'), { target_shape: [1, -1, channels] });
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
  const sequence = insertedLayer('Reshape', names('blur_sequence'), { target_shape: [-1, channels] });
  return { ok: true, blur: { ...blur, layers: [row, ...blur.layers, sequence] } };
}
