import type { ExplicitPadding } from '../../../graph/window';
import { cutAndPadded, type CutAndPadded } from '../../../rewrite/padded-map';
import { borderModel } from './border-model';
import { dataFormat, insertedLayer, type BlurNames, type InsertedBlur, type InsertedLayer } from './inserted-blur';
import type { BlurSpecification } from '../../../rewrite/plan';

/**
 * A blur of maps: Cropping2D and a border where needed, then a DepthwiseConv2D that is not trainable. Padding is explicit
 * because TensorFlow's SAME would move the samples with the stride. Native kernels take one stride for both axes; where the
 * axes differ, the blur stands at stride 1 and an average over single samples picks those wanted.
 */
export function planarBlur(specification: BlurSpecification, names: BlurNames): InsertedBlur {
  const { kernel, stride, channels, size, layout } = specification;
  const around = cutAndPadded(specification);
  const cropping = pairs(around.cut);
  const format = { data_format: dataFormat(layout) };
  const even = commonStride(stride, kernel.shape, size);
  const filter = names('blur');
  return {
    filter,
    layers: [
      ...(some(cropping) ? [insertedLayer('Cropping2D', names('blur_crop'), { ...format, cropping })] : []),
      ...(some(pairs(around.added)) ? [borderLayer(specification, around, names)] : []),
      insertedLayer('DepthwiseConv2D', filter, {
        ...format,
        kernel_size: kernel.shape,
        strides: even ?? stride.map(() => 1),
        padding: 'valid',
        dilation_rate: [1, 1],
        depth_multiplier: 1,
        activation: 'linear',
        use_bias: false,
        depthwise_initializer: { class_name: 'Zeros', config: {} },
      }),
      ...(even === undefined
        ? [insertedLayer('AveragePooling2D', names('blur_sample'), { ...format, pool_size: [1, 1], strides: stride, padding: 'valid' })]
        : []),
    ],
    weight: {
      name: `${filter}/depthwise_kernel`,
      dtype: 'float32',
      shape: [...kernel.shape, channels, 1],
      values: Float32Array.from(
        { length: kernel.values.length * channels },
        (_, index) => kernel.values[Math.floor(index / channels)] ?? 0,
      ),
    },
    notes: [],
  };
}

/** What lies beside the map, after any cropping. */
function borderLayer({ border, size, channels, layout }: BlurSpecification, { cut, added }: CutAndPadded, names: BlurNames): InsertedLayer {
  if (border === 'zero')
    return insertedLayer('ZeroPadding2D', names('blur_pad'), { data_format: dataFormat(layout), padding: pairs(added) });
  const left = size.map((length, axis) => (length === null ? null : length - (cut.begin[axis] ?? 0) - (cut.end[axis] ?? 0)));
  return borderModel({ border, size: left, channels, layout, ...added }, names);
}

/** `[begin, end]` per axis, as Keras has amounts. */
function pairs({ begin, end }: ExplicitPadding): readonly (readonly number[])[] {
  return begin.map((amount, axis) => [amount, end[axis] ?? 0]);
}

function some(amounts: readonly (readonly number[])[]): boolean {
  return amounts.flat().some((amount) => amount > 0);
}

/** One stride for both axes; along a single row any stride picks that row. */
function commonStride(
  stride: readonly number[],
  kernel: readonly number[],
  size: BlurSpecification['size'],
): readonly number[] | undefined {
  const largest = Math.max(...stride);
  const fits = stride.every((step, axis) => step === largest || (size[axis] === 1 && kernel[axis] === 1));
  return fits ? stride.map(() => largest) : undefined;
}
