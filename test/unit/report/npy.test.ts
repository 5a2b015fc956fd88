import { describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/core/model-error';
import { decodeNpy, encodeNpy } from '../../../src/core/report/npy';

const values = Float32Array.of(0, 1.5, -2, 3e-9, Infinity, 6);

describe('npy', () => {
  it.each([[[6]], [[2, 3]], [[1, 2, 3]]])('round trip of shape %o', (shape) => {
    const bytes = encodeNpy(values, shape);
    expect((bytes.length - values.byteLength) % 64).toBe(0);
    expect(decodeNpy(bytes, 'x.npy')).toEqual({ shape, data: values });
  });

  it('writes the header NumPy writes', () => {
    const text = String.fromCharCode(...encodeNpy(values, [2, 3]).subarray(10, 128));
    expect(text.trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
    expect(text.endsWith('\n')).toBe(true);
  });

  const whole = encodeNpy(values, [2, 3]);
  it.each([
    ['text', new TextEncoder().encode('not an array'), 'malformed'],
    ['nothing', new Uint8Array(), 'malformed'],
    ['half a file', whole.subarray(0, whole.length - 1), 'truncated'],
    ['half a header', whole.subarray(0, 60), 'truncated'],
    ['integers', new TextEncoder().encode('<i4').reduce((bytes, byte, index) => bytes.with(10 + 11 + index, byte), whole), 'unsupported'],
  ])('refuses %s with one clear error', (_, bytes, code) => {
    const read = (): unknown => decodeNpy(bytes, 'x.npy');
    expect(read).toThrow(ModelError);
    expect(read).toThrow(expect.objectContaining({ code, message: expect.stringContaining('"x.npy"') }));
  });
});
