import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { imagesOf, openImageList, type ImageSource } from '../../../src/engine/host/image-lists/image-list';
import { SortedImages } from '../../../src/engine/host/image-lists/sorted-images';
import type { ImageFile } from '../../../src/engine/protocol/classifying';
import type { Shard } from '../../../src/core/report/consistency-report';
import { inTemporaryFolder } from '../cli/command-line';

async function all<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const taken: Item[] = [];
  for await (const item of items) taken.push(item);
  return taken;
}

async function listed(source: ImageSource, shard: Shard | null = null) {
  const list = await openImageList(source, shard);
  try {
    return { facts: list.facts, count: list.count, images: await all(list.images()) };
  } finally {
    await list.dispose();
  }
}

/** A list as it comes through a pipe, cut anywhere. */
async function* piped(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 5) yield await Promise.resolve(text.slice(at, at + 5));
}
const list = (text: string): ImageSource => ({ folder: 'f', list: { name: 'Standard input', pieces: piped(text) } });
const named = (images: readonly ImageFile[]) => images.map(({ name, label }) => [name, label]);

describe('sorting images', () => {
  it.each([1, 2, 7, 1000])('gives what a sort in memory gives, in runs of %i', async (runLength) => {
    // Code units order an astral character before U+FFFD, as strings of JavaScript compare.
    const names = ['ß.png', 'z.png', '\u{1f600}.png', '\ufffd.png', 'a/b.png', 'a-b.png', 'a.png', 'line\nbreak.png', '10.png', '9.png'];
    const sorted = new SortedImages(runLength);
    try {
      for (const image of names) await sorted.add({ image, label: image.length });
      const expected = [...names].sort().map((image) => ({ image, label: image.length }));
      expect(await all(sorted.all())).toEqual(expected);
    } finally {
      await sorted.dispose();
    }
  });
});

describe('the images of a folder', () => {
  it('come in the order of their whole paths, with the classes of their subfolders', async () => {
    await inTemporaryFolder(async (folder) => {
      for (const name of ['b/1.png', 'a/deep/2.JPG', 'a-c/3.webp', 'loose.bmp', 'a/notes.txt']) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), '');
      }
      const images = await imagesOf(folder);
      expect(named(images)).toEqual([
        ['a-c/3.webp', 1],
        ['a/deep/2.JPG', 0],
        ['b/1.png', 2],
        ['loose.bmp', null],
      ]);
      expect(images[1]?.path).toBe(path.join(folder, 'a/deep/2.JPG'));
      const labels = { path: 'labels.csv', byImage: new Map([['b/1.png', 7]]) };
      expect(named((await listed({ folder, labels })).images).map(([, label]) => label)).toEqual([null, null, 7, null]);
      await expect(listed({ folder, labels: { path: 'labels.csv', byImage: new Map([['gone.png', 0]]) } })).rejects.toThrow(
        `"labels.csv" names "gone.png", which "${folder}" does not hold.`,
      );
    });
  });
});

describe('a list of images', () => {
  const text = './b c.png\r\n# ours\n\na.png,3\nsub/d.png\t4\n/abs/e.png 5';

  it('tells paths and classes, and lets every process take its part', async () => {
    const whole = await listed(list(text));
    expect(whole.images).toEqual([
      { name: '/abs/e.png', path: '/abs/e.png', label: 5 },
      { name: 'a.png', path: path.join('f', 'a.png'), label: 3 },
      { name: 'b c.png', path: path.join('f', 'b c.png'), label: null },
      { name: 'sub/d.png', path: path.join('f', 'sub/d.png'), label: 4 },
    ]);
    const parts = [];
    for (const index of [0, 1, 2, 3, 4]) parts.push(await listed(list(text), { index, count: 5 }));
    expect(parts.map(({ count }) => count)).toEqual([1, 1, 1, 1, 0]);
    expect(parts.flatMap(({ images }) => images)).toEqual(whole.images);
    for (const { facts } of parts) expect(facts).toEqual(whole.facts);
  });

  it('is the same whatever its order, and another for another name or class', async () => {
    const { facts } = await listed(list(text));
    expect((await listed(list(text.split('\n').reverse().join('\n')))).facts).toEqual(facts);
    expect((await listed(list(text.replace('a.png', 'A.png')))).facts.digest).not.toBe(facts.digest);
    const relabelled = (await listed(list(text.replace(',3', ',2')))).facts;
    expect(relabelled.digest).toBe(facts.digest);
    expect(relabelled.labels).not.toBe(facts.labels);
  });

  it('is refused empty, with an image twice, and for labels of images that it does not name', async () => {
    await expect(listed(list('# nothing\n'))).rejects.toThrow('Standard input names no image.');
    await expect(listed(list('a.png\nb.png\n./a.png\n'))).rejects.toThrow('Standard input names "a.png" twice.');
    const labels = { path: 'labels.csv', byImage: new Map([['c.png', 0]]) };
    await expect(listed({ ...list('a.png'), labels })).rejects.toThrow('"labels.csv" names "c.png", which Standard input does not name.');
    await expect(listed(list('x'.repeat(100_000)))).rejects.toThrow('a line that is too long');
  });
});
