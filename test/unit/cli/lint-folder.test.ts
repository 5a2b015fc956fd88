import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LintReport, ReportedSource } from '../../../src/core/report/lint-report';
import { inTemporaryFolder, root, shiftlint, write } from './command-line';

const pool = 'import torch.nn as nn\npool = nn.MaxPool2d(2)\n';

async function lintedIn(folder: string, ...words: readonly string[]): Promise<readonly string[]> {
  const { files } = JSON.parse((await shiftlint('lint', ...words, '--json')).stdout) as LintReport;
  return files.map(({ path: file }) => path.relative(folder, file).replaceAll('\\', '/'));
}

describe('what a folder stands for', () => {
  it('leaves out tests, documentation and what is installed, unless it is named', async () => {
    await inTemporaryFolder(async (folder) => {
      const left = ['tests/a.py', 'pkg/test/a.py', 'docs/conf.py', 'pkg/test_net.py', 'pkg/net_test.py', 'conftest.py', 'web/net.spec.ts'];
      const foreign = ['node_modules/a/a.js', 'lib/site-packages/a.py', 'env/lib/a.py', '.venv/a.py'];
      const own = ['latest.py', 'pkg/contest.py', 'pkg/testing.py', 'rl/env/a.py'];
      await write(folder, Object.fromEntries([...left, ...foreign, ...own].map((name) => [name, pool])));
      await write(folder, { 'env/pyvenv.cfg': '' });
      expect(await lintedIn(folder, folder)).toEqual([...own].sort());
      expect(await lintedIn(folder, path.join(folder, 'tests'), path.join(folder, 'conftest.py'))).toEqual(['tests/a.py', 'conftest.py']);
      // What a project says of it goes before the defaults.
      await write(folder, { 'shiftlint.json': '{"exclude": ["pkg/**"]}' });
      expect(await lintedIn(folder, folder)).toEqual(
        ['conftest.py', 'docs/conf.py', 'latest.py', 'rl/env/a.py', 'tests/a.py', 'web/net.spec.ts'].sort(),
      );
    });
  });
});

describe('notebooks', () => {
  const cell = (...source: readonly string[]): object => ({ cell_type: 'code', metadata: {}, outputs: [], source });
  const notebook = JSON.stringify({
    cells: [
      cell('%matplotlib inline\n', 'import torch.nn as nn\n', 'from blocks import conv'),
      { cell_type: 'markdown', source: ['nn.MaxPool2d(2)'] },
      cell('%%time\n', 'pool = nn.MaxPool2d(2)\n', 'layer = conv(8, 2)'),
      cell('%%bash\n', 'nn.MaxPool2d(2)'),
    ],
    metadata: { language_info: { name: 'python' } },
    nbformat: 4,
  });

  it('are judged as one program, with places by cell, and follow imports', async () => {
    await inTemporaryFolder(async (folder) => {
      await write(folder, {
        'net.ipynb': notebook,
        'blocks.py': 'import torch.nn as nn\ndef conv(c, s):\n  return nn.Conv2d(c, c, 3, s)\n',
        'broken.ipynb': '{',
      });
      const { code, stdout } = await shiftlint('lint', folder, '--json');
      expect(code).toBe(2);
      const { files } = JSON.parse(stdout) as LintReport;
      expect(files.map(({ errors }) => errors.map(({ code: why }) => why))).toEqual([[], ['malformed'], []]);
      expect((files[2] as ReportedSource).findings).toMatchObject([
        { rule: 'strided-max-pool', cell: 3, line: 2, column: 8, endLine: 2, endColumn: 23 },
        { rule: 'strided-conv', cell: 3, line: 3, column: 9, related: [{ line: 3, path: expect.stringContaining('blocks.py') }] },
      ]);
      const { stdout: text } = await shiftlint('lint', path.join(folder, 'net.ipynb'));
      expect(text).toContain('net.ipynb:cell 3:2:8: warning: nn.MaxPool2d');
      expect(text).toContain('2 findings in 1 file.');
    });
  });
});

describe('many files', () => {
  /** Blocks that others import, models that build them by their stride, and what cannot be read. */
  async function workspace(folder: string): Promise<void> {
    const files: Record<string, string> = { 'blocks.py': 'import torch.nn as nn\ndef conv(c, s):\n  return nn.Conv2d(c, c, 3, s)\n' };
    for (let index = 0; index < 70; index++) {
      const name = `pkg${index % 5}/net${index}`;
      files[`${name}.py`] = index % 3 === 0 ? pool : `import torch\nfrom blocks import conv\nlayer = conv(${index}, ${1 + (index % 4)})\n`;
    }
    await write(folder, { ...files, 'pkg1/broken.ipynb': '{', 'pkg2/broken.onnx': 'no model' });
    await copyFile(path.join(root, 'test/fixtures/textbook/max-pool.onnx'), path.join(folder, 'pkg3/pool.onnx'));
  }

  it('come out alike and in the same order, however many processes judge them', async () => {
    await inTemporaryFolder(async (folder) => {
      await workspace(folder);
      const [one, three] = await Promise.all([1, 3].map((jobs) => shiftlint('lint', folder, '--json', '--jobs', String(jobs))));
      expect(three).toEqual(one);
      const { files } = JSON.parse(one?.stdout ?? '') as LintReport;
      expect(files).toHaveLength(74);
      expect(files.flatMap(({ errors }) => errors.map(({ code }) => code))).toEqual(['malformed', 'not-a-model']);
      expect(files.filter((file) => 'language' in file && file.findings.some(({ related }) => related.length > 0))).toHaveLength(34);
    });
  });

  it('are judged although one of them ends its process', async () => {
    await inTemporaryFolder(async (folder) => {
      await workspace(folder);
      await writeFile(path.join(folder, 'pkg0/huge.ipynb'), `{"cells": [], "x": [${'1.5,2.5,'.repeat(5_000_000)}1]}`);
      const options = process.env['NODE_OPTIONS'];
      process.env['NODE_OPTIONS'] = '--max-old-space-size=64';
      try {
        const { code, stdout } = await shiftlint('lint', folder, '--json', '--jobs', '2');
        expect(code).toBe(2);
        const { files } = JSON.parse(stdout) as LintReport;
        expect(files).toHaveLength(75);
        const stopped = files.filter(({ errors }) => errors.some(({ code: why }) => why === 'stopped'));
        expect(stopped.map(({ path: file }) => path.basename(file))).toEqual(['huge.ipynb']);
      } finally {
        if (options === undefined) delete process.env['NODE_OPTIONS'];
        else process.env['NODE_OPTIONS'] = options;
      }
    });
  });
});
