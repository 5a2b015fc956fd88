import { spawnSync } from 'node:child_process';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inTemporaryFolder, shiftlint, write } from './command-line';

const pool = 'import torch.nn as nn\npool = nn.MaxPool2d(2)\n';
const notebook = `{
 "cells": [
  {"cell_type": "code", "source": ["%load_ext x\\n", "import torch.nn as nn"], "outputs": [{"x": 1.50}], "metadata": {}},
  {
   "cell_type": "code",
   "source": [
    "%%time\\n",
    "net = nn.MaxPool2d(2)"
   ], "outputs": [ ]
  }
 ],
 "nbformat": 4
}`;
const project: Readonly<Record<string, string>> = {
  'pkg/__init__.py': '',
  'pkg/sub/__init__.py': '',
  'pkg/blocks.py': 'import torch.nn as nn\n\n\ndef conv(c, s=1):\n    return nn.Conv2d(c, c, 3, s)\n',
  'pkg/net.py': [
    'import torch.nn as nn',
    'from .blocks import conv',
    'stem = nn.Conv2d(3, 8, 3, stride=2)',
    'down = conv(8, 2)',
    'again = conv(8, 2)',
    'patch = nn.Conv2d(8, 8, 4, stride=4)',
  ].join('\r\n'),
  'pkg/sub/deep.py': pool,
  'with space.py': `\uFEFF${pool}`,
  'train.ipynb': notebook,
  'web/net.mjs': "import * as tf from '@tensorflow/tfjs';\nexport const pool = tf.layers.maxPooling2d({ poolSize: 2 });\n",
  'tests/test_net.py': pool,
};
const latin = Buffer.from('# -*- coding: latin-1 -*-\n# \u00e9\nimport torch.nn as nn\npool = nn.MaxPool2d(2)\n', 'latin1');

/** All files below a folder. */
async function read(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const texts = files.map(async (file) => [path.relative(folder, file), await readFile(file, 'latin1')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

interface Report {
  readonly files: readonly {
    readonly path: string;
    readonly fixed: readonly { readonly line: number; readonly cell?: number; readonly description: string }[];
    readonly refused: readonly { readonly line: number; readonly reason: string }[];
  }[];
  readonly diff: string | null;
  readonly written: readonly string[];
}

describe('shiftlint fix-code', () => {
  it('prints a diff that git applies to what --write writes, and finds nothing more to fix there', async () => {
    await inTemporaryFolder(async (folder) => {
      const [applied, written] = ['applied', 'written'].map((name) => path.join(folder, name)) as [string, string];
      await write(applied, { ...project, 'latin.py': latin });
      await cp(applied, written, { recursive: true });
      const before = await read(applied);
      const shown = await shiftlint('fix-code', applied);
      expect(shown.code).toBe(0);
      expect(await read(applied)).toEqual(before);
      expect(shown.stderr).toContain(`The paths of the diff start from ${applied}: apply it there.`);
      await writeFile(path.join(folder, 'fix.diff'), shown.stdout);
      const git = spawnSync('git', ['apply', '../fix.diff'], { cwd: applied, encoding: 'utf8' });
      expect(git.status, git.stderr).toBe(0);

      const done = await shiftlint('fix-code', written, '--write', '--json');
      expect(done.code).toBe(0);
      const after = await read(written);
      expect(await read(applied)).toEqual(after);
      const made = ['blurpool_torch.py', 'pkg/blurpool_torch.py', 'web/blurpool.mjs'];
      expect(Object.keys(after).sort()).toEqual([...Object.keys(before), ...made].sort());
      expect(Object.keys(before).filter((name) => before[name] !== after[name])).toEqual(
        expect.arrayContaining(['pkg/blocks.py', 'pkg/sub/deep.py', 'train.ipynb', 'web/net.mjs', 'with space.py']),
      );
      for (const name of ['latin.py', 'pkg/net.py', 'tests/test_net.py']) expect(after[name]).toBe(before[name]);
      expect(after['pkg/blocks.py']).toContain(
        'from .blurpool_torch import BlurConv2d\n\n\ndef conv(c, s=1):\n    return BlurConv2d(c, c, 3, s)',
      );
      expect(after['pkg/sub/deep.py']).toContain('from ..blurpool_torch import MaxBlurPool2d');
      expect(after['train.ipynb']).toBe(
        notebook
          .replace('as nn"]', 'as nn\\n", "\\n", "from blurpool_torch import MaxBlurPool2d"]')
          .replace('nn.MaxPool2d(2)', 'MaxBlurPool2d(2)'),
      );

      const { files, diff, written: paths } = JSON.parse(done.stdout) as Report;
      expect(diff).toBeNull();
      expect(paths.map((file) => path.relative(written, path.resolve(file))).sort()).toEqual(
        [...made, 'pkg/blocks.py', 'pkg/sub/deep.py', 'train.ipynb', 'web/net.mjs', 'with space.py'].sort(),
      );
      const reported = (name: string) => files.find(({ path: file }) => file.endsWith(name));
      expect(reported('net.py')).toMatchObject({
        fixed: [4, 5].map((line) => ({
          line,
          description: expect.stringMatching(/^Fixed where nn\.Conv2d is called, in .*blocks\.py, line 5$/),
        })),
        refused: [
          { line: 3, reason: expect.stringContaining('(a stem)') },
          { line: 6, reason: expect.stringContaining('cuts the image into patches') },
        ],
      });
      expect(reported('blocks.py')?.fixed).toMatchObject([{ line: 5 }]);
      expect(reported('train.ipynb')?.fixed).toMatchObject([{ cell: 2, line: 2 }]);
      expect(reported('latin.py')).toMatchObject({ fixed: [], refused: [{ reason: expect.stringContaining('not in UTF-8') }] });

      const again = await shiftlint('fix-code', written);
      expect(again.stdout).toBe('');
      expect(again.code).toBe(1);
      expect(again.stderr).toContain('Nothing was fixed');
    });
  });

  it('fixes what is asked for, and nothing outside of what is named', async () => {
    await inTemporaryFolder(async (folder) => {
      await write(folder, project);
      const net = path.join(folder, 'pkg/net.py');
      const outside = await shiftlint(
        'fix-code',
        folder.concat('/pkg/net.py'),
        '--stem',
        '--rule',
        'strided-conv',
        '--filter',
        'bin-5',
        '--json',
      );
      expect(outside.code).toBe(1);
      const { files, diff } = JSON.parse(outside.stdout) as Report;
      expect(files).toMatchObject([{ path: net, fixed: [{ line: 3 }] }]);
      const reasons = files[0]?.refused ?? [];
      expect(reasons.map(({ line }) => line)).toEqual([4, 5]);
      for (const { reason } of reasons) expect(reason).toMatch(/is called in .*blocks\.py, line 5, a file that may not be changed here/);
      expect(diff).toContain('+stem = BlurConv2d(3, 8, 3, stride=2, filter_size=5)\r\n');
    });
  });

  it.each([
    [['fix-code'], /Name at least one source file/],
    [['fix-code', 'x.py', '--rule', 'max-pool'], /--rule takes strided-max-pool/],
    [['fix-code', 'samples/shapes.onnx'], /For models there is "shiftlint fix"/],
    [['fix-code', 'x.py', '--library', 'numpy'], /--library takes shiftlint, timm/],
  ])('a wrong call %j exits with 2 and says how', async (words, message) => {
    const { code, stdout, stderr } = await shiftlint(...words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
