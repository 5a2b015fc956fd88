import { t } from '@vscode/l10n';
import { topClass } from '../../../core/consistency/class-map';
import { imageRow, type FailedImage, type ImageRow } from '../../../core/consistency/image-row';
import { drawShiftPairs, largestShift } from '../../../core/consistency/shift-pairs';
import type { CancellationProbe } from '../../../core/equivariance/walk/circular-model';
import type { PlannedInput } from '../../../core/equivariance/plan/measure-plan';
import { ModelError } from '../../../core/model-error';
import type { AxisPair, Layout } from '../../../core/graph/model-graph';
import type { Preprocessing } from '../../../core/input/preprocessing';
import { prepareCanvas, prepareInput } from '../../input/input';
import { fromBatch } from '../../input/planes';
import { readRegularFile } from '../../input/regular-file';
import type { Plane } from '../../input/resample';
import type { ClassifyOptions, ImageFile, Protocol } from '../../protocol/classifying';
import type { Answers, Scores } from './image-answers';

/** What the images of a folder are shown as. */
export interface FolderInput {
  readonly input: PlannedInput;
  readonly layout: Layout;
  readonly protocol: Protocol;
  readonly preprocessing: Preprocessing;
}

/** What a folder came to for one model. */
export interface FolderRows {
  readonly rows: readonly ImageRow[];
  readonly failed: readonly FailedImage[];
}

/** A folder of images and the models that classify it. */
export interface FolderToClassify extends FolderInput, Pick<ClassifyOptions, 'pairs' | 'seed'> {
  readonly images: readonly ImageFile[];
  /** How many models answer. */
  readonly models: number;
  readonly answers: Answers;
  readonly cancellation: CancellationProbe;
  /** Hears of every image as it is done, with a row for each model. */
  readonly onImage: (index: number, rows: readonly (ImageRow | FailedImage)[]) => void;
}

/**
 * Classifies the images of a folder at random pairs of shifts; a picture that cannot be used becomes a row that says why.
 *
 * @returns one entry per model; undefined where it was cancelled
 * @throws ModelError where a model gives no scores
 */
export async function classifyFolder(folder: FolderToClassify): Promise<readonly FolderRows[] | undefined> {
  const { images, models, cancellation, onImage } = folder;
  const all: (ImageRow | FailedImage)[][] = Array.from({ length: models }, () => []);
  for (const [index, image] of images.entries()) {
    const decoded = await decode(folder, image);
    const rows = 'reason' in decoded ? all.map(() => decoded) : await rowsOf(folder, image, decoded.planes);
    if (cancellation.cancelled || rows === undefined) return undefined;
    for (const [place, row] of rows.entries()) all[place]?.push(row);
    onImage(index, rows);
  }
  return all.map((rows) => ({
    rows: rows.flatMap((row) => ('reason' in row ? [] : [row])),
    failed: rows.flatMap((row) => ('reason' in row ? [row] : [])),
  }));
}

/**
 * The image itself, or the canvas that it is cropped from. A picture that cannot be decoded is its own affair; a model that cannot be
 * run is everybody's.
 */
async function decode(
  { input, layout, protocol, preprocessing }: FolderInput,
  { name, path }: ImageFile,
): Promise<{ readonly planes: readonly Plane[] } | FailedImage> {
  const want = { ...input, layout, preprocessing };
  try {
    const spec = { kind: 'image', path, bytes: await readRegularFile(path) } as const;
    return {
      planes:
        protocol === 'circular'
          ? fromBatch(await prepareInput(spec, want), layout)
          : await prepareCanvas(spec, want, largestShift(input.size)),
    };
  } catch (error) {
    return { image: name, reason: error instanceof ModelError ? error.message : t`"${path}" could not be read.` };
  }
}

async function rowsOf(
  { input, pairs: count, seed, answers }: FolderToClassify,
  image: ImageFile,
  planes: readonly Plane[],
): Promise<readonly (ImageRow | FailedImage)[] | undefined> {
  const pairs = drawShiftPairs(input.size, count, seed, image.name);
  const shifts = distinctShifts([[0, 0], ...pairs.flat()]);
  const answered = await answers(planes, shifts);
  return answered?.map((scores) => rowOf(image, pairs, scores));
}

function rowOf({ name, label }: ImageFile, pairs: ReturnType<typeof drawShiftPairs>, scores: Scores): ImageRow | FailedImage {
  const classes = scores([0, 0]).length;
  if (classes < 2)
    throw new ModelError('unsupported', t('The model gives a single number, not scores of classes, so there is no class to compare.'));
  if (label !== null && label >= classes)
    return { image: name, reason: t`"${name}" is labelled ${label}, but the model knows ${classes} classes.` };
  if (scores([0, 0]).every((score) => score === 0))
    return { image: name, reason: t`"${name}" gets scores that are all zero, so there is no class to compare.` };
  return imageRow({ image: name, label, pairs, scores, top: (shift) => topClass(scores(shift)) });
}

function distinctShifts(shifts: readonly AxisPair[]): readonly AxisPair[] {
  return [...new Map(shifts.map((shift) => [shift.join(), shift])).values()];
}
