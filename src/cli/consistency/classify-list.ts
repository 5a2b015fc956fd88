import type { Shard } from '../../core/report/consistency-report';
import { reportKind } from '../../core/report/consistency-report';
import type { StoredReport } from '../../core/report/stored-report';
import type { EngineClient } from '../../engine/host/client';
import type { GrowingReport } from '../../engine/host/image-lists/growing-report';
import type { ImageList } from '../../engine/host/image-lists/image-list';
import { notesOf, reportSettings } from '../../engine/host/studies/consistency';
import type { CallProgress } from '../../engine/protocol/calls';
import type { Classification, ClassifyOptions, ClassifySettings, ImageFile } from '../../engine/protocol/classifying';
import type { SentModel } from '../../engine/protocol/payload';
import { showingProgress, startEngine } from '../engine';

/** What is classified, and how. */
export interface ListToClassify {
  /** The model as the user named it. */
  readonly file: string;
  readonly model: SentModel;
  readonly digest: string;
  readonly list: ImageList;
  readonly shard: Shard | null;
  readonly options: ClassifyOptions;
}

/** Images of one call: few enough to be held, enough for the model to be sent seldom. */
const imagesPerCall = 4096;

/**
 * Classifies a list of images, or a part of one, some thousand at a time, so that what is held does not grow with their number.
 *
 * @param rows takes up what the images come to
 */
export async function classifyList(wanted: ListToClassify, run: string, rows: GrowingReport): Promise<StoredReport> {
  const client = startEngine();
  try {
    const settings = await classifyAll(client, wanted, rows);
    const { file, digest, list, shard, options } = wanted;
    const asked = { model: file, digest, pairs: options.pairs, seed: options.seed, imageList: list.facts };
    return rows.report({ kind: reportKind, version: 1, settings: reportSettings(asked, settings), notes: notesOf(settings), shard, run });
  } finally {
    client.dispose();
  }
}

async function classifyAll(client: EngineClient, { model, list, options }: ListToClassify, rows: GrowingReport): Promise<ClassifySettings> {
  const request = { model, options: { ...options, imagesInAll: list.facts.count } };
  return showingProgress('classifying', async (onProgress) => {
    let done = 0;
    let first: ClassifySettings | undefined;
    for await (const images of inCalls(list.images())) {
      const share = (part: number): number => (done + part * images.length) / Math.max(1, list.count);
      const follow = (told: CallProgress<'classify'>): void => {
        if (told.kind === 'share') onProgress({ ...told, done: share(told.done) });
      };
      const classified = await client.call('classify', { ...request, images }, { onProgress: follow });
      for (const row of rowsInOrder(images, classified)) await rows.add(row);
      done += images.length;
      first ??= classified.settings;
    }
    // A part of a list that is shorter than there are parts has no image; what the model is run with is asked all the same.
    return first ?? (await client.call('classify', { ...request, images: [] })).settings;
  });
}

async function* inCalls(images: AsyncIterable<ImageFile>): AsyncGenerator<readonly ImageFile[]> {
  let some: ImageFile[] = [];
  for await (const image of images) {
    some.push(image);
    if (some.length < imagesPerCall) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** What images came to, in the order in which they were given. */
function rowsInOrder(images: readonly ImageFile[], { rows, failed }: Pick<Classification, 'rows' | 'failed'>) {
  const byName = new Map([...rows, ...failed].map((row) => [row.image, row]));
  return images.flatMap(({ name }) => byName.get(name) ?? []);
}
