import { spawn, spawnSync } from 'node:child_process';
import { appendFile, cp, link, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { placeOf } from '../../../src/cli/output-place';
import { withModel } from '../../../src/cli/model-file';
import { lintGraph } from '../../../src/core/lint/linter';
import { selectPlans } from '../../../src/core/lint/select-plans';
import { writeModelCopy } from '../../../src/engine/output/model-copy';
import { inTemporaryFolder, root, shiftlint, type CommandResult } from './command-line';

const vgg = path.join(root, 'test/fixtures/oracle/vgg_like.onnx');
const shapes = path.join(root, 'samples/shapes-tfjs');

/** Runs the built command line as in a terminal whose folder is `cwd`. */
async function shiftlintIn(cwd: string, ...words: readonly string[]): Promise<CommandResult> {
  const child = spawn(process.execPath, [path.join(root, 'scripts/shiftlint.mjs'), ...words], { cwd });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { code, stdout, stderr };
}

/** A call that is refused: exit code 2, one line that says why, and every file as it was. */
async function expectRefusal(folder: string, words: readonly string[], cause: RegExp): Promise<void> {
  const before = await contents(folder);
  const { code, stdout, stderr } = await shiftlintIn(folder, 'fix', ...words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(cause);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(await contents(folder)).toEqual(before);
}

async function contents(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.sort().map(async (file) => [file, (await readFile(file)).toString('base64')] as const)));
}

describe('what shiftlint fix writes', () => {
  it('never replaces a package.json that a model calls its weights', async () => {
    await inTemporaryFolder(async (folder) => {
      await cp(path.join(root, 'test/fixtures/trust/overwrite'), folder, { recursive: true });
      const mine = await readFile(path.join(folder, 'package.json'), 'utf8');
      const { code, stdout } = await shiftlintIn(folder, 'fix', 'evil/model.onnx', '-o', 'fixed.onnx');
      expect(code).toBe(0);
      expect(stdout).toContain('wrote fixed.onnx.data\nwrote fixed.onnx\n');
      expect(await readFile(path.join(folder, 'package.json'), 'utf8')).toBe(mine);
      expect((await readdir(folder)).sort()).toEqual(['evil', 'fixed.onnx', 'fixed.onnx.data', 'package.json']);
      expect((await readdir(path.join(folder, 'evil'))).sort()).toEqual(['model.onnx', 'package.json']);
      await expectRefusal(folder, ['evil/model.onnx', '-o', 'evil/package.json'], /the model keeps its weights in it/);
    });
  });

  it('replaces an ONNX model itself only in place', async () => {
    await inTemporaryFolder(async (folder) => {
      const model = path.join(folder, 'model.onnx');
      await cp(vgg, model);
      await symlink('model.onnx', path.join(folder, 'alias.onnx'));
      await link(model, path.join(folder, 'second.onnx'));
      for (const output of ['model.onnx', './model.onnx', 'alias.onnx', 'second.onnx'])
        await expectRefusal(folder, ['model.onnx', '-o', output], /is the model itself: name another place, or replace it by --in-place/);
      await expectRefusal(folder, ['model.onnx', '-o', 'other.onnx', '--in-place'], /--in-place replaces the model itself/);
      const { code, stdout } = await shiftlintIn(folder, 'fix', 'alias.onnx', '--in-place', '--json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ output: 'alias.onnx', files: ['alias.onnx'] });
      expect((await shiftlint('lint', model)).code).toBe(0);
      expect((await readFile(path.join(folder, 'second.onnx'))).equals(await readFile(vgg))).toBe(true);
      expect((await readdir(folder)).sort()).toEqual(['alias.onnx', 'model.onnx', 'second.onnx']);
    });
  });

  it('replaces another model in a folder only by force, and nothing else ever', async () => {
    await inTemporaryFolder(async (folder) => {
      await cp(shapes, path.join(folder, 'own'), { recursive: true });
      await expectRefusal(folder, ['own', '-o', 'own'], /is the model itself/);
      await mkdir(path.join(folder, 'out'));
      await writeFile(path.join(folder, 'out/detector.json'), '{"modelTopology":{"node":[]},"weightsManifest":[]}');
      await writeFile(path.join(folder, 'out/weights.bin'), 'mine');
      await expectRefusal(
        folder,
        ['own', '-o', 'out'],
        /it holds another model, "detector.json"\. Name another folder, or write there by --force/,
      );
      const forced = await shiftlintIn(folder, 'fix', 'own', '-o', 'out', '--force', '--json');
      expect(forced.code).toBe(0);
      const files = ['weights-2.bin', 'shiftlint-blur-1.bin', 'model.json'].map((name) => path.join('out', name));
      expect((JSON.parse(forced.stdout) as { files: string[] }).files.sort()).toEqual(files.sort());
      expect(await readFile(path.join(folder, 'out/weights.bin'), 'utf8')).toBe('mine');
      expect((await shiftlint('lint', path.join(folder, 'out/model.json'))).code).toBe(0);
      await writeFile(path.join(folder, 'out/model.json'), 'notes');
      await expectRefusal(folder, ['own', '-o', 'out', '--force'], /there is a file of that name that is no model/);
      await expectRefusal(folder, ['own', '-o', 'out/weights.bin'], /it is a file, and a TensorFlow.js model is written into a folder/);
    });
  });

  it('writes nothing where the model changes while it is fixed', async () => {
    await inTemporaryFolder(async (folder) => {
      const [file, output] = [path.join(folder, 'model.onnx'), path.join(folder, 'fixed.onnx')];
      await cp(vgg, file);
      await withModel(file, async (model) => {
        const place = await placeOf(model, { output, isInPlace: false, isForced: false });
        const patch = await model.patch(selectPlans(lintGraph(model), 'all').plans);
        await appendFile(file, 'more');
        await expect(writeModelCopy(model, patch, place)).rejects.toThrow(
          `"${file}" was changed while it was read, so nothing was written`,
        );
      });
      expect(await readdir(folder)).toEqual(['model.onnx']);
    });
  });

  it.skipIf(process.platform === 'win32')('says in one sentence why it cannot write', async () => {
    await inTemporaryFolder(async (folder) => {
      await writeFile(path.join(folder, 'read-only.onnx'), 'mine', { mode: 0o444 });
      for (const [output, cause] of [
        ['/dev/full', /it is no regular file\. Name one\.$/m],
        [folder, /it is a folder\. Name a file\.$/m],
        ['read-only.onnx', /it is read-only\. Make it writable, or write elsewhere\.$/m],
        [`${'n'.repeat(300)}.onnx`, /its name is too long\. Choose a shorter one\.$/m],
        ['read-only.onnx/x.onnx', /a part of its path is a file, not a folder\. Choose another path\.$/m],
      ] as const)
        await expectRefusal(folder, [vgg, '-o', output], cause);
    });
  });
});

describe('what shiftlint measure and features write', () => {
  it('lists every file, and replaces maps only by force', async () => {
    await inTemporaryFolder(async (folder) => {
      const words = ['measure', path.join(root, 'test/fixtures/textbook/max-pool.onnx'), '--maps', 'maps'];
      const { code, stdout } = await shiftlintIn(folder, ...words, '--json');
      expect(code).toBe(0);
      const { files } = JSON.parse(stdout) as { files: readonly string[] };
      expect(files.map((file) => path.basename(file)).sort()).toEqual((await readdir(path.join(folder, 'maps'))).sort());
      const again = await shiftlintIn(folder, ...words);
      expect(again.code).toBe(2);
      expect(again.stderr).toMatch(
        /"maps" could not be written: it holds maps already, such as "[^"]+"\. Name another folder, or replace them by --force\./,
      );
      const forced = await shiftlintIn(folder, ...words, '--force');
      expect(forced.code).toBe(0);
      for (const file of files) expect(forced.stdout).toContain(`wrote ${file}\n`);
    });
  });
});

/** Mounting needs a superuser of Linux, who is not held up elsewhere. */
const mounted = (folder: string, ...words: readonly string[]): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', ...words, 'tmpfs', folder]).status === 0;

describe('on a disk that does not take what shiftlint fix writes', () => {
  const onnx = path.join(root, 'samples/shapes.onnx');

  it.each([
    ['full', ['-o', 'size=64k'], /could not be written: the disk is full\. Free some space, or write elsewhere\.\n$/],
    ['read-only', ['-o', 'ro'], /could not be written: it lies on a read-only file system\. Write elsewhere\.\n$/],
  ])('%s: one sentence, and nothing is left behind', async (_, words, cause) => {
    await inTemporaryFolder(async (folder) => {
      const small = path.join(folder, 'small');
      await mkdir(small);
      if (!mounted(small, ...words)) return;
      try {
        await expectRefusal(folder, [onnx, '-o', 'small/out.onnx'], cause);
        await expectRefusal(folder, [shapes, '-o', 'small/out'], cause);
        expect(await readdir(small)).toEqual([]);
      } finally {
        spawnSync('umount', [small]);
      }
    });
  });
});
