import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelSource } from '../../../src/core/formats/format';
import { payloadSource } from '../../../src/engine/input/source';

let root: string;
let source: ModelSource;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'shiftlint-'));
  const folder = path.join(root, 'model');
  mkdirSync(path.join(folder, 'weights'), { recursive: true });
  writeFileSync(path.join(root, 'secret.bin'), 'secret');
  writeFileSync(path.join(folder, 'a.bin'), 'disk');
  writeFileSync(path.join(folder, 'weights', 'b.bin'), 'nested');
  symlinkSync(path.join(root, 'secret.bin'), path.join(folder, 'link.bin'));
  symlinkSync(path.join(folder, 'a.bin'), path.join(folder, 'alias.bin'));
  const overlay = { 'new.bin': Uint8Array.of(1, 2, 3), 'a.bin': Uint8Array.of(9) };
  source = payloadSource({ path: 'model.json', bytes: new Uint8Array(), folder, overlay });
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('files of a model', () => {
  test.each([
    { name: 'weights/b.bin', size: 6 },
    { name: './weights/../weights/b.bin', size: 6 },
    { name: 'new.bin', size: 3 },
    { name: 'a.bin', size: 1 },
    { name: 'alias.bin', size: 4 },
  ])('$name is found with $size bytes; unsaved files win over the disk', async ({ name, size }) => {
    expect(await source.siblingSize(name)).toBe(size);
    expect((await source.readSibling(name))?.length).toBe(size);
  });

  test.each(['missing.bin', 'a.bin/b', 'weights'])('%s does not exist as a file', async (name) => {
    expect(await source.siblingSize(name)).toBeUndefined();
    expect(await source.readSibling(name)).toBeUndefined();
  });

  test.each(['../secret.bin', 'weights/../../secret.bin', '/etc/hostname', 'file:///etc/hostname', 'link.bin'])(
    '%s is refused',
    async (name) => {
      await expect(source.readSibling(name)).rejects.toMatchObject({ code: 'outside-folder' });
      await expect(source.siblingSize(name)).rejects.toMatchObject({ code: 'outside-folder' });
    },
  );
});
