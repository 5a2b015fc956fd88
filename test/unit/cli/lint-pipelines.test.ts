import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { filesBelow } from '../../../src/cli/code/files-below';
import { chosenSeverities } from '../../../src/cli/lint/rule-choice';
import { inTemporaryFolder, root, shiftlint, write } from './command-line';

const pool = 'import torch.nn as nn\npool = nn.MaxPool2d(2)\n';

describe('shiftlint lint in a pipeline', () => {
  it('accepts what a baseline has, fails for what is new, and drops what is gone', { timeout: 60_000 }, async () => {
    await inTemporaryFolder(async (folder) => {
      const [net, baseline] = [path.join(folder, 'net.py'), path.join(folder, 'accepted.json')];
      await writeFile(net, `${pool}other = nn.Conv2d(3, 8, 3, 2)\n`);
      expect(await shiftlint('lint', net, '--baseline', baseline)).toMatchObject({ code: 2, stdout: '' });
      const written = await shiftlint('lint', net, '--baseline', baseline, '--write-baseline');
      expect(written).toMatchObject({ code: 0, stdout: '0 findings in 1 file, 2 accepted by the baseline.\n' });
      // Moved, and one more.
      await writeFile(net, `# moved\n\n${pool}more = nn.MaxPool2d(3, 3)\n`);
      const compared = await shiftlint('lint', net, '--baseline', baseline, '--format', 'github');
      expect(compared.code).toBe(1);
      expect(compared.stdout).toMatch(/^::warning [^\n]*line=5,[^\n]*\n$/);
      const pruned = await shiftlint('lint', net, '--baseline', baseline, '--prune-baseline', '--exit-zero', '--statistics');
      expect(pruned.stdout).toMatch(/1 finding in 1 file, 1 accepted by the baseline\.\n1 {2}strided-max-pool\n$/);
      expect(pruned.stderr).toContain('1 accepted finding, 2 before.');
      expect(pruned.code).toBe(0);
      expect((JSON.parse(await readFile(baseline, 'utf8')) as { findings: unknown[] }).findings).toHaveLength(1);
    });
  });

  it('judges standard input as the source of a name', async () => {
    const child = spawn(process.execPath, [path.join(root, 'scripts/shiftlint.mjs'), 'lint', '-', '--stdin-filename', 'nets/a.py'], {
      cwd: root,
    });
    child.stdin.end(pool);
    const [said, code] = await Promise.all([text(child.stdout), new Promise((resolve) => child.on('close', resolve))]);
    expect(said).toMatch(/^nets[\\/]a\.py:2:8: warning: nn\.MaxPool2d/);
    expect(code).toBe(1);
  });

  it('takes patterns, and gives them the files that a folder gives', async () => {
    await inTemporaryFolder(async (folder) => {
      await write(folder, { 'a/net.py': pool, 'b/net.py': pool, 'b/test_net.py': pool, 'a/net.js': '' });
      const { stdout } = await shiftlint('lint', path.join(folder, '*/*.py'));
      expect([...stdout.matchAll(/(\w+\/\w+)\.py:/g)].map(([, name]) => name)).toEqual(['a/net', 'b/net']);
      expect(stdout).toContain('2 findings in 2 files.');
    });
  });

  it.each([
    [['--format', 'xml'], /--format takes text, json, sarif, github, gitlab, junit, not "xml"/],
    [['--format', 'sarif', '--statistics'], /--statistics/],
    [['--select', 'strided-conv,bad'], /none "bad"/],
    [['--write-baseline'], /--baseline FILE/],
    [['--stdin-filename', 'a.onnx'], /--stdin-filename/],
  ])('refuses %s', async (words, why) => {
    const { code, stderr } = await shiftlint('lint', ...(words[0] === '--stdin-filename' ? [] : ['x.py']), ...words);
    expect(code).toBe(2);
    expect(stderr).toMatch(why);
  });
});

describe('chosen rules', () => {
  it('are the selected ones alone, also one that is off by itself, but for the ignored', () => {
    const off = (severities: Readonly<Record<string, string>>): readonly string[] =>
      Object.keys(severities).filter((rule) => severities[rule] !== 'off');
    expect(chosenSeverities({}, { select: null, ignore: [] })).toEqual({});
    expect(off(chosenSeverities({}, { select: ['dynamic-stride', 'strided-conv'], ignore: ['strided-conv'] }))).toEqual(['dynamic-stride']);
    const ignoring = chosenSeverities({ 'strided-conv': 'error' }, { select: null, ignore: ['weak-blur'] });
    expect(ignoring).toMatchObject({ 'strided-conv': 'error', 'weak-blur': 'off', 'dynamic-stride': 'off', 'strided-max-pool': 'warning' });
  });
});

describe('what Git ignores', () => {
  it('is left out, by the nearest file that says something of it, from the root of the repository on', async () => {
    await inTemporaryFolder(async (folder) => {
      await write(folder, {
        '.gitignore': 'outside.py\n',
        'repo/.git/HEAD': '',
        'repo/.gitignore': 'build/\n*.gen.py\n/top.py\nruns/*\n!runs/kept.py\n',
        'repo/build/a.py': '',
        'repo/a.gen.py': '',
        'repo/top.py': '',
        'repo/outside.py': '',
        'repo/pkg/.gitignore': '!b.gen.py\nlocal.py\n',
        'repo/pkg/b.gen.py': '',
        'repo/pkg/local.py': '',
        'repo/pkg/top.py': '',
        'repo/pkg/deep/local.py': '',
        'repo/runs/kept.py': '',
        'repo/runs/left.py': '',
      });
      const below = async (place: string): Promise<readonly string[]> => {
        const found: string[] = [];
        for await (const file of filesBelow(path.join(folder, place), () => undefined))
          found.push(path.relative(folder, file).replaceAll('\\', '/'));
        return found.filter((file) => file.endsWith('.py'));
      };
      expect(await below('repo')).toEqual(['repo/outside.py', 'repo/pkg/b.gen.py', 'repo/pkg/top.py', 'repo/runs/kept.py']);
      expect(await below('repo/pkg')).toEqual(['repo/pkg/b.gen.py', 'repo/pkg/top.py']);
    });
  });
});
