import { describe, expect, it } from 'vitest';
import { freeFileName } from '../../../src/core/formats/free-file-name';
import { openModel } from '../../../src/core/formats/registry';
import { lintGraph } from '../../../src/core/lint/linter';
import { selectPlans } from '../../../src/core/lint/select-plans';
import { changedSource } from '../../../src/engine/output/changed-source';
import { modelOnDisk } from '../real-models';

const nameOf = (count: number): string => `new-${count}.bin`;
const large = new Uint8Array(2_500_000).fill(7);

function beside(files: Readonly<Record<string, Uint8Array>>): Parameters<typeof freeFileName>[0] {
  return {
    siblingSize: (name) => Promise.resolve(files[name]?.length),
    readSiblingRange: (name, offset, length) => Promise.resolve(files[name]?.subarray(offset, offset + length)),
  };
}

describe('a name for a new file beside a model', () => {
  it.each([
    ['is free', {}, [], 'new-1.bin'],
    ['is that of a file with these very bytes', { 'new-1.bin': Uint8Array.of(1), 'new-2.bin': large }, [], 'new-2.bin'],
    ['is not that of a file of the same size', { 'new-1.bin': large.with(2_400_000, 0) }, [], 'new-2.bin'],
    ['is not that of another new file', { 'new-1.bin': large }, ['new-1.bin', 'new-2.bin'], 'new-3.bin'],
  ])('%s', async (_, files, taken, name) => {
    expect(await freeFileName(beside(files), large, nameOf, taken)).toBe(name);
  });

  it('is the same for the weights of a layers-model that an earlier fix has left, and another one for others', async () => {
    const { source } = await modelOnDisk('samples/shapes-tfjs/model.json');
    const model = await openModel(source);
    const fix = async (left: Uint8Array): Promise<string | undefined> => {
      const leftBehind = { kind: 'text', edits: [], newFiles: [{ relativePath: 'shiftlint-blur-1.bin', bytes: left }] } as const;
      const again = await openModel(changedSource(model, leftBehind));
      return (await again.patch(selectPlans(lintGraph(again), 'all').plans)).newFiles[0]?.relativePath;
    };
    const [file] = (await model.patch(selectPlans(lintGraph(model), 'all').plans)).newFiles;
    expect(file?.relativePath).toBe('shiftlint-blur-1.bin');
    expect(await fix(file!.bytes)).toBe('shiftlint-blur-1.bin');
    expect(await fix(file!.bytes.map((byte) => byte ^ 1))).toBe('shiftlint-blur-2.bin');
  });
});
