import { t } from '@vscode/l10n';
import type { BlurSpecification } from '../../../rewrite/plan';
import { insertedLayer, type BlurNames, type InsertedBlur } from './inserted-blur';
import { planarBlur } from './blur-planar';

/** Why a sequence cannot be blurred, read on after "because". */
export function sequenceObstacle({ padding, size, layout }: BlurSpecification): string | undefined {
  if (layout === 'channels-first') return t('TensorFlow.js has no sequences with the channels in front');
  const isCut = Math.min(...padding.begin, ...padding.end) < 0;
  return isCut && size.includes(null) ? t('a sequence of open length cannot be cut') : undefined;
}

/** A blur of sequences: TensorFlow.js has a depthwise layer for maps only, so the sequence becomes a map of one row and back. */
export function sequenceBlur(specification: BlurSpecification, names: BlurNames): InsertedBlur {
  const { kernel, stride, channels, padding, surplus, size } = specification;
  const [length = null] = size;
  const [begin = 0, end = 0] = [...padding.begin, ...padding.end];
  // Lengths are spelt out where they are known: TensorFlow.js does not work them out before it runs, and dense layers need them.
  const output = length === null ? -1 : Math.floor((length + begin + end - (kernel.shape[0] ?? 1)) / (stride[0] ?? 1)) + 1;
  const row = insertedLayer('Reshape', names('blur_row'), { target_shape: [1, length ?? -1, channels] });
  const blur = planarBlur(
    {
      ...specification,
      kernel: { shape: [1, ...kernel.shape], values: kernel.values },
      stride: [1, ...stride],
      padding: { begin: [0, ...padding.begin], end: [0, ...padding.end] },
      ...(surplus && { surplus: { begin: [0, ...surplus.begin], end: [0, ...surplus.end] } }),
      size: [1, ...size],
    },
    names,
  );
  const sequence = insertedLayer('Reshape', names('blur_sequence'), { target_shape: [output, channels] });
  return { ...blur, layers: [row, ...blur.layers, sequence] };
}
