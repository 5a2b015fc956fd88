import path from 'node:path';
import { t } from '@vscode/l10n';
import { FolderLabels } from '../../../core/consistency/labels';
import { ModelError } from '../../../core/model-error';
import type { ImageListFacts, Shard } from '../../../core/report/consistency-report';
import type { ImageFile } from '../../protocol/classifying';
import { ListDigest } from './list-digest';
import { listedLines } from './listed-lines';
import { namesBelow } from './names-below';
import { SortedImages, type ListedImage } from './sorted-images';
import { TemporaryLines } from './temporary-lines';

/** Where images are named. */
export interface ImageSource {
  /** What the names are relative to, and where there is no list all of what is taken. */
  readonly folder: string;
  readonly list?: { readonly name: string; readonly pieces: AsyncIterable<string> };
  /** True classes by name, as a labels file tells them. */
  readonly labels?: { readonly path: string; readonly byImage: ReadonlyMap<string, number> };
}

/** Images in the order of their names, or every nth of them, of which none is held. */
export interface ImageList {
  /** About all of them. */
  readonly facts: ImageListFacts;
  /** How many are in the part. */
  readonly count: number;
  /** Those of the part. */
  readonly images: () => AsyncIterable<ImageFile>;
  readonly dispose: () => Promise<void>;
}

/** Lists images, all or a part. @throws ModelError where there is none, one is named twice, or a labels file names another */
export async function openImageList(source: ImageSource, shard: Shard | null): Promise<ImageList> {
  const sorted = new SortedImages();
  const part = new TemporaryLines<ListedImage>();
  try {
    for await (const image of imagesNamed(source)) await sorted.add(image);
    const { facts, count, labelOf } = await takePart(source, shard, sorted, part);
    const images = async function* (): AsyncGenerator<ImageFile> {
      for await (const { image, label } of part.items())
        yield { name: image, path: path.isAbsolute(image) ? image : path.join(source.folder, image), label: label ?? labelOf(image) };
    };
    return { facts, count, images, dispose: () => part.dispose() };
  } catch (error) {
    await part.dispose();
    throw error;
  } finally {
    await sorted.dispose();
  }
}

async function* imagesNamed({ folder, list }: ImageSource): AsyncGenerator<ListedImage> {
  if (list !== undefined) yield* listedLines(list.pieces, list.name);
  else for await (const image of namesBelow(folder)) yield { image, label: null };
}

/** Goes through all images in order, and keeps those of the part. */
async function takePart(source: ImageSource, shard: Shard | null, all: SortedImages, part: TemporaryLines<ListedImage>) {
  const { folder, list, labels } = source;
  const digest = new ListDigest();
  const folders = new FolderLabels();
  const unseen = new Set(labels?.byImage.keys());
  let [place, count] = [0, 0];
  let last: string | undefined;
  for await (const listed of all.all()) {
    const { image } = listed;
    if (image === last) throw new ModelError('malformed', t`${list?.name ?? `"${folder}"`} names "${image}" twice.`);
    last = image;
    const labelled = { image, label: labels?.byImage.get(image) ?? listed.label };
    unseen.delete(image);
    digest.add(labelled);
    if (list === undefined && labels === undefined) folders.add(image);
    if (shard === null || place % shard.count === shard.index) {
      await part.add(labelled);
      count += 1;
    }
    place += 1;
  }
  requireImages(source, place, unseen);
  const facts = digest.facts();
  return { facts: folders.any ? { ...facts, labels: 'subfolders' } : facts, count, labelOf: (image: string) => folders.labelOf(image) };
}

/** @throws ModelError */
function requireImages({ folder, list, labels }: ImageSource, count: number, unseen: ReadonlySet<string>): void {
  if (count === 0) {
    if (list !== undefined) throw new ModelError('unreadable', t`${list.name} names no image.`);
    throw new ModelError('unreadable', t`"${folder}" holds no image (jpg, png, webp, bmp, tif).`);
  }
  const [unknown] = unseen;
  if (unknown === undefined) return;
  const lacking = list === undefined ? t`"${folder}" does not hold` : t`${list.name} does not name`;
  throw new ModelError('malformed', t`"${labels?.path ?? ''}" names "${unknown}", which ${lacking}.`);
}

/**
 * The images of a folder and its subfolders, in order of their names, with their true classes where subfolders tell them.
 * @throws ModelError
 */
export async function imagesOf(folder: string): Promise<readonly ImageFile[]> {
  const list = await openImageList({ folder }, null);
  try {
    const images: ImageFile[] = [];
    for await (const image of list.images()) images.push(image);
    return images;
  } finally {
    await list.dispose();
  }
}
