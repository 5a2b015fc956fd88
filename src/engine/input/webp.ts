import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Pixels as the decoder hands them out: red, green, blue, opacity, one byte each. */
export interface DecodedPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

const codecFile = 'webp_dec.wasm';
let loading: Promise<(bytes: ArrayBuffer) => Promise<DecodedPixels>> | undefined;

/** Decodes a WebP file. @throws Error where it is damaged */
export async function decodeWebp(bytes: Uint8Array): Promise<DecodedPixels> {
  loading ??= loadDecoder();
  const decode = await loading;
  // A copy, since the bytes may be a part of a larger buffer.
  return decode(new Uint8Array(bytes).buffer);
}

export function isWebp(bytes: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, 12));
  return text.startsWith('RIFF') && text.endsWith('WEBP');
}

/** Width and height as the header claims them; undefined for a header of another kind. */
export function webpSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  if (bytes.length < 30) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (new TextDecoder('latin1').decode(bytes.subarray(12, 16))) {
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: 1 + (view.getUint32(24, true) & 0xffffff), height: 1 + (view.getUint32(26, true) >>> 8) };
    default:
      return undefined;
  }
}

async function loadDecoder(): Promise<(bytes: ArrayBuffer) => Promise<DecodedPixels>> {
  const { default: decode, init } = await import('@jsquash/webp/decode.js');
  // The decoder makes an ImageData, which Node does not have.
  if (!('ImageData' in globalThis)) Object.assign(globalThis, { ImageData: Pixels });
  await init(new WebAssembly.Module(new Uint8Array(await readFile(codecPath()))));
  return decode;
}

class Pixels implements DecodedPixels {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number,
  ) {}
}

/** Beside the bundle, or in the package when running from source. */
function codecPath(): string {
  const beside = path.join(__dirname, codecFile);
  return existsSync(beside)
    ? beside
    : path.join(path.dirname(createRequire(__filename).resolve('@jsquash/webp/package.json')), 'codec/dec', codecFile);
}
