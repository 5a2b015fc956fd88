import type { TensorBatch } from '../../core/equivariance/walk/circular-model';
import type { Layout } from '../../core/graph/model-graph';
import type { Picture } from '../../core/input/picture';
import { channelScale, type Preprocessing } from '../../core/input/preprocessing';
import { fromBatch } from './planes';
import { resample, type Plane } from './resample';

/** Longest side: it is shown small. */
const longestSide = 256;

/** How the input is laid out, and how its pixels were scaled; left out for a tensor that was taken as it is. */
export interface ShownInput {
  readonly layout: Layout;
  readonly channels: number;
  readonly preprocessing?: Preprocessing;
}

/**
 * The picture of a prepared input, shrunk where it is large: what the model gets, before its values are scaled. Of a model of several
 * images it is the first. Values of a tensor are stretched from its lowest to its highest.
 *
 * @returns undefined for signals and for what has neither one channel nor three
 */
export function pictureOf(input: TensorBatch, { layout, channels, preprocessing }: ShownInput): Picture | undefined {
  if (input.dims.length !== 4 || (channels !== 1 && channels !== 3)) return undefined;
  const planes = fromBatch(input, layout).slice(0, channels).map(shrunk);
  const pixels = preprocessing === undefined ? stretched(planes) : unscaled(planes, preprocessing);
  const [red] = pixels;
  if (red === undefined) return undefined;
  const rgb = new Uint8Array(red.data.length * 3);
  for (let index = 0; index < rgb.length; index++) {
    const plane = pixels[channels === 1 ? 0 : index % 3];
    rgb[index] = Math.round(Math.min(1, Math.max(0, plane?.data[Math.floor(index / 3)] ?? 0)) * 255);
  }
  return { size: [red.height, red.width], rgb };
}

/** Low-passed as an image is that is given to a model. */
function shrunk(plane: Plane): Plane {
  const scale = longestSide / Math.max(plane.height, plane.width);
  const side = (length: number): number => Math.max(1, Math.round(length * scale));
  return scale >= 1 ? plane : resample(plane, side(plane.height), side(plane.width), 'wrap');
}

/** The inverse of `preprocess`: pixels from 0 to 1, red first. */
function unscaled(planes: readonly Plane[], preprocessing: Preprocessing): readonly Plane[] {
  const pixels = planes.map((plane, channel) => {
    const { factor, offset } = channelScale(preprocessing, channel);
    return { ...plane, data: plane.data.map((value) => (value - offset) / factor) };
  });
  return preprocessing.channelOrder === 'bgr' ? pixels.reverse() : pixels;
}

function stretched(planes: readonly Plane[]): readonly Plane[] {
  let [low, high] = [Infinity, -Infinity];
  for (const { data } of planes) {
    for (const value of data) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  const range = high > low ? high - low : 1;
  return planes.map((plane) => ({ ...plane, data: plane.data.map((value) => (value - low) / range) }));
}
