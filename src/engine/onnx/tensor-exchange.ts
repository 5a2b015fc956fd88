import type { OnnxValue, Tensor } from 'onnxruntime-node';
import type { TensorBatch } from '../../core/equivariance/circular-model';
import { ModelError } from '../../core/formats/format';
import type { OnnxRuntime } from './runtime';

/** A batch as the runtime's tensor; the data is not copied. */
export function toTensor(runtime: OnnxRuntime, batch: TensorBatch): Tensor {
  return new runtime.Tensor('float32', batch.data, batch.dims);
}

/** A result of the runtime as float32, whatever numeric type it has. @throws ModelError `unsupported` for texts and sequences */
export function toBatch(name: string, value: OnnxValue | undefined): TensorBatch {
  if (value === undefined || !('data' in value)) throw notNumeric(name);
  const { data, dims } = value;
  if (data instanceof Float32Array) return { data, dims };
  if (Array.isArray(data)) throw notNumeric(name);
  return { data: Float32Array.from(data, Number), dims };
}

function notNumeric(name: string): ModelError {
  return new ModelError('unsupported', `The value "${name}" of the model is not a tensor of numbers, so it cannot be compared.`);
}
