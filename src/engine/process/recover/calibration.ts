import { t } from '@vscode/l10n';
import type { FailedImage } from '../../../core/consistency/image-row';
import { seededRandom } from '../../../core/consistency/random';
import { largestShift } from '../../../core/consistency/shift-pairs';
import type { PlannedInput } from '../../../core/equivariance/plan/measure-plan';
import type { TensorBatch } from '../../../core/equivariance/walk/circular-model';
import { rollInto } from '../../../core/equivariance/walk/roll';
import { channelCount } from '../../../core/equivariance/plan/planned-input';
import type { AxisPair, Layout } from '../../../core/graph/model-graph';
import type { Preprocessing } from '../../../core/input/preprocessing';
import { ModelError } from '../../../core/model-error';
import type { Sample } from '../../../core/recover/sample-chunks';
import type { TensorStore } from '../../../core/recover/tensor-store';
import { prepareInput } from '../../input/input';
import { readRegularFile } from '../../input/regular-file';
import type { ImageFile } from '../../protocol/classifying';

/** Images that a recovery learns from. */
export interface Calibration {
  readonly images: readonly { readonly file: ImageFile; readonly isHeldOut: boolean }[];
  readonly failed: readonly FailedImage[];
}

/** How a model takes its images. */
export interface ShownImages {
  readonly input: PlannedInput;
  readonly layout: Layout;
  readonly preprocessing: Preprocessing;
}

/** One image in so many only judges. */
const heldOutPart = 5;

/**
 * Chooses images by the seed, decodes them and holds a fifth of them out.
 *
 * @param store keeps the decoded images
 * @throws ModelError `unsupported` where too few can be used
 */
export async function calibrationImages(
  files: readonly ImageFile[],
  shown: ShownImages,
  { seed, images: most }: { readonly seed: number; readonly images: number },
  store: TensorStore,
): Promise<Calibration> {
  const drawn = files
    .map((file) => ({ file, order: seededRandom(seed, file.name)() }))
    .toSorted((a, b) => a.order - b.order)
    .slice(0, most);
  const decoded: ImageFile[] = [];
  const failed: FailedImage[] = [];
  for (const { file } of drawn) {
    const failure = await keepImage(store, file, shown, decoded.length);
    if (failure === undefined) decoded.push(file);
    else failed.push(failure);
  }
  if (decoded.length < heldOutPart) {
    const [first] = failed;
    throw new ModelError(
      'unsupported',
      first === undefined
        ? t`Recovery needs at least ${heldOutPart} images, and ${decoded.length} of ${files.length} can be used.`
        : t`Recovery needs at least ${heldOutPart} images, and ${decoded.length} of ${files.length} can be used: ${first.reason}`,
    );
  }
  return { images: decoded.map((file, index) => ({ file, isHeldOut: index % heldOutPart === heldOutPart - 1 })), failed };
}

function imageKey(image: number): string {
  return `image ${image}`;
}

/** Decodes an image and keeps it under a number, in place of one that is there. @returns why it cannot be used, if so */
export async function keepImage(store: TensorStore, file: ImageFile, shown: ShownImages, image: number): Promise<FailedImage | undefined> {
  const result = await decode(file, shown);
  if ('reason' in result) return result;
  await store.put(imageKey(image), new Map([['image', result]]));
  return undefined;
}

async function decode(file: ImageFile, { input, layout, preprocessing }: ShownImages): Promise<TensorBatch | FailedImage> {
  try {
    const spec = { kind: 'image', path: file.path, bytes: await readRegularFile(file.path) } as const;
    return await prepareInput(spec, { ...input, layout, preprocessing });
  } catch (error) {
    return { image: file.name, reason: error instanceof ModelError ? error.message : t`"${file.path}" could not be read.` };
  }
}

/** Every image as it is and at some circular shifts of at most a quarter of the side; what held-out images give as they are is judged. */
export function calibrationSamples({ images }: Calibration, size: AxisPair, shifts: number, seed: number): readonly Sample[] {
  const [down, right] = largestShift(size);
  return images.flatMap(({ file, isHeldOut }, image) => {
    const random = seededRandom(seed, `shifts of ${file.name}`);
    const within = (largest: number): number => Math.floor(random() * (2 * largest + 1)) - largest;
    return Array.from({ length: shifts }, (_, index): Sample => ({
      image,
      shift: index === 0 ? [0, 0] : [within(down), within(right)],
      isHeldOut,
      isAnswered: isHeldOut && index === 0,
    }));
  });
}

/** The image of a sample, rolled. */
export async function rolledImage(
  store: TensorStore,
  { input, layout }: ShownImages,
  { image, shift }: Pick<Sample, 'image' | 'shift'>,
): Promise<TensorBatch> {
  const batch = (await store.get(imageKey(image))).get('image');
  if (batch === undefined) throw new Error(`There is no image ${image}.`);
  const data = new Float32Array(batch.data.length);
  rollInto(data, 0, batch.data, { layout, channels: channelCount(input.images), size: input.size }, shift);
  return { data, dims: batch.dims };
}
