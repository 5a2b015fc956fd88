import * as tf from '@tensorflow/tfjs';
import { blurFilter, centredPadding, type BlurFilterName } from '../../src/core/rewrite/filters';
import { wrap } from '../../src/engine/runtimes/tfjs/wrap';
import { averageBlurPooling2d } from '../../templates/blurpool';

/** A layer or several, one behind the other. */
export type Step = (x: tf.SymbolicTensor) => tf.SymbolicTensor;

/** The blur in front of every subsampling; undefined leaves the strided layers as they are. */
export type Blur = BlurFilterName | undefined;

/**
 * Maps extended around the border. As in the paper's experiments on CIFAR-10 all padding wraps, so that a loss of equivariance is
 * the subsampling's own and not the border's.
 */
class CircularPadding extends tf.layers.Layer {
  static readonly className = 'CircularPadding';

  constructor(
    private readonly before: number,
    private readonly after: number,
  ) {
    super({});
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    if (x === undefined) throw new Error('Circular padding has one input.');
    return wrap(tf, x, { begin: [this.before, this.before], end: [this.after, this.after] }, 'channels-last');
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, height, width, channels] = inputShape as tf.Shape;
    const longer = (size: number | null = null): number | null => (size === null ? null : size + this.before + this.after);
    return [batch ?? null, longer(height), longer(width), channels ?? null];
  }
}

const apply = (x: tf.SymbolicTensor, ...layers: readonly tf.layers.Layer[]): tf.SymbolicTensor =>
  layers.reduce((value, layer) => layer.apply(value) as tf.SymbolicTensor, x);

function circularPadding(before: number, after: number): readonly tf.layers.Layer[] {
  return before + after === 0 ? [] : [new CircularPadding(before, after)];
}

/** Seeds for the weights of one network, each used once. */
export type NextSeed = () => number;

/** What every convolution here has: no bias, since a normalisation follows. */
function convolution(filters: number, kernelSize: 1 | 3, seed: number): tf.layers.Layer {
  return tf.layers.conv2d({
    filters,
    kernelSize,
    padding: 'valid',
    useBias: false,
    kernelInitializer: tf.initializers.heNormal({ seed }),
  });
}

/** A 3x3 convolution around the border. */
export const conv3x3 =
  (filters: number, nextSeed: NextSeed): Step =>
  (x) =>
    apply(x, ...circularPadding(1, 1), convolution(filters, 3, nextSeed()));

/** A 1x1 convolution. */
export const conv1x1 =
  (filters: number, nextSeed: NextSeed): Step =>
  (x) =>
    apply(x, convolution(filters, 1, nextSeed()));

/** Batch normalisation and ReLU. Its running averages follow within tens of steps, as these trainings are short. */
export const normRelu: Step = (x) => apply(x, tf.layers.batchNormalization({ momentum: 0.9 }), tf.layers.reLU());

/** Blur and subsample by 2: our own BlurPool, which is given the map's other side for its border. */
function blurPool(filter: BlurFilterName): Step {
  const { taps } = blurFilter(filter);
  const { before, after } = centredPadding(taps.length);
  const pool = averageBlurPooling2d({ poolSize: taps.length, strides: 2, padding: 'valid', taps: [...taps] });
  return (x) => apply(x, ...circularPadding(before, after), pool);
}

/** Max-pooling by 2; anti-aliased, the maximum at stride 1 and the blur behind it. */
export function maxPool(blur: Blur): Step {
  if (blur === undefined) return (x) => apply(x, tf.layers.maxPooling2d({ poolSize: 2, strides: 2 }));
  const dense = tf.layers.maxPooling2d({ poolSize: 2, strides: 1, padding: 'valid' });
  return (x) => blurPool(blur)(apply(x, ...circularPadding(0, 1), dense));
}

/** Average-pooling by 2; anti-aliased, the blur in its place. */
export function averagePool(blur: Blur): Step {
  return blur === undefined ? (x) => apply(x, tf.layers.averagePooling2d({ poolSize: 2, strides: 2 })) : blurPool(blur);
}

/** The mean over all positions and a dense layer with softmax. */
export const classifier =
  (classes: number, nextSeed: NextSeed): Step =>
  (x) =>
    apply(
      x,
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: classes, activation: 'softmax', kernelInitializer: tf.initializers.glorotNormal({ seed: nextSeed() }) }),
    );
