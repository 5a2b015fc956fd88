import type { ExplicitPadding } from '../../graph/window';
import type { Layout } from '../../graph/model-graph';
import type { BlurKernel } from '../../rewrite/filters';

/** A layer to insert, as Keras configures it. */
export interface InsertedLayer {
  readonly className: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What one blur is made of, in order; the last layer gives the blurred map. */
export interface InsertedBlur {
  readonly layers: readonly InsertedLayer[];
  readonly weight: { readonly name: string; readonly shape: readonly number[]; readonly values: Float32Array };
}

/** What the blur has to do. Image axes only: height, width. */
export interface BlurSpecification {
  /** Names for the blur and its padding and cropping layers. */
  readonly names: { readonly blur: string; readonly pad: string; readonly crop: string };
  readonly kernel: BlurKernel;
  readonly stride: readonly number[];
  readonly channels: number;
  /** Negative amounts crop. */
  readonly padding: ExplicitPadding;
  readonly layout: Layout;
}

/**
 * BlurPool out of stock layers: Cropping2D and ZeroPadding2D where needed, then a DepthwiseConv2D that is not trainable.
 * Padding is explicit because TensorFlow's SAME would move the samples with the stride.
 */
export function blurLayers(specification: BlurSpecification): InsertedBlur {
  const { names, kernel, stride, channels, padding, layout } = specification;
  const dataFormat = layout === 'channels-first' ? 'channels_first' : 'channels_last';
  const pairs = (amount: (value: number) => number): readonly (readonly number[])[] =>
    padding.begin.map((begin, axis) => [amount(begin), amount(padding.end[axis] ?? 0)]);
  const cropping = pairs((value) => Math.max(0, -value));
  const added = pairs((value) => Math.max(0, value));
  const layer = (className: string, name: string, config: Readonly<Record<string, unknown>>): InsertedLayer => ({
    className,
    name,
    config: { name, trainable: false, dtype: 'float32', data_format: dataFormat, ...config },
  });
  const some = (amounts: readonly (readonly number[])[]): boolean => amounts.flat().some((amount) => amount > 0);
  return {
    layers: [
      ...(some(cropping) ? [layer('Cropping2D', names.crop, { cropping })] : []),
      ...(some(added) ? [layer('ZeroPadding2D', names.pad, { padding: added })] : []),
      layer('DepthwiseConv2D', names.blur, {
        kernel_size: kernel.shape,
        strides: stride,
        padding: 'valid',
        dilation_rate: [1, 1],
        depth_multiplier: 1,
        activation: 'linear',
        use_bias: false,
        depthwise_initializer: { class_name: 'Zeros', config: {} },
      }),
    ],
    weight: {
      name: `${names.blur}/depthwise_kernel`,
      shape: [...kernel.shape, channels, 1],
      values: Float32Array.from({ length: kernel.values.length * channels }, (_, index) => kernel.values[Math.floor(index / channels)] ?? 0),
    },
  };
}
