import { t } from '@vscode/l10n';
import type { TensorBatch } from '../../core/equivariance/walk/circular-model';
import { ModelError } from '../../core/model-error';
import type { ImageInput } from '../../core/equivariance/contracts';
import { channelCount } from '../../core/equivariance/plan/planned-input';
import { heightAxis } from '../../core/graph/layout';
import type { AxisPair, Layout } from '../../core/graph/model-graph';
import { channelScale, type Preprocessing } from '../../core/input/preprocessing';
import type { InputSpec } from '../protocol/payload';
import { imageCanvas, imagePlanes } from './image-file';
import { fromBatch, toBatch } from './planes';
import { cropped, extended, resample, type Plane } from './resample';
import { testPattern } from './test-pattern';

/** What the measurement needs. */
export interface WantedInput {
  readonly layout: Layout;
  readonly images: readonly Pick<ImageInput, 'channels'>[];
  readonly size: AxisPair;
  /** The tensor has no height, which is 1. */
  readonly isSignal?: boolean;
  /** For images and the test pattern; pixels from 0 to 1 as they are without it. */
  readonly preprocessing?: Preprocessing;
}

/**
 * Makes the input tensor, batch 1. Images and the test pattern are preprocessed; a tensor is taken verbatim, and only
 * resized (with circular borders) where the pass needs another size.
 * @throws ModelError where the image or the tensor cannot be used, naming it
 */
export async function prepareInput(spec: InputSpec, want: WantedInput): Promise<TensorBatch> {
  switch (spec.kind) {
    case 'pattern':
      return asModelTakes(toBatch(await planesOf(want, (channels) => testPattern(want.size, channels)), want.layout), want);
    case 'image':
      requireImages(want);
      return toBatch(await planesOf(want, (channels) => imagePlanes(spec.bytes, spec.path, channels, want.size)), want.layout);
    case 'tensor':
      return asModelTakes(verbatim({ data: spec.data, dims: spec.shape }, want), want);
  }
}

/**
 * The canvas that the deployed protocol cuts its images from: the wanted size with `margin` pixels around it. Images larger
 * than that give their own pixels, all else its mirrored extension; the test pattern goes on as it repeats.
 * @throws ModelError like `prepareInput`
 */
export async function prepareCanvas(spec: InputSpec, want: WantedInput, margin: AxisPair): Promise<readonly Plane[]> {
  const { size, layout } = want;
  switch (spec.kind) {
    case 'pattern':
      return planesOf(want, (channels) => testPattern(size, channels).map((plane) => extended(plane, margin, 'wrap')));
    case 'image':
      requireImages(want);
      return planesOf(want, (channels) => imageCanvas(spec.bytes, spec.path, channels, size, margin));
    case 'tensor':
      return fromBatch(verbatim({ data: spec.data, dims: spec.shape }, want), layout).map((plane) => extended(plane, margin, 'mirror'));
  }
}

/** The image moved by `shift`: the window of the canvas that lies that much up and left of its middle. */
export function cropOf(canvas: readonly Plane[], want: WantedInput, margin: AxisPair, [down, right]: AxisPair): TensorBatch {
  return asModelTakes(
    toBatch(
      canvas.map((plane) => cropped(plane, [margin[0] - down, margin[1] - right], want.size)),
      want.layout,
    ),
    want,
  );
}

/** The planes of all images of the model, one behind the other, each image made of the same picture. */
async function planesOf(
  { images, preprocessing }: WantedInput,
  pictureOf: (channels: number) => readonly Plane[] | Promise<readonly Plane[]>,
): Promise<readonly Plane[]> {
  const planes: Plane[] = [];
  for (const { channels } of images) planes.push(...preprocess(await pictureOf(channels), preprocessing));
  return planes;
}

/** Pixels from 0 to 1, red first, as the model takes them. */
export function preprocess(planes: readonly Plane[], preprocessing: Preprocessing | undefined): readonly Plane[] {
  if (preprocessing === undefined) return planes;
  const ordered = preprocessing.channelOrder === 'bgr' ? [...planes].reverse() : planes;
  return ordered.map((plane, channel) => {
    const { factor, offset } = channelScale(preprocessing, channel);
    return { ...plane, data: plane.data.map((value) => value * factor + offset) };
  });
}

/** A tensor of images as the model takes it: signals have no height. */
function asModelTakes({ data, dims }: TensorBatch, want: WantedInput): TensorBatch {
  return { data, dims: want.isSignal === true && dims.length === 4 ? dims.toSpliced(heightAxis(want.layout), 1) : dims };
}

function requireImages({ isSignal, layout }: WantedInput): void {
  if (isSignal !== true) return;
  const shape = layout === 'channels-first' ? t('[1, channels, length]') : t('[1, length, channels]');
  throw new ModelError('unsupported', t`The model takes signals, not images: give the input as a .npy tensor of shape ${shape}.`);
}

/** A tensor of images, whatever the model takes. */
function verbatim(given: TensorBatch, want: WantedInput): TensorBatch {
  const { layout, size } = want;
  const channels = channelCount(want.images);
  const tensor =
    want.isSignal === true && given.dims.length === 3 ? { data: given.data, dims: given.dims.toSpliced(heightAxis(layout), 0, 1) } : given;
  const [batch, a = 0, b = 0, c = 0] = tensor.dims;
  const [tensorChannels, height, width] = layout === 'channels-first' ? [a, b, c] : [c, a, b];
  if (given.dims.length !== (want.isSignal === true ? 3 : 4) || batch !== 1 || tensorChannels !== channels || height < 1 || width < 1) {
    const lengths = want.isSignal === true ? t('length') : t('height, width');
    const expected = layout === 'channels-first' ? `[1, ${channels}, ${lengths}]` : `[1, ${lengths}, ${channels}]`;
    throw new ModelError('malformed', t`The input tensor has shape [${given.dims.join(', ')}], but the model takes ${expected}.`);
  }
  if (height === size[0] && width === size[1]) return tensor;
  const planes = fromBatch(tensor, layout);
  return toBatch(
    planes.map((plane) => resample(plane, size[0], size[1], 'wrap')),
    layout,
  );
}
