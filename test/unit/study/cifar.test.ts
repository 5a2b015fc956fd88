import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCifar } from '../../../study/data/cifar';
import { inputBatch, side } from '../../../study/data/data-set';
import { loadDataSet } from '../../../study/data/load';

/** A record of CIFAR-10 whose value at a channel, row and column tells which it is. */
function record(label: number, image: number): Uint8Array {
  const bytes = new Uint8Array(1 + 3 * side * side);
  bytes[0] = label;
  for (let channel = 0; channel < 3; channel++)
    for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) bytes[1 + (channel * side + y) * side + x] = value(image, channel, y, x);
  return bytes;
}

const value = (image: number, channel: number, y: number, x: number): number => (image * 101 + channel * 61 + y * 7 + x) % 256;

describe('a folder of CIFAR-10', () => {
  let folder = '';
  const file = (name: string): string => path.join(folder, name);

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-cifar-'));
    for (let batch = 1; batch <= 5; batch++)
      writeFileSync(file(`data_batch_${batch}.bin`), Buffer.concat([record(batch, 2 * batch), record(9 - batch, 2 * batch + 1)]));
    writeFileSync(file('test_batch.bin'), Buffer.concat([record(0, 20), record(9, 21), record(4, 22)]));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is read batch by batch, channels last', () => {
    const { training, test } = readCifar(folder);
    expect([...training.labels]).toEqual([1, 8, 2, 7, 3, 6, 4, 5, 5, 4]);
    expect([...test.labels]).toEqual([0, 9, 4]);
    expect([training.count, test.count]).toEqual([10, 3]);
    for (const [image, channel, y, x] of [
      [0, 0, 0, 0],
      [3, 1, 5, 9],
      [9, 2, 31, 30],
    ] as const)
      expect(training.pixels[((image * side + y) * side + x) * 3 + channel]).toBe(value(image + 2, channel, y, x));
    expect(test.pixels[((2 * side + 4) * side + 8) * 3 + 1]).toBe(value(22, 1, 4, 8));
  });

  it('gives its first images, or says how many it has', () => {
    expect([...loadDataSet(folder, 3, 2).training.labels]).toEqual([1, 8, 2]);
    expect(loadDataSet(folder, 3, 2).test.pixels).toHaveLength(2 * side * side * 3);
    expect(() => loadDataSet(folder, 11, 2)).toThrow(`"${folder}" holds 10 images where 11 are asked for.`);
  });

  it.each(['data_batch_3.bin', 'test_batch.bin'])('says that %s is missing, and what the folder has to hold', (name) => {
    rmSync(file(name));
    expect(() => readCifar(folder)).toThrow(`"${file(name)}" could not be read (ENOENT`);
    expect(() => readCifar(folder)).toThrow(/takes the folder with data_batch_1\.bin to data_batch_5\.bin and test_batch\.bin\.$/);
  });

  it.each([0, 1000, 3073 + 3072])('says that a file of %i bytes is cut off', (length) => {
    writeFileSync(file('data_batch_2.bin'), new Uint8Array(length));
    expect(() => readCifar(folder)).toThrow(
      `"${file('data_batch_2.bin')}" is cut off or of another kind: CIFAR-10's binary files are records of 3073 bytes, and ${length} bytes`,
    );
  });

  it('says that a file holds other classes', () => {
    writeFileSync(file('data_batch_2.bin'), Buffer.concat([record(9, 0), record(10, 1)]));
    expect(() => readCifar(folder)).toThrow(
      `"${file('data_batch_2.bin')}" is no file of CIFAR-10: its image 1 has the class 10, the last one is 9.`,
    );
  });

  it('is shown to a network from -1 to 1, rolled down and right', () => {
    const { test } = readCifar(folder);
    const batch = inputBatch(test, [
      { image: 1, shift: [0, 0] },
      { image: 2, shift: [3, -5] },
    ]);
    const at = (place: number, y: number, x: number): number => batch[((place * side + y) * side + x) * 3 + 2]!;
    expect(at(0, 6, 7)).toBeCloseTo(value(21, 2, 6, 7) / 127.5 - 1, 5);
    expect(at(1, 10, 10)).toBeCloseTo(value(22, 2, 7, 15) / 127.5 - 1, 5);
    expect(at(1, 1, 29)).toBeCloseTo(value(22, 2, 30, 2) / 127.5 - 1, 5);
  });
});
