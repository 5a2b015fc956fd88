import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import encodeWebp, { init } from '@jsquash/webp/encode.js';
import { encode, Image } from 'image-js';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/core/model-error';
import { prepareInput } from '../../../src/engine/input/input';
import { webpSize } from '../../../src/engine/input/webp';
import { resample, type Plane } from '../../../src/engine/input/resample';

const want = { layout: 'channels-first', images: [{ channels: 3 }], size: [8, 8] } as const;

function picture(width: number, height: number): Image {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, index) => [255, 128, 0][index % 3]!);
  return new Image(width, height, { data });
}

describe('the test pattern', () => {
  it.each([
    [[8, 8], 3],
    [[1, 8], 1],
    [[32, 20], 4],
  ] as const)('fills %o with %i channels of values in [0, 1], the same each time', async (size, channels) => {
    const { data, dims } = await prepareInput({ kind: 'pattern' }, { layout: 'channels-last', images: [{ channels }], size });
    expect(dims).toEqual([1, ...size, channels]);
    expect(Math.min(...data)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...data)).toBeLessThanOrEqual(1);
    expect(new Set(data).size).toBeGreaterThan(4);
    expect((await prepareInput({ kind: 'pattern' }, { layout: 'channels-last', images: [{ channels }], size })).data).toEqual(data);
  });
});

describe('an image', () => {
  it.each(['png', 'jpeg', 'bmp', 'webp'] as const)('%s is decoded, scaled to cover and cut to the centre', async (format) => {
    const bytes =
      format === 'bmp' ? bmp(20, 10) : format === 'webp' ? Buffer.from(await webp(20, 10)) : encode(picture(20, 10), { format });
    const { data, dims } = await prepareInput({ kind: 'image', path: `a.${format}`, bytes }, want);
    expect(dims).toEqual([1, 3, 8, 8]);
    [1, 128 / 255, 0].forEach((value, channel) => {
      for (const sample of data.subarray(channel * 64, (channel + 1) * 64)) expect(Math.abs(sample - value)).toBeLessThan(0.02);
    });
  });

  it('of WebP tells its size before it is decoded, in each of the three headers', async () => {
    expect(webpSize(await webp(20, 10))).toEqual({ width: 20, height: 10 });
    const header = (kind: string, at: number, ...bytes: number[]): Uint8Array => {
      const file = new Uint8Array(30);
      file.set(new TextEncoder().encode(`RIFF----WEBP${kind}`));
      file.set(bytes, at);
      return file;
    };
    expect(webpSize(header('VP8 ', 26, 0x14, 0x40, 0x0a, 0x80))).toEqual({ width: 20, height: 10 });
    expect(webpSize(header('VP8X', 24, 19, 0, 0, 9, 1, 0))).toEqual({ width: 20, height: 266 });
    expect(webpSize(header('ALPH', 24))).toBeUndefined();
  });

  it('becomes grey by luma for a model of one channel', async () => {
    const { data } = await prepareInput(
      { kind: 'image', path: 'a.png', bytes: encode(picture(8, 8), { format: 'png' }) },
      { ...want, images: [{ channels: 1 }] },
    );
    expect(data[0]).toBeCloseTo(0.299 + 0.587 * (128 / 255), 3);
  });

  const png = encode(picture(8, 8), { format: 'png' });
  const huge = png.slice();
  new DataView(huge.buffer).setUint32(16, 60_000);
  new DataView(huge.buffer).setUint32(20, 60_000);
  it.each([
    ['nothing', new Uint8Array(), 'empty-file'],
    ['text', new TextEncoder().encode('no picture'), 'malformed'],
    ['half a file', png.subarray(0, 50), 'malformed'],
    ['a header that claims 60,000 x 60,000', huge, 'too-large'],
  ])('refuses %s with one error that names the file', async (_, bytes, code) => {
    const error: unknown = await prepareInput({ kind: 'image', path: 'bad.png', bytes }, want).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ code, message: expect.stringContaining('"bad.png"') });
  });

  it('refuses a model of five channels', async () => {
    await expect(prepareInput({ kind: 'image', path: 'a.png', bytes: png }, { ...want, images: [{ channels: 5 }] })).rejects.toThrow(
      /5 channels/,
    );
  });
});

describe('a tensor', () => {
  const data = Float32Array.from({ length: 3 * 64 }, (_, index) => index);

  it('is taken verbatim where it fits', async () => {
    expect((await prepareInput({ kind: 'tensor', shape: [1, 3, 8, 8], data }, want)).data).toBe(data);
  });

  it.each([[[2, 3, 8, 4]], [[1, 8, 8, 3]], [[3, 8, 8]], [[1, 1, 8, 8]]])('of shape %o is refused with what was expected', async (shape) => {
    await expect(prepareInput({ kind: 'tensor', shape, data }, want)).rejects.toThrow('[1, 3, height, width]');
  });
});

describe('resample', () => {
  const plane = (width: number, values: readonly number[]): Plane => ({ height: 1, width, data: Float32Array.from(values) });

  it('low-passes when it shrinks: the finest grating becomes its mean instead of an alias', () => {
    const { data } = resample(
      plane(
        16,
        Array.from({ length: 16 }, (_, x) => x % 2),
      ),
      1,
      4,
      'wrap',
    );
    for (const value of data) expect(value).toBeCloseTo(0.5, 6);
  });

  it('interpolates when it enlarges, keeps constants and, wrapped, commutes with shifts by whole samples', () => {
    expect([...resample(plane(2, [0, 1]), 1, 4, 'clamp').data]).toEqual([0, 0.25, 0.75, 1]);
    for (const value of resample(plane(5, [3, 3, 3, 3, 3]), 7, 3, 'clamp').data) expect(value).toBeCloseTo(3, 6);
    const signal = [0, 4, 1, 7, 2, 2];
    const enlarged = resample(plane(6, signal), 1, 12, 'wrap').data;
    const shifted = resample(plane(6, [...signal.slice(-1), ...signal.slice(0, -1)]), 1, 12, 'wrap').data;
    shifted.forEach((value, x) => {
      expect(value).toBeCloseTo(enlarged[(x + 10) % 12]!, 5);
    });
  });
});

/** A lossless WebP of one colour. */
async function webp(width: number, height: number): Promise<Uint8Array> {
  const codec = path.join(path.dirname(createRequire(import.meta.url).resolve('@jsquash/webp/package.json')), 'codec/enc/webp_enc.wasm');
  await (init as (module: WebAssembly.Module) => Promise<unknown>)(await WebAssembly.compile(readFileSync(codec)));
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, index) => [255, 128, 0, 255][index % 4]!);
  return new Uint8Array(await encodeWebp({ width, height, data } as ImageData, { lossless: 1, exact: 1 }));
}

/** An uncompressed 24-bit BMP of one colour. */
function bmp(width: number, height: number): Uint8Array {
  const rowLength = Math.ceil((width * 3) / 4) * 4;
  const bytes = new Uint8Array(54 + rowLength * height);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  for (const [offset, value] of [
    [2, bytes.length],
    [10, 54],
    [14, 40],
    [18, width],
    [22, height],
    [34, rowLength * height],
  ] as const)
    view.setUint32(offset, value, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) bytes.set([0, 128, 255], 54 + y * rowLength + x * 3);
  return bytes;
}
