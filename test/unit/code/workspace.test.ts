import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
  const pool = 'strided-max-pool torch.nn.MaxPool2d(STEP)';

  it('follows the imports of a document to the disk', async () => {
    expect(await open('model.py', model)).toEqual([]);
    expect(found('model.py')).toEqual([call]);
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
});
