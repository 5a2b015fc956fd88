import { block, type BlockTable } from '../block';

const conv = {
  parameters: ['rhs', 'window_strides', 'padding'],
  // The filter is an array, so its extent is not in the call.
  kernel: ['kernel_size', null],
  stride: ['window_strides', null],
  dimensions: 0,
  form: 'operation',
} as const;

/** https://docs.jax.dev/en/latest/jax.lax.html: what layers of JAX are made of. */
export const lax: BlockTable = {
  modules: [['jax.lax', 'jax.lax']],
  callables: ['conv', 'conv_general_dilated', 'conv_with_general_padding'].map((name) => block(`jax.lax.${name}`, conv)),
};
