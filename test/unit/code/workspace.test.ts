import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeOfCells } from '../../../src/code/notebooks/notebook';
import { CodeWorkspace } from '../../../src/code/workspace';
import { grammarBytes } from './code-session';

const helper = (stride: number): string => `import torch.nn as nn\nSTEP = ${stride}\ndef conv(c, s):\n  return nn.Conv2d(c, c, 3, s)\n`;
const model = 'import torch\nfrom lib.helper import conv, STEP\nlayer = conv(8, 2)\npool = torch.nn.MaxPool2d(STEP)\n';

describe('a workspace that is edited', () => {
  let root = '';
  let workspace: CodeWorkspace;

  beforeEach(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'shiftlint-workspace-')).replaceAll('\\', '/');
    workspace = await CodeWorkspace.create(grammarBytes);
    write('lib/helper.py', helper(1));
  });
  afterEach(() => {
    workspace.session.dispose();
    rmSync(root, { recursive: true });
  });

  function write(file: string, text: string): void {
    mkdirSync(path.dirname(`${root}/${file}`), { recursive: true });
    writeFileSync(`${root}/${file}`, text);
  }

  const open = (file: string, text: string): Promise<readonly string[]> =>
    workspace.open({ document: file, language: 'python', text, place: { file: `${root}/${file}`, root } });

  function found(file: string): string[] {
    const text = workspace.session.textOf(file);
    return workspace.session.lint(file).map(({ rule, range, related }) => {
      const built = related.flatMap(({ elsewhere }) =>
        elsewhere === undefined ? [] : [`${elsewhere.file.slice(root.length)}:${elsewhere.start.line}`],
      );
      return [rule, text.slice(range.start, range.end), ...built].join(' ');
    });
  }

  const call = 'strided-conv conv(8, 2) /lib/helper.py:4';
  const pool = 'strided-max-pool torch.nn.MaxPool2d(STEP) /lib/helper.py:2';

  it('follows the imports of a document to the disk', async () => {
    expect(await open('model.py', model)).toEqual([]);
    expect(found('model.py')).toEqual([call]);
  });

  it('follows the imports of the cells of a notebook, and judges them again with what they import', async () => {
    const place = { file: placeOfCells(`${root}/net.ipynb`, 'python'), root };
    await workspace.open({ document: 'net', language: 'python', text: model, place });
    expect(found('net')).toEqual([call]);
    expect(await open('lib/helper.py', helper(2))).toEqual(['net']);
    expect(found('net')).toEqual([call, pool]);
  });

  it('judges the users of a helper again while it is typed, with the text of the editor', async () => {
    await open('model.py', model);
    await open('other.py', 'import torch\n');
    expect(found('model.py')).toEqual([call]);
    expect(found('other.py')).toEqual([]);
    expect(await open('lib/helper.py', helper(1))).toEqual([]);
    const at = helper(1).indexOf('1');
    expect(workspace.edit({ document: 'lib/helper.py', edits: [{ offset: at, length: 1, text: '2' }] })).toEqual(['model.py']);
    expect(found('model.py')).toEqual([call, pool]);
    // What was not saved is gone with the editor.
    expect(workspace.close({ document: 'lib/helper.py' })).toEqual(['model.py']);
    expect(found('model.py')).toEqual([call]);
  });

  it('judges users again when a file changes on the disk, but for one that is open', async () => {
    await open('model.py', model);
    found('model.py');
    const file = `${root}/lib/helper.py`;
    write('lib/helper.py', helper(2));
    expect(workspace.changed({ files: [{ file, isNew: false }] })).toEqual(['model.py']);
    expect(found('model.py')).toEqual([call, pool]);
    await open('lib/helper.py', helper(2));
    write('lib/helper.py', helper(1));
    expect(workspace.changed({ files: [{ file, isNew: false }] })).toEqual([]);
    expect(found('model.py')).toEqual([call, pool]);
  });

  it('finds a file that comes, and misses one that goes', async () => {
    const text = 'import torch\nfrom late import conv\nlayer = conv(8, 2)\n';
    await open('model.py', text);
    expect(found('model.py')).toEqual([]);
    write('late.py', helper(1));
    const changed = { files: [{ file: `${root}/late.py`, isNew: true }] };
    expect(workspace.changed(changed)).toEqual(['model.py']);
    expect(found('model.py')).toEqual(['strided-conv conv(8, 2) /late.py:4']);
    rmSync(`${root}/late.py`);
    expect(workspace.changed(changed)).toEqual(['model.py']);
    expect(found('model.py')).toEqual([]);
  });

  it('is not left, and installed libraries are not read', async () => {
    write('site-packages/lib2.py', helper(1));
    const text = 'import torch\nfrom up import conv\nlayer = conv(8, 2)\n';
    write('up.py', helper(1));
    mkdirSync(`${root}/inner`);
    const place = { file: `${root}/inner/m.py`, root: `${root}/inner` };
    await workspace.open({ document: 'm', language: 'python', text, place });
    expect(found('m')).toEqual([]);
    const installed = { file: `${root}/site-packages/m.py`, root };
    await workspace.open({ document: 'i', language: 'python', text: text.replace('up', 'lib2'), place: installed });
    expect(found('i')).toEqual([]);
  });

  const relative = 'from lib.helper import conv\nlayer = conv(8, 2)\n';
  const consider = (document: string, ...paths: readonly string[]): boolean =>
    workspace.consider({ document, place: { file: `${root}/${document}`, root }, paths });
  const change = (file: string, isNew: boolean): readonly string[] => workspace.changed({ files: [{ file: `${root}/${file}`, isNew }] });

  it('tells whether a document leads to a framework, and later that it does', () => {
    expect(consider('user.py', 'lib.helper.conv')).toBe(true);
    write('plain.py', 'import os\n');
    expect(consider('other.py', 'plain.x', 'os.path')).toBe(false);
    write('plain.py', 'from lib.helper import conv as x\n');
    expect(change('plain.py', false)).toEqual(['other.py']);
    expect(change('plain.py', false)).toEqual([]);
  });

  it('tells so of files that import each other, whichever is asked about first', () => {
    write('a.py', 'import b\nimport lib.helper\n');
    write('b.py', 'import a\n');
    write('c.py', 'import b\n');
    for (const document of ['a', 'b', 'c']) expect(consider(`${document}-user.py`, document), document).toBe(true);
  });

  async function lintFile(file: string): Promise<string[] | null> {
    const language = file.endsWith('.yaml') ? 'yaml' : 'python';
    const judged = await workspace.lintFile({ document: file, language, place: { file: `${root}/${file}`, root }, options: {} });
    return (
      judged &&
      judged.findings.map(({ rule, start, end, related }) => {
        const places = related.map(({ place }) => `${place.file.slice(root.length)}:${place.start.line}`);
        return [`${start.line}:${start.column}-${end.line}:${end.column}`, rule, ...places].join(' ');
      })
    );
  }

  it('judges files that no editor holds, by line and column', async () => {
    write('user.py', relative);
    write('own.py', 'from torch import nn\n\ndef f(s):\n    return nn.MaxPool2d(s)\n\nf(3)\n');
    write('net.yaml', 'backbone:\n  - [-1, 1, Conv, [64, 3, 2]]\n');
    expect(await lintFile('user.py')).toEqual(['2:9-2:19 strided-conv /lib/helper.py:4']);
    expect(await lintFile('own.py')).toEqual(['4:12-4:27 strided-max-pool /own.py:6']);
    expect(await lintFile('net.yaml')).toEqual(['2:5-2:30 strided-conv']);
    expect(await lintFile('gone.py')).toBeNull();
    expect(() => workspace.session.textOf('user.py')).toThrow('not open');
  });

  it('tells which of them to judge again, until they are forgotten', async () => {
    write('user.py', relative);
    write('own.py', 'from torch import nn\nfrom late import STEP\n\nnn.MaxPool2d(STEP)\n');
    write('plain.py', 'import os\n');
    expect(await lintFile('user.py')).toHaveLength(1);
    expect(await lintFile('own.py')).toEqual([]);
    expect(await lintFile('plain.py')).toEqual([]);
    expect(change('lib/helper.py', false)).toEqual(['user.py']);
    expect(change('plain.py', false)).toEqual([]);
    // A file that comes concerns those that import it, and no others.
    write('late.py', 'STEP = 2\n');
    expect(change('late.py', true)).toEqual(['own.py']);
    expect(await lintFile('own.py')).toEqual(['4:1-4:19 strided-max-pool /late.py:1']);
    write('unrelated.py', '');
    expect(change('unrelated.py', true)).toEqual([]);
    // What an editor shows goes before what the disk has, and is told of too.
    expect(await open('late.py', 'STEP = 1\n')).toEqual(['own.py']);
    expect(await lintFile('own.py')).toEqual([]);
    workspace.forget({ documents: ['own.py', 'user.py'] });
    expect(workspace.close({ document: 'late.py' })).toEqual([]);
  });

  it('says of a file that is too long for anyone that it is not judged', async () => {
    const filler = `# ${'x'.repeat(98)}\n`.repeat(16_000);
    for (const [name, head] of [
      ['long.py', 'import torch\n'],
      ['table.py', 'import os\n'],
    ] as const) {
      write(name, head + filler);
      const judged = await workspace.lintFile({
        document: name,
        language: 'python',
        place: { file: `${root}/${name}`, root },
        options: {},
      });
      expect(judged?.findings).toEqual([]);
      expect(judged?.notices.map(({ code }) => code)).toEqual(name === 'long.py' ? ['stopped-early'] : []);
    }
  });
});
