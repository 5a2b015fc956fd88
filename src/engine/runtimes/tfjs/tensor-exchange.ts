import type { Tensor } from '@tensorflow/tfjs';
import type { TensorBatch } from '../../../core/equivariance/walk/circular-model';
import type { TensorFlow } from './tensorflow';

/** A batch as the runtime's tensor. A copy: backends may keep the array, and hand it out again for whatever shares the tensor's data. */
export function toTensor(tf: TensorFlow, { data, dims }: TensorBatch): Tensor {
  return tf.tensor(data.slice(), [...dims], 'float32');
}

/** A tensor as float32, whatever type it has. Graphics cards are read in their own time. */
export async function toBatch(tensor: Tensor): Promise<TensorBatch> {
  const values = await tensor.data();
  return { data: values instanceof Float32Array ? values : Float32Array.from(values), dims: tensor.shape };
}
