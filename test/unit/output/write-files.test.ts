import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/core/model-error';
import { atomicWrite, writeNew, writeUnlessThere } from '../../../src/engine/output/atomic-write';
import { disk, type WritingFileSystem } from '../../../src/engine/output/file-system';
import { removeLeftovers } from '../../../src/engine/output/leftovers';
import { temporaryNames } from '../../../src/engine/output/temporary-file';
import { writeFiles, type FileSet } from '../../../src/engine/output/write-files';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'write-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => path.join(folder, name);

/** A model over an old one, with two new files of weights. */
function set(): FileSet {
  return {
    beside: [
      { file: at('model.1.data'), bytes: 'one' },
      { file: at('model.2.data'), bytes: 'two' },
    ],
    main: { file: at('model.onnx'), bytes: 'new' },
    mayReplace: true,
  };
}

function failing(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: as told`), { code });
}

/** A disk on which handles fail to write from some byte on. */
function fullAfter(bytes: number, code = 'ENOSPC'): WritingFileSystem {
  let left = bytes;
  return {
    ...disk,
    open: async (...words) => {
      const handle = await disk.open(...words);
      const write = handle.writeFile.bind(handle);
      handle.writeFile = (data) => {
        left -= (data as string).length;
        return left < 0 ? Promise.reject(failing(code)) : write(data);
      };
      return handle;
    },
  };
}

async function sentence(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ModelError)) throw new Error(`expected a ModelError, got ${String(error)}`);
  expect(error.code).toBe('unwritable');
  return error.message;
}

function names(): readonly string[] {
  return readdirSync(folder).sort();
}

describe('a set of files', () => {
  it('is put in place whole, and its files are named in the order in which they appear', async () => {
    writeFileSync(at('model.onnx'), 'old');
    const files = await writeFiles(set());
    expect(files).toEqual([at('model.1.data'), at('model.2.data'), at('model.onnx')]);
    expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(['one', 'two', 'new']);
    expect(names()).toEqual(['model.1.data', 'model.2.data', 'model.onnx']);
    expect(statSync(at('model.1.data')).nlink).toBe(1);
  });

  it('works where a file system knows no links', async () => {
    const plain: WritingFileSystem = { ...disk, link: () => Promise.reject(failing('EPERM')) };
    await writeFiles(set(), plain);
    expect(names()).toEqual(['model.1.data', 'model.2.data', 'model.onnx']);
    expect(await sentence(writeFiles(set(), plain))).toContain('there is a file of that name, which stays as it is');
  });

  it.each(['model.1.data', 'model.2.data'])('replaces no %s, and then changes nothing', async (name) => {
    writeFileSync(at('model.onnx'), 'old');
    writeFileSync(at(name), 'mine');
    expect(await sentence(writeFiles(set()))).toBe(
      `"${at(name)}" could not be written: there is a file of that name, which stays as it is. Choose another name.`,
    );
    expect(names()).toEqual([name, 'model.onnx'].sort());
    expect(readFileSync(at(name), 'utf8')).toBe('mine');
    expect(readFileSync(at('model.onnx'), 'utf8')).toBe('old');
  });

  it('replaces no file that appears while it is written', async () => {
    writeFileSync(at('model.onnx'), 'old');
    const late = {
      ...set(),
      confirm: () => {
        writeFileSync(at('model.2.data'), 'mine');
      },
    };
    expect(await sentence(writeFiles(late))).toContain('a file of that name has appeared meanwhile');
    expect(names()).toEqual(['model.2.data', 'model.onnx']);
    expect(readFileSync(at('model.2.data'), 'utf8')).toBe('mine');
    expect(readFileSync(at('model.onnx'), 'utf8')).toBe('old');
  });

  it('is given up where the last look says so', async () => {
    const confirm = (): never => {
      throw new ModelError('unwritable', 'changed');
    };
    expect(await sentence(writeFiles({ ...set(), confirm }))).toBe('changed');
    expect(names()).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('keeps modes and links, and cuts hard links', async () => {
    mkdirSync(at('store'));
    writeFileSync(at('store/blob'), 'old');
    chmodSync(at('store/blob'), 0o640);
    symlinkSync(at('store/blob'), at('model.onnx'));
    linkSync(at('store/blob'), at('cached'));
    await writeFiles(set());
    expect(readFileSync(at('store/blob'), 'utf8')).toBe('new');
    expect(statSync(at('model.onnx')).mode & 0o777).toBe(0o640);
    expect(readFileSync(at('cached'), 'utf8')).toBe('old');
    expect(readdirSync(at('store'))).toEqual(['blob']);
    expect(names()).toEqual(['cached', 'model.1.data', 'model.2.data', 'model.onnx', 'store']);
  });
});

describe.skipIf(process.platform === 'win32')('a file that cannot be written', () => {
  it.each<readonly [string, string, () => WritingFileSystem]>([
    ['a full disk', 'the disk is full', () => fullAfter(4)],
    ['a used-up quota', 'the disk quota is used up', () => fullAfter(4, 'EDQUOT')],
    ['a file too large for its file system', 'the file would be larger', () => fullAfter(4, 'EFBIG')],
    ['a broken disk', 'the disk reports an error', () => fullAfter(0, 'EIO')],
    ['a read-only file system', 'read-only file system', () => ({ ...disk, open: () => Promise.reject(failing('EROFS')) })],
    ['a folder without permission', 'permissions', () => ({ ...disk, open: () => Promise.reject(failing('EACCES')) })],
    ['a protected file', 'does not permit', () => ({ ...disk, rename: () => Promise.reject(failing('EPERM')) })],
    ['an exclusive lock', 'another program has it locked', () => ({ ...disk, rename: () => Promise.reject(failing('EBUSY')) })],
    ['a folder that goes away', 'its folder went away', () => ({ ...disk, link: () => Promise.reject(failing('ENOENT')) })],
    ['an unheard-of error', 'the system says EWHATEVER', () => ({ ...disk, rename: () => Promise.reject(failing('EWHATEVER')) })],
    [
      'a disk that cannot sync',
      'the disk reports an error',
      () => ({
        ...disk,
        open: async (...words): Promise<FileHandle> =>
          Object.assign(await disk.open(...words), { sync: () => Promise.reject(failing('EIO')) }),
      }),
    ],
  ])('%s: one sentence, and everything is as it was', async (_, cause, fileSystem) => {
    writeFileSync(at('model.onnx'), 'old');
    const message = await sentence(writeFiles(set(), fileSystem()));
    expect(message).toContain(cause);
    expect(message).toMatch(/^"[^"]+" could not be written: [^.]+\.(?: [^.]+\.)?$/);
    expect(message).toContain(folder);
    expect(names()).toEqual(['model.onnx']);
    expect(readFileSync(at('model.onnx'), 'utf8')).toBe('old');
  });

  it('removes the folders that it made', async () => {
    await sentence(atomicWrite(at('a/b/model.onnx'), 'too long', fullAfter(4)));
    expect(names()).toEqual([]);
  });

  it.each<readonly [string, () => string, string]>([
    ['a folder', () => folder, 'it is a folder'],
    ['a device', () => '/dev/null', 'it is no regular file'],
    ['a full device', () => '/dev/full', 'it is no regular file'],
    ['a name that is too long', () => at('n'.repeat(300)), 'its name is too long'],
    ['a path through a file', () => path.join(at('model.onnx'), 'x'), 'a part of its path is a file'],
    ['a name with NUL', () => at('a\0b'), 'its name is none that a file can have'],
    ['a link to nowhere', () => at('dangling'), 'a link to a file that does not exist'],
    ['links in a circle', () => at('circle'), 'links in a circle'],
    ['a read-only file', () => at('read-only'), 'it is read-only'],
  ])('%s', async (_, file, cause) => {
    writeFileSync(at('model.onnx'), 'old');
    writeFileSync(at('read-only'), 'old', { mode: 0o444 });
    symlinkSync(at('nothing'), at('dangling'));
    symlinkSync(at('circle'), at('circle'));
    const before = names();
    expect(await sentence(atomicWrite(file(), 'new'))).toContain(cause);
    expect(names()).toEqual(before);
    expect(readFileSync(at('read-only'), 'utf8')).toBe('old');
  });

  it('a new one where a file is', async () => {
    writeFileSync(at('model.onnx'), 'old');
    expect(await sentence(writeNew(at('model.onnx'), 'new'))).toContain('which stays as it is');
    await writeNew(at('other.onnx'), 'new');
    expect(names()).toEqual(['model.onnx', 'other.onnx']);
    expect(readFileSync(at('model.onnx'), 'utf8')).toBe('old');
  });
});

describe('what killed runs leave', () => {
  const own = temporaryNames()(0);
  const [, host = '', , set = ''] = /^\.shiftlint-(\w+)-(\d+)-(\w+)-0\.tmp$/.exec(own) ?? [];
  /** A process that has ended. */
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const name = (process: number, index: number, on = host): string => `.shiftlint-${on}-${process}-${set}-${index}.tmp`;

  it('goes at the next write into the folder; what live runs need stays', async () => {
    const live = [own, name(process.ppid, 0), name(dead, 0, '0123abcd'), '.shiftlint-notes.tmp', 'model.tmp'];
    for (const file of [...live, name(dead, 0), name(dead, 1)]) writeFileSync(at(file), 'half');
    await atomicWrite(at('model.onnx'), 'new');
    expect(names()).toEqual([...live, 'model.onnx'].sort());
  });

  it('goes where an earlier process had our number, and after a day where another host made it', async () => {
    const old = [name(process.pid, 0), name(dead, 1, '0123abcd')];
    const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;
    for (const file of old) {
      writeFileSync(at(file), 'half');
      utimesSync(at(file), twoDaysAgo, twoDaysAgo);
    }
    writeFileSync(at(name(process.ppid, 0)), 'live');
    utimesSync(at(name(process.ppid, 0)), twoDaysAgo, twoDaysAgo);
    await removeLeftovers(folder, disk);
    expect(names()).toEqual([name(process.ppid, 0)]);
  });

  it('takes files along that were put in place for a model that was not', async () => {
    writeFileSync(at(name(dead, 0)), 'model');
    writeFileSync(at(name(dead, 1)), 'weights');
    linkSync(at(name(dead, 1)), at('model.onnx.data'));
    writeFileSync(at('weights'), 'weights');
    await removeLeftovers(folder, disk);
    expect(names()).toEqual(['weights']);
  });

  it.each([
    ['renamed', false],
    ['linked', true],
  ])('leaves files in place whose model is, %s', async (_, isLinked) => {
    writeFileSync(at('model.onnx'), 'model');
    if (isLinked) linkSync(at('model.onnx'), at(name(dead, 0)));
    writeFileSync(at('model.onnx.data'), 'weights');
    linkSync(at('model.onnx.data'), at(name(dead, 1)));
    await removeLeftovers(folder, disk);
    expect(names()).toEqual(['model.onnx', 'model.onnx.data']);
  });

  it('goes from beside a file that a killed run has finished, which is not written again', async () => {
    writeFileSync(at('weights'), 'new');
    linkSync(at('weights'), at(name(dead, 0)));
    expect(await writeUnlessThere(at('weights'), Buffer.from('new'))).toBe(false);
    expect(names()).toEqual(['weights']);
    expect(await writeUnlessThere(at('other'), Buffer.from('new'))).toBe(true);
    await expect(writeUnlessThere(at('other'), Buffer.from('old'))).rejects.toThrow('which stays as it is');
    expect(readFileSync(at('other'), 'utf8')).toBe('new');
  });

  it('is never what a link of that name leads to', async () => {
    writeFileSync(at('mine'), 'mine');
    symlinkSync(at('mine'), at(name(dead, 0)));
    await removeLeftovers(folder, disk);
    expect(existsSync(at('mine'))).toBe(true);
    expect(names()).toContain('mine');
  });
});
