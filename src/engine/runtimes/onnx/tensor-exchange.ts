import { t } from '@vscode/l10n';
import type { OnnxValue, Tensor } from 'onnxruntime-node';
import type { TensorBatch } from '../../../core/equivariance/walk/circular-model';
import { halfToNumber, numberToHalf } from '../../../core/formats/half';
import { ModelError } from '../../../core/model-error';
import type { OnnxRuntime } from './onnx-runtime';

/** A batch as the runtime's tensor; the data is not copied. */
export function toTensor(runtime: OnnxRuntime, batch: TensorBatch): Tensor {
  return new runtime.Tensor('float32', batch.data, batch.dims);
}

/** A batch as an input of a type of its own takes it. @throws ModelError `unsupported` for types that hold no numbers */
export function toTyped(runtime: OnnxRuntime, name: string, { data, dims }: TensorBatch, type: string): Tensor {
  switch (type) {
    case 'float32':
      return toTensor(runtime, { data, dims });
    case 'float64':
      return new runtime.Tensor('float64', Float64Array.from(data), dims);
    case 'int64':
      return new runtime.Tensor(
        'int64',
        BigInt64Array.from(data, (value) => BigInt(Math.round(value))),
        dims,
      );
    case 'int32':
      return new runtime.Tensor('int32', Int32Array.from(data), dims);
    case 'uint8':
      return new runtime.Tensor('uint8', Uint8Array.from(data), dims);
    case 'int8':
      return new runtime.Tensor('int8', Int8Array.from(data), dims);
    case 'float16':
      return new runtime.Tensor('float16', Uint16Array.from(data, numberToHalf), dims);
    case 'bool':
      return new runtime.Tensor(
        'bool',
        Uint8Array.from(data, (value) => (value === 0 ? 0 : 1)),
        dims,
      );
    default:
      throw new ModelError('unsupported', t`The input "${name}" takes values of type ${type}, which a picture cannot be turned into.`);
  }
}

/** A result of the runtime as float32, whatever numeric type it has. @throws ModelError `unsupported` for texts and sequences */
export function toBatch(name: string, value: OnnxValue | undefined): TensorBatch {
  if (value === undefined || !('data' in value)) throw notNumeric(name);
  const { data, dims } = value;
  if (data instanceof Float32Array) return { data, dims };
  if (Array.isArray(data)) throw notNumeric(name);
  // Where the language has no such numbers, their bits are told.
  if (value.type === 'float16' && data instanceof Uint16Array) return { data: Float32Array.from(data, halfToNumber), dims };
  return { data: Float32Array.from(data, Number), dims };
}

/** Sums, which the runtime gives as float64. */
export function toSums(name: string, value: OnnxValue | undefined): { readonly data: Float64Array; readonly dims: readonly number[] } {
  if (value === undefined || !('data' in value) || !(value.data instanceof Float64Array)) throw notNumeric(name);
  return { data: value.data, dims: value.dims };
}

function notNumeric(name: string): ModelError {
  return new ModelError('unsupported', t`The value "${name}" of the model is not a tensor of numbers, so it cannot be compared.`);
}
