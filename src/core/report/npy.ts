import { ModelError } from '../model-error';

/** A float32 array with its shape, as NumPy stores it. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Magic, version and header length take ten bytes in version 1.0. */
const preambleLength = 10;
const headerAlignment = 64;

/** Writes an array in NumPy's format 1.0 (little-endian float32, C order). */
export function encodeNpy(data: Float32Array, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0] ?? 0},` : shape.join(', ');
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${tuple}), }`;
  const unpadded = preambleLength + dictionary.length + 1;
  const headerLength = Math.ceil(unpadded / headerAlignment) * headerAlignment - preambleLength;
  const header = `${dictionary.padEnd(headerLength - 1)}\n`;
  const bytes = new Uint8Array(preambleLength + headerLength + data.length * 4);
  bytes.set([...magic, 1, 0, headerLength & 0xff, headerLength >> 8]);
  for (let index = 0; index < header.length; index++) bytes[preambleLength + index] = header.charCodeAt(index);
  const view = new DataView(bytes.buffer, preambleLength + headerLength);
  data.forEach((value, index) => {
    view.setFloat32(index * 4, value, true);
  });
  return bytes;
}

/** Reads a `.npy` file of float32 or float64 values in C order. @throws ModelError `malformed`, `truncated` or `unsupported` */
export function decodeNpy(bytes: Uint8Array, path: string): NpyArray {
  if (!magic.every((byte, index) => bytes[index] === byte)) {
    throw new ModelError('malformed', `"${path}" is not a NumPy array: its first bytes are not those of an .npy file.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6] ?? 0;
  const lengthBytes = version === 1 ? 2 : 4;
  const headerStart = 8 + lengthBytes;
  if (bytes.length < headerStart) throw truncated(path);
  const dataStart = headerStart + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (bytes.length < dataStart) throw truncated(path);
  const header = String.fromCharCode(...bytes.subarray(headerStart, Math.min(dataStart, headerStart + 4096)));
  const { shape, itemSize } = parseHeader(header, path);
  const count = shape.reduce((product, length) => product * length, 1);
  if (bytes.length < dataStart + count * itemSize) throw truncated(path);
  const read = (index: number): number =>
    itemSize === 4 ? view.getFloat32(dataStart + index * 4, true) : view.getFloat64(dataStart + index * 8, true);
  return { shape, data: Float32Array.from({ length: count }, (_, index) => read(index)) };
}

function parseHeader(header: string, path: string): { shape: readonly number[]; itemSize: 4 | 8 } {
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const dimensions = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (type === undefined || dimensions === undefined) {
    throw new ModelError('malformed', `"${path}" has an .npy header without type and shape.`);
  }
  if ((type !== '<f4' && type !== '<f8') || /'fortran_order':\s*True/.test(header)) {
    throw new ModelError('unsupported', `"${path}" must hold float32 or float64 values in C order, not "${type}".`);
  }
  const shape = dimensions.split(',').flatMap((text) => (text.trim() === '' ? [] : [Number(text)]));
  return { shape, itemSize: type === '<f4' ? 4 : 8 };
}

function truncated(path: string): ModelError {
  return new ModelError('truncated', `"${path}" is shorter than its .npy header says.`);
}
