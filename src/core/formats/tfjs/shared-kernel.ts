import type { Operation, SharedKernel } from '../../graph/model-graph';
import type { SlicedWeight } from './weight-slices';

type Convolution = Extract<Operation, { kind: 'convolution' }>;

/** Widest depthwise kernel that is looked at as a possible BlurPool; larger ones are learned. */
const widestBlur = 7;
/** A convolution that blurs may hold the filter within a wider kernel of zeros, which places it. */
const widestDiagonal = 16;
/** Numbers read at a time while channels are compared; a learned kernel ends the comparison in the first piece. */
const pieceLength = 4096;

/** The kernel that all channels of a layer share, if they do and no channel reads another: how a BlurPool shows in a file. */
export async function sharedKernel(
  isDepthwise: boolean,
  { window, inChannels, outChannels }: Convolution,
  weight: SlicedWeight,
): Promise<SharedKernel | undefined> {
  if (inChannels === null || inChannels === 0 || inChannels !== outChannels) return undefined;
  if (window.kernel.some((length) => length > (isDepthwise ? widestBlur : widestDiagonal))) return undefined;
  const [inputs = 0, outputs = 0] = weight.shape.slice(-2);
  if (inputs !== inChannels || outputs !== (isDepthwise ? 1 : inChannels)) return undefined;
  const values = await (isDepthwise ? sharedValues(weight, inChannels) : diagonalValues(weight, inChannels));
  if (values === undefined) return undefined;
  const kernel = { shape: window.kernel, values };
  return isDepthwise ? kernel : withoutZeroBorder(kernel);
}

/** Weights are `[...window, channels, 1]`; undefined where channels differ. */
async function sharedValues(weight: SlicedWeight, channels: number): Promise<readonly number[] | undefined> {
  const places = weight.shape.slice(0, -2).reduce((product, length) => product * length, 1);
  const weights = await weight.read(0, places * channels);
  const values = Array.from({ length: places }, (_, place) => weights[place * channels] ?? 0);
  return weights.every((value, index) => value === values[Math.floor(index / channels)]) ? values : undefined;
}

/** Weights are `[...window, channels, channels]`; undefined unless each place holds one number along its diagonal and zeros beside it. */
async function diagonalValues(weight: SlicedWeight, channels: number): Promise<readonly number[] | undefined> {
  const square = channels * channels;
  const places = weight.shape.slice(0, -2).reduce((product, length) => product * length, 1);
  const values: number[] = [];
  for (let place = 0; place < places; place++) {
    for (let start = 0; start < square; start += pieceLength) {
      const piece = await weight.read(place * square + start, Math.min(pieceLength, square - start));
      if (start === 0) values.push(piece[0] ?? 0);
      const fits = piece.every((value, index) => value === ((start + index) % (channels + 1) === 0 ? values[place] : 0));
      if (!fits) return undefined;
    }
  }
  return values;
}

/** The part of a kernel that has weight; all of it where nothing has. */
function withoutZeroBorder({ shape, values }: SharedKernel): SharedKernel {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const coordinates = (index: number): readonly number[] => shape.map((length, axis) => Math.floor(index / (strides[axis] ?? 1)) % length);
  const used = values.flatMap((value, index) => (value === 0 ? [] : [coordinates(index)]));
  if (used.length === 0) return { shape, values };
  const first = shape.map((_, axis) => Math.min(...used.map((place) => place[axis] ?? 0)));
  const last = shape.map((_, axis) => Math.max(...used.map((place) => place[axis] ?? 0)));
  const inside = (index: number): boolean =>
    coordinates(index).every((place, axis) => place >= (first[axis] ?? 0) && place <= (last[axis] ?? 0));
  return { shape: shape.map((_, axis) => (last[axis] ?? 0) - (first[axis] ?? 0) + 1), values: values.filter((_, index) => inside(index)) };
}
