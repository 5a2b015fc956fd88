import { block, type BlockTable, type BlockWindow } from '../block';
import { imageDimensions } from '../rows';

const conv = {
  parameters: ['filters', 'kernel_size', 'strides', 'padding'],
  kernel: ['kernel_size', null],
  stride: ['strides', 1],
  activation: 'activation',
} as const;
const pool = { parameters: ['pool_size', 'strides', 'padding'], kernel: ['pool_size', null], stride: ['strides', null] } as const;

const kinds: readonly (readonly [operation: string, layer: string, window: BlockWindow])[] = [
  ['conv', 'Conv', conv],
  ['separable_conv', 'SeparableConv', conv],
  ['max_pooling', 'MaxPooling', { ...pool, role: 'max-pool' }],
  ['average_pooling', 'AveragePooling', { ...pool, role: 'average-pool' }],
];

/** https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/layers, which TensorFlow 2 keeps as `tf.compat.v1.layers`. */
export const layers: BlockTable = {
  modules: [],
  callables: kinds.flatMap(([operation, layer, window]) =>
    imageDimensions.flatMap((dimensions) => [
      block(`tensorflow.layers.${operation}${dimensions}d`, { ...window, dimensions, form: 'operation' }),
      block(`tensorflow.layers.${layer}${dimensions}D`, { ...window, dimensions }),
    ]),
  ),
};
