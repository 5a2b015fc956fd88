import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { DiskProject } from '../../../src/cli/code/disk-project';
import type { CodeFinding } from '../../../src/code/finding';
import { joinPath, type ProjectFiles } from '../../../src/code/project-files';
import type { TextEdit } from '../../../src/core/formats/format';
import type { CodeSession } from '../../../src/code/session';
import { sourceLanguage } from '../../../src/code/source-language';
import { codeSession } from './code-session';

const folder = path.resolve(import.meta.dirname, '../../fixtures/code-project').replaceAll('\\', '/');

/** `line rule call <- file:line of the layer`. */
function told(text: string, findings: readonly CodeFinding[]): string[] {
  return findings.map(({ rule, range, related }) => {
    const built = related.flatMap(({ elsewhere }) =>
      elsewhere === undefined ? [] : [`${path.posix.basename(elsewhere.file)}:${elsewhere.start.line}`],
    );
    const line = text.slice(0, range.start).split('\n').length;
    return `${line} ${rule} ${text.slice(range.start, range.end)}${built.length === 0 ? '' : ` <- ${built.join(', ')}`}`;
  });
}

describe('a workspace on disk', () => {
  let session: CodeSession;
  beforeEach(async () => {
    session = await codeSession(new DiskProject([folder]));
  });

  async function findings(name: string): Promise<string[]> {
    const file = joinPath(folder, name);
    const text = readFileSync(file, 'utf8');
    const language = sourceLanguage(file) ?? 'python';
    expect(session.isWorthwhile(text, language, file)).toBe(true);
    await session.open(file, language, text, file);
    return told(text, session.lint(file));
  }

  it('is followed through packages, aliases, re-exports, a backend and guarded imports', async () => {
    expect(await findings('model.py')).toEqual([
      '11 strided-conv nn.Conv2d(3, 96, 7, stride=stride, padding=3)',
      '12 strided-conv Conv(96, 96, k=3, s=2) <- helpers.py:13',
      '13 strided-pointwise-conv H.Conv(96, 96, k=1, s=2) <- helpers.py:13',
      '14 strided-conv block(96, 96, 2) <- helpers.py:21',
      '16 strided-max-pool shrink(2) <- pool.py:8',
    ]);
  });

  it('has each layer reported once: what a helper says itself is found there', async () => {
    expect(await findings('mylib/helpers.py')).toEqual(['27 strided-max-pool nn.MaxPool2d(2)']);
    expect(await findings('mylib/nested/pool.py')).toEqual([]);
  });

  it('is followed into what a file imports altogether', async () => {
    expect(await findings('user.py')).toEqual(['3 strided-conv Conv(3, 8, 3, 2) <- helpers.py:13']);
  });

  it('is followed in TypeScript: paths, re-exports, defaults, namespaces', async () => {
    expect(await findings('web/model.ts')).toEqual([
      '5 strided-conv block(2) <- blocks.ts:4',
      '5 strided-conv stem(2) <- blocks.ts:8',
      '5 strided-max-pool tiny(2) <- blocks.ts:6',
      '5 strided-conv other(2) <- blocks.ts:8',
      '5 strided-max-pool all.shrink(3) <- blocks.ts:6',
    ]);
  });

  it('is followed from project_helper.py into the library of the same project', async () => {
    const source = path.resolve(import.meta.dirname, '../../fixtures/code/cases/project_helper.py');
    const text = readFileSync(source, 'utf8');
    const file = joinPath(folder, 'project_helper.py');
    await session.open(file, 'python', text, file);
    expect(told(text, session.lint(file))).toEqual([
      '9 strided-conv nn.Conv2d(3, 96, 7, stride=stride, padding=3)',
      '10 strided-conv Conv(96, 96, k=3, s=2) <- helpers.py:13',
    ]);
  });

  it('has no fix at a call whose layer another file builds, and says where that is', async () => {
    await findings('user.py');
    const file = joinPath(folder, 'user.py');
    const [finding] = session.lint(file);
    const context = { library: 'shiftlint', specifiers: { blurpool_torch: 'blurpool_torch' }, filter: { label: 'Tri-3', taps: [1, 2, 1] } };
    const offer = session.offers(file, { rule: 'strided-conv', range: finding?.range ?? { start: 0, end: 0 } }, context);
    expect(offer.fixes.map(({ kind }) => kind)).not.toContain('blur');
    expect(offer.refusal).toBe(
      `nn.Conv2d is called in ${folder}/mylib/helpers.py, line 13: give the layer its blur there, behind its activation.`,
    );
    expect(session.fixAll(file, {}, context)).toBeNull();
  });
});

describe('a workspace in memory', () => {
  const context = {
    library: 'shiftlint',
    specifiers: { blurpool_torch: 'nets.blurpool_torch' },
    filter: { label: 'Tri-3', taps: [0.25, 0.5, 0.25] },
  };

  /** A session in which one file among others is open. */
  async function opened(sources: Readonly<Record<string, string>>, name: string): Promise<CodeSession> {
    const at = new Map(Object.entries(sources).map(([file, text]) => [joinPath('/p/w', file), text]));
    const files: ProjectFiles = {
      read: (file) => at.get(file),
      skim: (file) => at.get(file),
      isFile: (file) => at.has(file),
      isFolder: (place) => [...at.keys()].some((file) => file.startsWith(`${place}/`)),
      holds: (file) => file.startsWith('/p/w/'),
      rootOf: () => '/p/w',
    };
    const session = await codeSession(files);
    await session.open(name, sourceLanguage(name) ?? 'python', sources[name] ?? '', `/p/w/${name}`);
    return session;
  }

  /** Judges one file among others. */
  async function judge(sources: Readonly<Record<string, string>>, name: string): Promise<string[]> {
    return told(sources[name] ?? '', (await opened(sources, name)).lint(name));
  }

  const conv = 'import torch.nn as nn\ndef conv(c, s=1):\n  return nn.Conv2d(c, c, 3, s)\n';

  it.each<[string, Record<string, string>, string[]]>([
    [
      'relative imports upwards',
      { 'a/b.py': conv, 'a/c/m.py': 'from ..b import conv\nm = conv(8, 2)\n' },
      ['2 strided-conv conv(8, 2) <- b.py:3'],
    ],
    [
      'files that import each other',
      { 'b.py': `import m\n${conv}`, 'm.py': 'from b import conv\nm = conv(8, s=2)\n' },
      ['2 strided-conv conv(8, s=2) <- b.py:4'],
    ],
    [
      'a base class elsewhere',
      {
        'b.py': 'import torch.nn as nn\nclass Base(nn.Module):\n  def __init__(self, s):\n    self.c = nn.MaxPool2d(s)\n',
        'm.py': 'from b import Base\nclass Net(Base):\n  def __init__(self):\n    super().__init__(2)\n',
      },
      ['4 strided-max-pool super().__init__(2) <- b.py:4'],
    ],
    [
      'a number from a third file',
      { 'b.py': conv, 'k.py': 'STEP = 2\n', 'm.py': 'import k\nfrom b import conv\nm = conv(8, k.STEP)\n' },
      ['3 strided-conv conv(8, k.STEP) <- b.py:3'],
    ],
    [
      'a helper of a helper',
      { 'b.py': conv, 'h.py': 'from b import conv\ndef block(s):\n  return conv(4, s)\n', 'm.py': 'from h import block\nm = block(2)\n' },
      ['2 strided-conv block(2) <- b.py:3'],
    ],
    [
      'a call of a third file',
      { 'b.py': conv, 'h.py': 'from b import conv\ndef block():\n  return conv(4, 2)\n', 'm.py': 'from h import block\nm = block()\n' },
      [],
    ],
    [
      'a number that a third file keeps in a list',
      {
        'b.py': conv,
        'h.py': 'from b import conv\nCONFIG = [(4, 2), (8, 1)]\ndef block():\n  return [conv(c, s) for c, s in CONFIG]\n',
        'm.py': 'from h import block\nm = block()\n',
      },
      [],
    ],
    [
      'such a list of a file that builds nothing',
      { 'b.py': conv, 'k.py': 'CONFIG = [(4, 2)]\n', 'm.py': 'import k\nfrom b import conv\nm = [conv(c, s) for c, s in k.CONFIG]\n' },
      ['3 strided-conv conv(c, s) <- b.py:3'],
    ],
    [
      'two layers of one call',
      {
        'b.py': 'import torch.nn as nn\ndef two(s):\n  return nn.Sequential(nn.Conv2d(3, 3, 3, s), nn.Conv2d(3, 3, 5, s))\n',
        'm.py': 'from b import two\nm = two(2)\n',
      },
      ['2 strided-conv two(2) <- b.py:3, b.py:3'],
    ],
    [
      'our own module',
      {
        'blurpool_torch.py': conv.replaceAll('conv(', 'BlurPool2d('),
        'm.py': 'from blurpool_torch import BlurPool2d\nm = BlurPool2d(2)\n',
      },
      [],
    ],
    [
      'what a script alone runs',
      { 'b.py': `${conv}if __name__ == '__main__':\n  conv = None\n`, 'm.py': 'from b import conv\nm = conv(8, 2)\n' },
      ['2 strided-conv conv(8, 2) <- b.py:3'],
    ],
    [
      'a helper that is asked for the same twice, of which one answer is changed',
      {
        'b.py': 'def twice(n):\n  return [n, n]\n',
        'm.py':
          'import torch.nn as nn\nfrom b import twice\na = twice(1)\na.append(1)\nb = twice(1)\nb += [2]\nm = nn.Conv3d(3, 3, 3, twice(1) + [2])\nn = nn.Conv2d(3, 3, 3, twice(1))\n',
      },
      ['7 strided-conv nn.Conv3d(3, 3, 3, twice(1) + [2])'],
    ],
    [
      'a helper that changes what it is given',
      {
        'b.py': 'def more(steps):\n  steps.append(2)\n',
        'm.py': 'import torch.nn as nn\nfrom b import more\na = []\nmore(a)\nb = []\nmore(b)\nmore(b)\nm = nn.Conv2d(3, 3, 3, b)\n',
      },
      ['8 strided-conv nn.Conv2d(3, 3, 3, b) <- b.py:2'],
    ],
    [
      'the other side of a test of another file, where the first way there shows nothing',
      {
        'b.py': 'import torch.nn as nn\ndef net(s, pool):\n  if pool:\n    return nn.MaxPool2d(s)\n',
        'm.py':
          'from b import net\ndef one(pool=False):\n  return net(1, pool)\ndef two(pool=False):\n  return net(2, pool)\ndef three(pool=False):\n  return net(3, pool)\n',
      },
      ['5 strided-max-pool net(2, pool) <- b.py:4', '7 strided-max-pool net(3, pool) <- b.py:4'],
    ],
    ['a file without the name', { 'b.py': conv, 'm.py': 'from b import other\nm = other(2)\n' }, []],
  ])('%s', async (_, sources, expected) => {
    expect(await judge(sources, 'm.py' in sources ? 'm.py' : 'a/c/m.py')).toEqual(expected);
  });

  describe('with a helper that asks for more than judging may cost', () => {
    const burn = 'def burn(n):\n  return [i for i in range(n) for j in range(n) for k in range(n)]\n';
    const blocks = `${conv}STEP = 2\ndef built(make):\n  return make(2)\n${burn}`;
    const start = 'import torch.nn as nn\nfrom b import conv, built, burn, STEP\n';
    const network = (...lines: readonly string[]): string =>
      `class Net(nn.Module):\n  def __init__(self):\n${lines.map((line) => `    ${line}\n`).join('')}`;

    /** Findings and notices of `m.py`. */
    async function whole(text: string): Promise<{ said: string[]; notices: string[]; findings: readonly CodeFinding[] }> {
      const session = await opened({ 'b.py': blocks, 'm.py': text }, 'm.py');
      const { findings, notices } = session.judge('m.py', { severities: { 'dynamic-stride': 'hint' } });
      return {
        said: told(text, findings),
        findings,
        notices: notices.map(({ code, severity, message }) => `${severity} ${code}: ${message}`),
      };
    }

    it("has the file's own layers found as if it were judged alone, with those of other files that were reached", async () => {
      const { said, notices } = await whole(
        start + network('early = conv(8, 2)', 'size = burn(1000)', 'layer = nn.Conv2d(3, size, 3, 2)', 'late = conv(8, 2)'),
      );
      expect(said).toEqual(['5 strided-conv conv(8, 2) <- b.py:3', '7 strided-conv nn.Conv2d(3, size, 3, 2)']);
      expect(notices).toEqual([
        'information imports-in-part: Imports were followed in part only: it makes a list of more than 16384 items. ' +
          'The file itself was judged whole, but layers that other files build for calls from line 3 on may be missing among the findings.',
      ]);
    });

    it('follows a helper however often it is called', async () => {
      const calls = Array.from({ length: 900 }, (_, index) => `nn.Conv2d(3, ${index}, 3, built(lambda s: ${index} + s))`);
      const { notices } = await whole(start + network(...calls, 'late = conv(8, 2)'));
      expect(notices).toEqual([]);
    });

    it('takes what imported code costs from a purse of its own', async () => {
      const slow =
        'def slow(n):\n  for i in range(40):\n    for j in range(40):\n      for k in range(40):\n        n = n + 1 + 1 + 1 + 1 + 1 + 1\n  return n\n';
      const sources = {
        'b.py': conv + slow,
        'm.py': `import torch.nn as nn\nfrom b import conv, slow\n${network('a = slow(1)', 'b = slow(2)', 'c = slow(3)', 'layer = nn.MaxPool2d(2)')}`,
      };
      const session = await opened(sources, 'm.py');
      const { findings, notices } = session.judge('m.py');
      expect(told(sources['m.py'], findings)).toEqual(['8 strided-max-pool nn.MaxPool2d(2)']);
      expect(notices).toEqual([expect.objectContaining({ code: 'imports-in-part' })]);
      expect(notices[0]?.message).toMatch(/expressions of other files that are evaluated|seconds that judging may take/);
    });

    it('says each layer once, with what only the imports tell', async () => {
      const make = 'def make(s=1):\n  return nn.Conv2d(3, 3, 3, s)\n';
      const { said, findings } = await whole(
        start + make + network('pool = nn.MaxPool2d(STEP)', 'made = built(make)', 'same = nn.MaxPool2d(2)', 'size = burn(1000)'),
      );
      expect(said).toEqual([
        '4 strided-conv nn.Conv2d(3, 3, 3, s)',
        '7 strided-max-pool nn.MaxPool2d(STEP) <- b.py:4',
        '9 strided-max-pool nn.MaxPool2d(2)',
      ]);
      expect(findings.filter(({ message }) => message.includes('Only a call'))).toEqual([]);
    });

    it('says that judging stopped, once, where that of the file alone stops too', async () => {
      const own = burn.replace('burn', 'own');
      const { said, notices } = await whole(start + own + network('pool = nn.MaxPool2d(2)', 'size = own(1000)', 'late = nn.MaxPool2d(2)'));
      expect(said).toEqual(['7 strided-max-pool nn.MaxPool2d(2)']);
      expect(notices).toEqual([expect.stringMatching(/^warning stopped-early: Judging stopped early: .* Layers from line \d on/)]);
    });

    it('fixes the layers that judging the file alone has found', async () => {
      const text = start + network('size = burn(1000)', 'self.pool = nn.MaxPool2d(2)');
      const session = await opened({ 'b.py': blocks, 'm.py': text }, 'm.py');
      const context = {
        library: 'shiftlint',
        specifiers: { blurpool_torch: 'blurpool_torch' },
        filter: { label: 'Tri-3', taps: [1, 2, 1] },
      };
      expect(
        session
          .fixAll('m.py', {}, context)
          ?.edits.map((edit) => edit.text)
          .join(),
      ).toContain('BlurPool2d');
    });
  });

  /** What can be done in `b.py` about the one finding of `m.py`: the title and the text that comes of it. */
  async function fixedElsewhere(sources: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const session = await opened(sources, 'm.py');
    const [finding] = session.lint('m.py');
    const text = sources['b.py'] ?? '';
    const key = { rule: finding?.rule ?? 'strided-conv', range: finding?.range ?? { start: 0, end: 0 } };
    const { fixes, refusal } = await session.offersElsewhere('m.py', key, { path: '/p/w/b.py', language: 'python', text }, context);
    return fixes.length === 0 ? [refusal ?? ''] : fixes.map(({ title, edits }) => `${title}\n${apply(text, edits)}`);
  }

  function apply(text: string, edits: readonly TextEdit[]): string {
    return edits.reduceRight(
      (changed, { offset, length, text: put }) => changed.slice(0, offset) + put + changed.slice(offset + length),
      text,
    );
  }

  it('has its fix where the layer is built, one for each layer', async () => {
    expect(await fixedElsewhere({ 'b.py': conv, 'm.py': 'from b import conv\nm = conv(8, 2)\n' })).toEqual([
      'In b.py, line 3: Replace by BlurConv2d (Tri-3): blurs directly after the convolution (no activation found behind it)\n' +
        'import torch.nn as nn\nfrom nets.blurpool_torch import BlurConv2d\n' +
        'def conv(c, s=1):\n  return BlurConv2d(c, c, 3, s)\n',
    ]);
    const two = 'import torch.nn as nn\ndef two(s):\n  return nn.Sequential(nn.MaxPool2d(s), nn.ReLU(), nn.MaxPool2d(3, s))\n';
    const fixes = await fixedElsewhere({ 'b.py': two, 'm.py': 'from b import two\nm = two(2)\n' });
    expect(fixes.map((fix) => fix.split('\n').find((line) => line.includes('Sequential')))).toEqual([
      '  return nn.Sequential(MaxBlurPool2d(s), nn.ReLU(), nn.MaxPool2d(3, s))',
      '  return nn.Sequential(nn.MaxPool2d(s), nn.ReLU(), MaxBlurPool2d(3, s))',
    ]);
  });

  it('says why there is none, and of a layer outside of the workspace that it is', async () => {
    const pool = 'import torch.nn as nn\ndef pool(s):\n  return nn.MaxPool2d(3, s, return_indices=True)\n';
    expect(await fixedElsewhere({ 'b.py': pool, 'm.py': 'from b import pool\nm = pool(2)\n' })).toEqual([
      'After a blur there is no index of the maximum, so a pool with return_indices has to stay.',
    ]);
    const session = await opened({ '../b.py': conv, 'm.py': 'from ..b import conv\nm = conv(8, 2)\n' }, 'm.py');
    const [finding] = session.lint('m.py');
    expect(finding?.builtAt).toMatchObject([{ file: '/p/b.py', isOutside: true }]);
    expect(finding?.message).toMatch(/ The layer is built in \/p\/b\.py, outside of the workspace, where nothing is changed\.$/);
    const { refusal } = session.offers('m.py', { rule: 'strided-conv', range: finding?.range ?? { start: 0, end: 0 } }, context);
    expect(refusal).toBe('nn.Conv2d is called in /p/b.py, line 3, outside of the workspace: no fix is made there.');
  });
});
