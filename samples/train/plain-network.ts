import type { LayersModel, SymbolicTensor, layers as tfLayers } from '@tensorflow/tfjs';
import { classNames, side } from './shapes';

type TensorFlow = typeof import('@tensorflow/tfjs');

/** Convolution, batch normalisation and ReLU as layers of their own, as exporters write them. */
interface Block {
  readonly name: string;
  readonly filters: number;
  readonly stride: 1 | 2;
}

const network: readonly (Block | { readonly pool: string })[] = [
  { name: '1_1', filters: 16, stride: 1 },
  { name: '1_2', filters: 16, stride: 1 },
  { pool: 'pool1' },
  { name: '2_1', filters: 32, stride: 1 },
  { name: '2_2', filters: 32, stride: 1 },
  { pool: 'pool2' },
  { name: '3_1', filters: 64, stride: 2 },
  { name: '3_2', filters: 64, stride: 1 },
  { pool: 'pool3' },
];

/** A small VGG: 3x3 convolutions, three max-pools and one strided convolution, global average, softmax. Seeded weights. */
export function plainNetwork(tf: TensorFlow): LayersModel {
  const image = tf.input({ shape: [side, side, 3], name: 'image' });
  let seed = 1;
  let tensor: SymbolicTensor = image;
  const add = (layer: tfLayers.Layer): void => {
    tensor = layer.apply(tensor) as SymbolicTensor;
  };
  for (const part of network) {
    if ('pool' in part) {
      add(tf.layers.maxPooling2d({ name: part.pool, poolSize: 2, strides: 2 }));
      continue;
    }
    add(
      tf.layers.conv2d({
        name: `conv${part.name}`,
        filters: part.filters,
        kernelSize: 3,
        strides: part.stride,
        padding: 'same',
        useBias: false,
        kernelInitializer: tf.initializers.heNormal({ seed: seed++ }),
      }),
    );
    add(tf.layers.batchNormalization({ name: `norm${part.name}` }));
    add(tf.layers.reLU({ name: `relu${part.name}` }));
  }
  add(tf.layers.globalAveragePooling2d({ name: 'average' }));
  add(
    tf.layers.dense({
      name: 'probabilities',
      units: classNames.length,
      activation: 'softmax',
      kernelInitializer: tf.initializers.glorotNormal({ seed }),
    }),
  );
  return tf.model({ name: 'shapes', inputs: image, outputs: tensor });
}
