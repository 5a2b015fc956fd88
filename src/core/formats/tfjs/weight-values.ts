import { halfToNumber } from '../half';
import type { WeightEntry } from './manifest';

/** The numbers of a weight or of a part of one, dequantized as TensorFlow.js does it; none for types that hold no numbers. */
export function weightValues(
  { dtype, quantization, shape }: Pick<WeightEntry, 'dtype' | 'quantization' | 'shape'>,
  bytes: Uint8Array,
): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = shape.reduce((product, extent) => product * extent, 1);
  const numbers = (read: (index: number) => number): number[] => Array.from({ length }, (_, index) => read(index));
  if (quantization === undefined)
    return numbers((index) => (dtype === 'int32' ? view.getInt32(index * 4, true) : view.getFloat32(index * 4, true)));
  const { scale, min } = quantization;
  const whole = (value: number): number => (dtype === 'int32' ? Math.round(value) : value);
  switch (quantization.dtype) {
    case 'uint8':
      return numbers((index) => whole(view.getUint8(index) * scale + min));
    case 'uint16':
      return numbers((index) => whole(view.getUint16(index * 2, true) * scale + min));
    case 'float16':
      return numbers((index) => halfToNumber(view.getUint16(index * 2, true)));
    default:
      return [];
  }
}
