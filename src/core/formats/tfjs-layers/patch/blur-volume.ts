import { t } from '@vscode/l10n';
import type { BlurSpecification } from '../../../rewrite/plan';
import { dataFormat, insertedLayer, type BlurNames, type InsertedBlur } from './inserted-blur';

/** A dense kernel grows with the square of the channels; beyond these its weights are tens of megabytes. */
const mostChannels = 256;

/** Where the filter lies along one axis of a convolution's wider kernel. */
interface PlacedAxis {
  readonly lead: number;
  readonly length: number;
}

interface Placement {
  readonly axes: readonly PlacedAxis[];
  readonly padding: 'same' | 'valid';
  /** True where the convolution keeps the stride, false where samples are picked behind it. */
  readonly strided: boolean;
}

/** Why a volume cannot be blurred, read on after "because". */
export function volumeObstacle(specification: BlurSpecification): string | undefined {
  const { channels } = specification;
  if (channels > mostChannels) {
    return t`TensorFlow.js has no depthwise layer for volumes, and a full one for ${channels} channels would be too large`;
  }
  const isCutOrPadded = placementOf(specification) === undefined;
  return isCutOrPadded ? t('TensorFlow.js has no layer that cuts or pads volumes, which its size would need') : undefined;
}

/**
 * A blur of volumes: TensorFlow.js has neither a depthwise layer nor padding for them, so it is a Conv3D in which every channel
 * reads itself alone. The filter lies within a kernel of zeros, so that SAME or VALID puts its samples where they belong.
 */
export function volumeBlur(specification: BlurSpecification, names: BlurNames): InsertedBlur {
  const placement = placementOf(specification);
  if (placement === undefined) throw new Error('A plan holds a blur of a volume that no layer of TensorFlow.js places.');
  return convolution(specification, placement, names);
}

/** The cheapest way to place the filter. */
function placementOf(specification: BlurSpecification): Placement | undefined {
  const [cheapest] = [placeValid(specification), placeSame(specification), placeDense(specification)]
    .filter((candidate) => candidate !== undefined)
    .sort((a, b) => places(a) - places(b));
  return cheapest;
}

/** Places of the kernel, a dense one weighing as much as the samples that it does not drop. */
function places({ axes, strided }: Placement): number {
  return axes.reduce((product, { length }) => product * length, strided ? 1 : 1e6);
}

function outputLengths({ kernel, stride, padding, size }: BlurSpecification): readonly (number | null)[] {
  return size.map((length, axis) => {
    const room = (padding.begin[axis] ?? 0) + (padding.end[axis] ?? 0) - (kernel.shape[axis] ?? 1);
    return length === null ? null : Math.floor((length + room) / (stride[axis] ?? 1)) + 1;
  });
}

/** VALID windows start at 0: zeros in front of the filter move it inwards, zeros behind it drop samples at the end. */
function placeValid(specification: BlurSpecification): Placement | undefined {
  const outputs = outputLengths(specification);
  const axes = specification.size.map((length, axis): PlacedAxis | undefined => {
    const lead = 0 - (specification.padding.begin[axis] ?? 0);
    const output = outputs[axis] ?? null;
    const step = specification.stride[axis] ?? 1;
    if (lead < 0 || length === null || output === null) return undefined;
    const longest = length - (output - 1) * step;
    const kernel = Math.max(lead + (specification.kernel.shape[axis] ?? 1), longest - step + 1);
    return kernel > longest ? undefined : { lead, length: kernel };
  });
  return all(axes, 'valid', true);
}

/** SAME gives as many samples as the stride leaves, and pads the more the longer the kernel is. */
function placeSame(specification: BlurSpecification): Placement | undefined {
  const outputs = outputLengths(specification);
  const axes = specification.size.map((length, axis): PlacedAxis | undefined => {
    const step = specification.stride[axis] ?? 1;
    const output = outputs[axis] ?? null;
    if (length === null || output !== Math.ceil(length / step)) return undefined;
    // Windows that end before the map does are shifted by some backends and not by others; longer kernels reach its end.
    const least = length - (output - 1) * step;
    return growing(specification, axis, (kernel) => (kernel < least ? undefined : Math.floor((kernel - least) / 2)));
  });
  return all(axes, 'same', true);
}

/** At stride 1 SAME does not depend on the size: for volumes of open size the samples are picked behind it. */
function placeDense(specification: BlurSpecification): Placement | undefined {
  const outputs = outputLengths(specification);
  const axes = specification.size.map((length, axis): PlacedAxis | undefined => {
    if (length !== null && outputs[axis] !== Math.ceil(length / (specification.stride[axis] ?? 1))) return undefined;
    return growing(specification, axis, (kernel) => Math.floor((kernel - 1) / 2));
  });
  return all(axes, 'same', false);
}

/**
 * The shortest kernel in whose windows the filter can lie where it must.
 * @param before by how much they begin early, undefined where unsafe
 */
function growing(
  { kernel, padding, stride }: BlurSpecification,
  axis: number,
  before: (kernel: number) => number | undefined,
): PlacedAxis | undefined {
  const taps = kernel.shape[axis] ?? 1;
  const begin = padding.begin[axis] ?? 0;
  for (let length = taps; length <= 4 * (taps + Math.abs(begin) + (stride[axis] ?? 1)); length++) {
    const lead = (before(length) ?? Number.NaN) - begin;
    if (lead >= 0 && lead + taps <= length) return { lead, length };
  }
  return undefined;
}

function all(axes: readonly (PlacedAxis | undefined)[], padding: Placement['padding'], strided: boolean): Placement | undefined {
  const placed = axes.filter((axis) => axis !== undefined);
  return placed.length === axes.length ? { axes: placed, padding, strided } : undefined;
}

function convolution(
  { kernel, stride, channels, layout }: BlurSpecification,
  { axes, padding, strided }: Placement,
  names: BlurNames,
): InsertedBlur {
  const filter = names('blur');
  const format = { data_format: dataFormat(layout) };
  const shape = axes.map(({ length }) => length);
  const values = new Float32Array(shape.reduce((product, length) => product * length, channels * channels));
  kernel.values.forEach((weight, index) => {
    let [rest, place, step] = [index, 0, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const taps = kernel.shape[axis] ?? 1;
      place += ((rest % taps) + (axes[axis]?.lead ?? 0)) * step;
      rest = Math.floor(rest / taps);
      step *= shape[axis] ?? 1;
    }
    for (let channel = 0; channel < channels; channel++) values[(place * channels + channel) * channels + channel] = weight;
  });
  return {
    filter,
    layers: [
      insertedLayer('Conv3D', filter, {
        ...format,
        filters: channels,
        kernel_size: shape,
        strides: strided ? stride : stride.map(() => 1),
        padding,
        dilation_rate: [1, 1, 1],
        activation: 'linear',
        use_bias: false,
        kernel_initializer: { class_name: 'Zeros', config: {} },
      }),
      ...(strided
        ? []
        : [
            insertedLayer('AveragePooling3D', names('blur_sample'), { ...format, pool_size: [1, 1, 1], strides: stride, padding: 'valid' }),
          ]),
    ],
    weight: { name: `${filter}/kernel`, dtype: 'float32', shape: [...shape, channels, channels], values },
    notes:
      channels === 1
        ? []
        : [
            t`It is a full convolution of ${channels} channels, since TensorFlow.js has no depthwise layer for volumes, and costs ${channels} times as much as one.`,
          ],
  };
}
