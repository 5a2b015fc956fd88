import { describe, expect, it } from 'vitest';
import type { FailedImage, ImageRow } from '../../../src/core/consistency/image-row';
import { fidelity } from '../../../src/core/consistency/summary';
import { consistencyReport, type ConsistencySettings, type Shard } from '../../../src/core/report/consistency-report';
import type { ReportPart } from '../../../src/core/report/merge-parts';
import { storedJson, storedReport } from '../../../src/core/report/stored-report';
import { GrowingReport } from '../../../src/engine/host/image-lists/growing-report';
import { imageListFacts } from '../../../src/engine/host/image-lists/list-digest';
import { mergeReports } from '../../../src/engine/host/studies/merge';

/** Rows whose sums depend on the order they are taken in. */
const rows: readonly ImageRow[] = Array.from({ length: 101 }, (_, index) => ({
  image: `${(index * 37) % 101}.png`,
  top: index % 5,
  pairs: 7,
  agreeing: (index * 3) % 8,
  invariance: Math.sin(index * index) / 3,
  label: index % 4 === 0 ? null : index % 3,
  correctShifts: index % 4 === 0 ? null : Math.abs(Math.cos(index)) / 7,
}));
const broken: FailedImage = { image: 'broken.png', reason: 'It is "empty", or [so {it} seems].' };
const names = [...rows, broken].map(({ image }) => image).sort();

const settings: ConsistencySettings = {
  model: 'm.onnx',
  digest: 'abc',
  backend: 'ONNX Runtime',
  protocol: 'circular',
  input: { height: 32, width: 32 },
  preprocessing: 'unit',
  pairs: 7,
  seed: 3,
  largestShift: [8, 8],
  imageList: imageListFacts(names.map((name) => ({ name, path: name, label: null }))),
};

const whole = consistencyReport(settings, ['A note.'], null, rows, [broken]);

/** The text as it comes from a file, in pieces that end anywhere. */
async function* pieces(text: string, length: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += length) yield await Promise.resolve(text.slice(at, at + length));
}

const part = async (file: string, shard: Shard | null, changed: Partial<ConsistencySettings> = {}): Promise<ReportPart> => {
  const own = ({ image }: { readonly image: string }): boolean => shard === null || names.indexOf(image) % shard.count === shard.index;
  const report = consistencyReport({ ...settings, ...changed }, ['A note.'], shard, rows.filter(own), [broken].filter(own));
  return { file, report: await storedReport(() => pieces(JSON.stringify(report), 7), file) };
};
const parts = (count: number) => Promise.all(Array.from({ length: count }, (_, index) => part(`part-${index}.json`, { index, count })));

async function merged(given: readonly ReportPart[]): Promise<string> {
  const joined = new GrowingReport();
  try {
    let text = '';
    for await (const piece of storedJson(await mergeReports(given, joined))) text += piece;
    return text;
  } finally {
    await joined.dispose();
  }
}

describe('merging parts', () => {
  it.each([1, 2, 3, 10, 101, 150])('gives what one run gives, to the last digit, from %i parts in any order', async (count) => {
    expect(await merged((await parts(count)).reverse())).toBe(`${JSON.stringify(whole, null, 2)}\n`);
  });

  it('is refused for missing, repeated and foreign parts', async () => {
    const [a, b, c] = await parts(3);
    if (a === undefined || b === undefined || c === undefined) throw new Error('three parts were made');
    await expect(merged([a, c])).rejects.toThrow('The parts 1/3 are missing.');
    await expect(merged([a, b, { ...a, file: 'again.json' }])).rejects.toThrow('"again.json" and "part-0.json" are the same part, 0/3.');
    const foreign = await part('other.json', { index: 2, count: 3 }, { digest: 'other' });
    await expect(merged([a, b, foreign])).rejects.toThrow(
      '"other.json" and "part-0.json" differ in "digest" (they are of different models), so they are not parts of one run.',
    );
    const otherList = await part('list.json', { index: 2, count: 3 }, { imageList: { ...settings.imageList, digest: 'other' } });
    await expect(merged([a, b, otherList])).rejects.toThrow(
      '"list.json" and "part-0.json" differ in "imageList" (they are of different lists',
    );
    await expect(merged([a, b, await part('seed.json', { index: 2, count: 3 }, { seed: 4 })])).rejects.toThrow('differ in "seed"');
    await expect(merged([a, await part('of-4.json', { index: 2, count: 4 })])).rejects.toThrow(
      '"of-4.json" is not one of 3 parts, as "part-0.json" is.',
    );
    await expect(merged([await part('whole.json', null)])).rejects.toThrow('"whole.json" is not a part of a folder');
    await expect(merged([])).rejects.toThrow('There is nothing to merge');
  });

  it('joins parts of one model that lies at different places', async () => {
    const [a] = await parts(2);
    if (a === undefined) throw new Error('two parts were made');
    const elsewhere = await part('b.json', { index: 1, count: 2 }, { model: '/mnt/m.onnx' });
    expect(await merged([elsewhere, a])).toBe(`${JSON.stringify(whole, null, 2)}\n`);
  });

  it('is refused where two parts tell of one image, or of images that are not of the list', async () => {
    const [a, b] = await parts(2);
    if (a === undefined || b === undefined) throw new Error('two parts were made');
    const twice = { file: 'twice.json', report: { ...b.report, images: a.report.images } };
    await expect(merged([a, twice])).rejects.toThrow(/^"part-0\.json" and "twice\.json" both tell of "0\.png"\.$/);
    const renamed = async function* () {
      for await (const row of b.report.images()) yield { ...row, image: `${row.image}.png` };
    };
    await expect(merged([a, { file: 'renamed.json', report: { ...b.report, images: renamed } }])).rejects.toThrow(
      'The parts tell of other images than the list that they were made of: "part-0.json", "renamed.json" are not as they were written.',
    );
  });
});

describe('a report that is read', () => {
  const text = JSON.stringify(whole);

  it.each(['', '[]', '{}', '{"kind":"shiftlint consistency","version":1,"settings":{},"shard":null,"notes":[],"images":[{}],"failed":[]}'])(
    'refuses %j, naming the file',
    async (other) => {
      await expect(storedReport(() => pieces(other, 3), 'x.json')).rejects.toThrow('"x.json"');
    },
  );

  it('is refused at every place where its writer may have been killed', async () => {
    for (let length = 1; length < text.length; length += 97)
      await expect(storedReport(() => pieces(text.slice(0, length), 64), 'x.json')).rejects.toThrow(
        '"x.json" is not JSON, or not all of it.',
      );
    await expect(storedReport(() => pieces(`${text}{}`, 64), 'x.json')).rejects.toThrow('not JSON');
  });

  it('is refused where an image is gone, or out of its order', async () => {
    const [first, second] = whole.images;
    const fewer = { ...whole, images: whole.images.slice(1) };
    await expect(storedReport(() => pieces(JSON.stringify(fewer), 64), 'x.json')).rejects.toThrow(
      '"x.json" tells of 101 images, and its part of the list has 102.',
    );
    const turned = { ...whole, images: [second, first, ...whole.images.slice(2)] };
    await expect(storedReport(() => pieces(JSON.stringify(turned), 64), 'x.json')).rejects.toThrow('is not in the order of its images');
  });

  it('is read whatever the order and the layout of its members', async () => {
    const { images, failed, ...head } = whole;
    const other = JSON.stringify({ failed, images, ...head }, null, '\t');
    const read = await storedReport(() => pieces(other, 1), 'x.json');
    let again = '';
    for await (const piece of storedJson(read)) again += piece;
    expect(JSON.parse(again)).toEqual(whole);
  });
});

it('fidelity compares images by name at shift 0', () => {
  const changed = rows.slice(0, 50).map((row, index) => (index < 10 ? { ...row, top: row.top + 1 } : row));
  expect(fidelity(rows, [...changed].reverse())?.value).toBe(0.8);
  expect(fidelity(rows, [])).toBeNull();
});
