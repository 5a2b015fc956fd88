import { t } from '@vscode/l10n';
import { decode, type Image } from 'image-js';
import { ModelError } from '../../core/model-error';
import type { AxisPair } from '../../core/graph/model-graph';
import { cropped, extended, resample, type Plane } from './resample';
import { decodeWebp, isWebp, webpSize, type DecodedPixels } from './webp';

/** Pictures beyond this are refused by their header, before any memory is taken for them. */
const largestPixels = 64 * 1024 * 1024;

/**
 * Decodes an image file, scales it to cover `size` and cuts out the centre; values 0 to 1.
 * @param channels 1 for grey, 3 for red, green, blue
 * @throws ModelError `unsupported`, `malformed` or `too-large`, naming the file
 */
export async function imagePlanes(bytes: Uint8Array, path: string, channels: number, size: AxisPair): Promise<readonly Plane[]> {
  return (await decodePlanes(bytes, path, channels)).map((plane) => covering(plane, size));
}

/**
 * Decodes an image file for crops: `size` with `margin` pixels around it, from the image itself where it is as large, else
 * the image scaled to `size` and mirrored at its edges. Values 0 to 1.
 * @throws ModelError like `imagePlanes`
 */
export async function imageCanvas(
  bytes: Uint8Array,
  path: string,
  channels: number,
  size: AxisPair,
  margin: AxisPair,
): Promise<readonly Plane[]> {
  const canvas: AxisPair = [size[0] + 2 * margin[0], size[1] + 2 * margin[1]];
  return (await decodePlanes(bytes, path, channels)).map((plane) => {
    const isLarger = plane.height >= canvas[0] && plane.width >= canvas[1];
    return isLarger ? covering(plane, canvas) : extended(covering(plane, size), margin, 'mirror');
  });
}

async function decodePlanes(bytes: Uint8Array, path: string, channels: number): Promise<readonly Plane[]> {
  if (channels !== 1 && channels !== 3) {
    throw new ModelError('unsupported', t`The model takes ${channels} channels, but an image has 1 or 3: give the input as a .npy tensor.`);
  }
  const colours = await decodeColours(bytes, path);
  return channels === 3 ? colours : [grey(colours)];
}

function covering(plane: Plane, [height, width]: AxisPair): Plane {
  const scale = Math.max(height / plane.height, width / plane.width);
  const scaled = resample(
    plane,
    Math.max(height, Math.round(plane.height * scale)),
    Math.max(width, Math.round(plane.width * scale)),
    'clamp',
  );
  return cropCentre(scaled, height, width);
}

async function decodeColours(bytes: Uint8Array, path: string): Promise<readonly [Plane, Plane, Plane]> {
  if (bytes.length === 0) throw new ModelError('empty-file', t`The image "${path}" is empty (0 bytes).`);
  const declared = declaredSize(bytes);
  if (declared !== undefined && declared[0] * declared[1] > largestPixels) {
    throw new ModelError(
      'too-large',
      t`The image "${path}" claims ${declared[1]} x ${declared[0]} pixels, more than the ${largestPixels} allowed.`,
    );
  }
  try {
    return isWebp(bytes) ? webpPlanes(await decodeWebp(bytes)) : colourPlanes(decode(bytes));
  } catch (error) {
    const cause = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    throw new ModelError('malformed', t`"${path}" cannot be read as an image (PNG, JPEG, WebP, BMP or TIFF): ${cause.replace(/\.$/, '')}.`);
  }
}

/** Height and width as PNG, BMP and WebP headers claim them; other decoders have limits of their own. */
function declaredSize(bytes: Uint8Array): AxisPair | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 24 && view.getUint32(0) === 0x89504e47) return [view.getUint32(20), view.getUint32(16)];
  if (bytes.length >= 26 && view.getUint16(0) === 0x424d) return [Math.abs(view.getInt32(22, true)), Math.abs(view.getInt32(18, true))];
  const webp = isWebp(bytes) ? webpSize(bytes) : undefined;
  return webp && [webp.height, webp.width];
}

/** Opacity is left out, as it is for the other formats. */
function webpPlanes({ width, height, data }: DecodedPixels): readonly [Plane, Plane, Plane] {
  const plane = (channel: number): Plane => ({
    height,
    width,
    data: Float32Array.from({ length: width * height }, (_, index) => (data[index * 4 + channel] ?? 0) / 255),
  });
  return [plane(0), plane(1), plane(2)];
}

function colourPlanes(image: Image): readonly [Plane, Plane, Plane] {
  const { width, height, maxValue } = image;
  const coloured = image.components === 3;
  const plane = (channel: number): Plane => {
    const data = new Float32Array(width * height);
    for (let index = 0; index < data.length; index++) data[index] = image.getValueByIndex(index, channel) / maxValue;
    return { height, width, data };
  };
  if (coloured) return [plane(0), plane(1), plane(2)];
  const only = plane(0);
  return [only, only, only];
}

/** Luma of ITU-R BT.601. */
function grey([red, green, blue]: readonly [Plane, Plane, Plane]): Plane {
  const data = red.data.map((value, index) => 0.299 * value + 0.587 * (green.data[index] ?? 0) + 0.114 * (blue.data[index] ?? 0));
  return { height: red.height, width: red.width, data };
}

function cropCentre(plane: Plane, height: number, width: number): Plane {
  return cropped(plane, [Math.floor((plane.height - height) / 2), Math.floor((plane.width - width) / 2)], [height, width]);
}
