import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { ConsistencyReport } from '../../../../src/core/report/consistency-report';
import { inTemporaryFolder, root, shiftlint } from '../command-line';

const model = path.join(root, 'samples/shapes.onnx');
const images = path.join(root, 'test/fixtures/shapes');
const names = ['circle', 'cross', 'ring', 'square', 'star', 'triangle'].map((name) => `${name}.png`);

function withInput(input: string | undefined, ...words: readonly string[]) {
  const child = spawn(process.execPath, [path.join(root, 'dist/cli.js'), ...words], { cwd: root });
  if (input !== undefined) child.stdin.end(input);
  return child;
}

it('a list from standard input gives what the folder gives, and a finished file is not made again', { timeout: 60_000 }, async () => {
  await inTemporaryFolder(async (folder) => {
    const [file, words] = [path.join(folder, 'out.json'), ['consistency', model, images, '--pairs', '2']];
    const first = await shiftlint(...words, '-o', file, '--csv');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout.split('\r\n')).toHaveLength(names.length + 2);
    const written = await readFile(file, 'utf8');

    const listed = withInput([...names].reverse().join('\n'), ...words, '--image-list', '-', '--json');
    expect(await text(listed.stdout)).toBe(written);

    // A finished part is known whatever thresholds are asked of it.
    const again = await shiftlint(...words, '-o', file, '--json', '--fail-under', 'invariance=1');
    expect(again).toMatchObject({ code: 1, stdout: written });
    expect(again.stderr).toContain(`"${file}" is finished already, of the same model, images and settings: nothing was run.\n`);

    // What a killed writer without -o leaves, another run's file, and a file of something else.
    await writeFile(file, written.slice(0, -9));
    expect(await shiftlint(...words, '-o', file)).toMatchObject({ code: 0, stderr: `"${file}" is not whole, and is made anew.\n` });
    expect(await readFile(file, 'utf8')).toBe(written);
    const other = await shiftlint(...words, '-o', file, '--seed', '1');
    expect(other.stderr).toBe(`"${file}" is of another model, other images or settings, and is made anew.\n`);
    expect((JSON.parse(await readFile(file, 'utf8')) as ConsistencyReport).settings.seed).toBe(1);
    const foreign = path.join(folder, 'model.onnx');
    await writeFile(foreign, 'of something else');
    expect(await shiftlint(...words, '-o', foreign)).toMatchObject({ code: 2, stdout: '' });
    expect(await readFile(foreign, 'utf8')).toBe('of something else');
  });
});

it(
  'a part that is killed leaves no file, and is made by the same command; a part without an image is one',
  { timeout: 60_000 },
  async () => {
    await inTemporaryFolder(async (folder) => {
      const part = (index: number): string => path.join(folder, `${index}.json`);
      const words = (index: number) => ['consistency', model, images, '--pairs', '2', '--shard', `${index}/2`, '-o', part(index)];
      const list = `${names[0] ?? ''}\n`;
      expect(await shiftlint('merge')).toMatchObject({ code: 2, stdout: '' });
      // Its list never ends, so that it is killed before it has.
      const killed = withInput(undefined, ...words(0), '--image-list', '-');
      killed.stdin.write(list);
      await new Promise((resolve) => killed.once('spawn', resolve));
      killed.kill('SIGKILL');
      await new Promise((resolve) => killed.once('close', resolve));
      expect(existsSync(part(0))).toBe(false);
      for (const index of [0, 1]) {
        const child = withInput(list, ...words(index), '--image-list', '-');
        child.stdout.resume();
        expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
      }
      const merged = await shiftlint('merge', part(1), part(0), '--json');
      const whole = withInput(list, ...words(0).slice(0, 5), '--image-list', '-', '--json');
      expect(merged).toEqual({ code: 0, stdout: await text(whole.stdout), stderr: '' });
      await rm(part(1));
      expect((await shiftlint('merge', part(0), part(1))).stderr).toBe(
        `shiftlint: "${part(1)}" could not be read: there is no such file.\n`,
      );
    });
  },
);
