import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { atomicWrite } from '../../../src/engine/output/atomic-write';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'atomic-write-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function* pieces(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    await Promise.resolve();
    if (part === 'fail') throw new Error('the source broke off');
    yield new TextEncoder().encode(part);
  }
}

describe('writing a file as a whole or not at all', () => {
  it.each([
    ['text', 'abc'],
    ['bytes', new TextEncoder().encode('abc')],
    ['pieces', pieces('a', 'b', 'c')],
  ] as const)('takes %s, makes missing folders and leaves nothing else behind', async (_, bytes) => {
    const file = path.join(folder, 'a', 'b', 'model.onnx');
    await atomicWrite(file, bytes);
    expect(readFileSync(file, 'utf8')).toBe('abc');
    expect(readdirSync(path.dirname(file))).toEqual(['model.onnx']);
  });

  it('keeps the old file, and no other, where the new bytes break off', async () => {
    const file = path.join(folder, 'model.onnx');
    writeFileSync(file, 'old');
    await expect(atomicWrite(file, pieces('new', 'fail'))).rejects.toThrow('the source broke off');
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['model.onnx']);
  });

  it('writes several times to one file at once, and one of them wins', async () => {
    const file = path.join(folder, 'model.onnx');
    const texts = Array.from({ length: 8 }, (_, index) => `text ${index}`);
    await Promise.all(texts.map((text) => atomicWrite(file, text)));
    expect(texts).toContain(readFileSync(file, 'utf8'));
    expect(readdirSync(folder)).toEqual(['model.onnx']);
  });

  it.skipIf(process.platform === 'win32')('keeps the mode of the file, whatever new files may have', async () => {
    const file = path.join(folder, 'model.onnx');
    writeFileSync(file, 'old');
    for (const mode of [0o640, 0o666, 0o755]) {
      chmodSync(file, mode);
      await atomicWrite(file, 'new');
      expect(statSync(file).mode & 0o777).toBe(mode);
    }
  });

  it.skipIf(process.platform === 'win32')('writes where a link leads, and leaves the link', async () => {
    const file = path.join(folder, 'model.onnx');
    const link = path.join(folder, 'link.onnx');
    writeFileSync(file, 'old');
    symlinkSync(file, link);
    await atomicWrite(link, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(existsSync(link)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['link.onnx', 'model.onnx']);
    expect(readFileSync(link, 'utf8')).toBe('new');
    expect(statSync(link).ino).toBe(statSync(file).ino);
  });
});
