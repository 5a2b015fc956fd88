import { block, type BlockTable } from '../block';

const conv = {
  parameters: ['num_outputs', 'kernel_size', 'stride', 'padding'],
  kernel: ['kernel_size', null],
  stride: ['stride', 1],
  form: 'operation',
} as const;
/** A scope around may have given pools another stride than their 2, so only one that is written counts. */
const pool = {
  parameters: ['kernel_size', 'stride', 'padding'],
  kernel: ['kernel_size', null],
  stride: ['stride', null],
  form: 'operation',
} as const;

/** https://github.com/google-research/tf-slim, formerly `tf.contrib.slim`. */
export const slim: BlockTable = {
  modules: [
    ['tf_slim', 'tf_slim'],
    ['tf_slim.layers', 'tf_slim'],
    ['tensorflow.contrib.slim', 'tf_slim'],
    ['tensorflow.contrib.layers', 'tf_slim'],
  ],
  callables: [
    ...(['conv', 'convolution'] as const).flatMap((stem) =>
      ([1, 2, 3] as const).map((dimensions) => block(`tf_slim.${stem}${dimensions}d`, { ...conv, dimensions })),
    ),
    ...['separable_conv2d', 'separable_convolution2d'].map((name) =>
      block(`tf_slim.${name}`, { ...conv, parameters: ['num_outputs', 'kernel_size', 'depth_multiplier', 'stride', 'padding'] }),
    ),
    ...([2, 3] as const).flatMap((dimensions) => [
      block(`tf_slim.max_pool${dimensions}d`, { ...pool, dimensions, role: 'max-pool' }),
      block(`tf_slim.avg_pool${dimensions}d`, { ...pool, dimensions, role: 'average-pool' }),
    ]),
  ],
};
