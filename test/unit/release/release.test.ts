import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nextNotes } from '../../../scripts/release/changelog.mjs';
import { release } from '../../../scripts/release/release.mjs';
import { surfaceOf } from '../../../scripts/release/surface.mjs';
import { inTemporaryFolder, root, write } from '../cli/command-line';

const manifest = (version: string, settings: Readonly<Record<string, unknown>>, commands: readonly object[] = []): string =>
  `${JSON.stringify({ name: 'shiftlint', version, contributes: { commands, configuration: { properties: settings } } }, null, 2)}\n`;
const rules = (severity: string, ...more: readonly string[]): string =>
  [
    '| rule | flags | default |',
    '| --- | --- | --- |',
    ...['strided-conv', ...more].map((rule) => `| [${rule}](rules/${rule}.md) | It. | ${severity} |`),
  ].join('\n');

const first = {
  'package.json': manifest('0.2.0', { 'shiftlint.device': { default: 'auto' }, 'shiftlint.old': { default: 1 } }),
  'package-lock.json': JSON.stringify({
    name: 'shiftlint',
    version: '0.2.0',
    packages: { '': { version: '0.2.0' }, other: { version: '0.2.0' } },
  }),
  'package.nls.json': JSON.stringify({ 'command.fix': 'Fix All…' }),
  'README.md': '| `lint FILE [--json]` | judges | 0 |\n',
  'docs/README.md': rules('warning'),
  'docs/pipelines/a.md': 'npx shiftlint@0.2.0 and shiftlint/shiftlint@v0.2.0, image shiftlint:0.2.0, other@0.2.0\n    rev: v0.2.0\n',
  Dockerfile: 'ARG SHIFTLINT_VERSION=0.2.0\n',
  'CHANGELOG.md': '# Changelog\n\n## 0.2.0 (2026-01-01)\n\n- First.\n',
};

/** All that may change for a user. */
const second = {
  'package.json': manifest('0.2.0', { 'shiftlint.device': { default: 'cpu' }, 'shiftlint.threads': { default: 1 } }, [
    { command: 'shiftlint.fixAll', title: '%command.fix%' },
  ]),
  'README.md': '| `lint FILE [--json] [--jobs N]` | judges | 0 |\n| `merge FILE… [--json]` | joins | 0 |\n',
  'docs/README.md': rules('error', 'weak-blur'),
};
const notes = [
  '`shiftlint.device` is cpu by itself; `shiftlint.threads` is new and `shiftlint.old` is gone.',
  '*Fix All* in the palette.',
  '`lint --jobs` and `merge --json`.',
  '`strided-conv` is an error, and `weak-blur` is new.',
];

async function inRepository(
  changelog: string,
  test: (folder: string, git: (...words: string[]) => string) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const git = (...words: string[]): string => execFileSync('git', words, { cwd: folder, encoding: 'utf8' }).trim();
    const commit = async (files: Readonly<Record<string, string>>): Promise<void> => {
      await write(folder, files);
      git('add', '--all');
      git('commit', '--quiet', '--message', 'Work');
    };
    git('init', '--quiet');
    for (const [name, value] of [
      ['user.name', 'n'],
      ['user.email', 'n@example.com'],
      ['commit.gpgsign', 'false'],
      ['tag.gpgsign', 'false'],
      ['core.autocrlf', 'false'],
    ] as const)
      git('config', name, value);
    await commit(first);
    git('tag', 'v0.2.0');
    await commit({ ...second, 'CHANGELOG.md': changelog });
    await test(folder, git);
  });
}

const changelogOf = (lines: readonly string[]): string =>
  `# Changelog\n\n## 0.4.0 (unreleased)\n\n${lines.map((line) => `- ${line}\n`).join('')}\n## 0.2.0 (2026-01-01)\n\n- First.\n`;
const wanted = { version: '0.4.0', day: '2026-11-28', isPreRelease: false, isTrial: false, makePackages: (): void => undefined };

describe('a release', () => {
  it('writes the version everywhere, packages, commits and tags', async () => {
    await inRepository(changelogOf(notes), async (folder, git) => {
      let packagedAs = '';
      const makePackages = (): void => {
        packagedAs = (JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string }).version;
      };
      const done = release({ ...wanted, folder, makePackages });
      expect(done[0]).toBe('9 visible changes since v0.2.0, all named in the notes.');
      expect(packagedAs).toBe('0.4.0');
      expect(git('status', '--porcelain')).toBe('');
      expect(git('log', '-1', '--format=%s')).toBe('Release 0.4.0');
      expect(git('cat-file', '-t', 'v0.4.0')).toBe('tag');
      expect(git('rev-parse', 'v0.4.0^{commit}')).toBe(git('rev-parse', 'HEAD'));
      const text = (name: string) => readFile(path.join(folder, name), 'utf8');
      expect(await text('docs/pipelines/a.md')).toBe(
        'npx shiftlint@0.4.0 and shiftlint/shiftlint@v0.4.0, image shiftlint:0.4.0, other@0.2.0\n    rev: v0.4.0\n',
      );
      expect(await text('Dockerfile')).toBe('ARG SHIFTLINT_VERSION=0.4.0\n');
      expect(JSON.parse(await text('package-lock.json'))).toMatchObject({
        version: '0.4.0',
        packages: { '': { version: '0.4.0' }, other: { version: '0.2.0' } },
      });
      expect(await text('CHANGELOG.md')).toBe(changelogOf(notes).replace('(unreleased)', '(2026-11-28)'));
      expect(() => release({ ...wanted, folder })).toThrow('There is a tag v0.4.0 already.');
      expect(() => release({ ...wanted, folder, version: '0.6.0' })).toThrow('does not begin with notes that are unreleased');
    });
  });

  it('is refused for each visible change that the notes do not name, and for what it cannot be', async () => {
    await inRepository(changelogOf(notes), async (folder, git) => {
      const head = git('rev-parse', 'HEAD');
      const trial = release({ ...wanted, folder, isTrial: true, makePackages: () => expect.unreachable() });
      expect(trial.at(-1)).toContain('this was a trial');
      for (const [line, missing] of notes.map(
        (_, index) =>
          [
            index,
            ['new setting: shiftlint.threads', 'new command: Fix All', 'new option of lint: --jobs', 'new rule: weak-blur'][index] ?? '',
          ] as const,
      )) {
        await write(folder, { 'CHANGELOG.md': changelogOf(notes.filter((_, index) => index !== line)) });
        git('commit', '--quiet', '--all', '--amend', '--no-edit');
        expect(() => release({ ...wanted, folder })).toThrow(`  ${missing}`);
      }
      expect(() => release({ ...wanted, folder, version: '0.1.0', isPreRelease: true })).toThrow('0.1.0 is not later than v0.2.0.');
      expect(() => release({ ...wanted, folder, version: '0.3.0' })).toThrow('pre-releases an odd one');
      expect(() => release({ ...wanted, folder, version: '1.0' })).toThrow('MAJOR.MINOR.PATCH');
      await write(folder, { 'new.txt': '' });
      expect(() => release({ ...wanted, folder })).toThrow('not committed');
      expect(git('tag', '--list')).toBe('v0.2.0');
      expect(head).not.toBe('');
    });
  });

  it('leaves everything as it was where the packages cannot be made', async () => {
    await inRepository(changelogOf(notes), async (folder, git) => {
      const head = git('rev-parse', 'HEAD');
      const makePackages = (): void => {
        throw new Error('no licence');
      };
      expect(() => release({ ...wanted, folder, makePackages })).toThrow('no licence');
      expect([git('status', '--porcelain'), git('rev-parse', 'HEAD'), git('tag', '--list')]).toEqual(['', head, 'v0.2.0']);
      await Promise.resolve();
    });
  });
});

it('the tables that are compared hold what this checkout has', () => {
  const surface = [...surfaceOf((file) => readFileSync(path.join(root, file), 'utf8')).values()];
  const count = (kind: string): number => surface.filter((entry) => entry.kind === kind).length;
  const { contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    contributes: { commands: unknown[]; configuration: { properties: object } };
  };
  expect(count('command')).toBe(contributes.commands.length);
  expect(count('setting')).toBe(Object.keys(contributes.configuration.properties).length);
  expect(count('command of the command line')).toBe(9);
  expect(count('option of consistency')).toBeGreaterThan(9);
  expect(count('rule')).toBe(10);
  expect(surface.filter(({ names }) => names.some((name) => name === '' || name.includes('%')))).toEqual([]);
  expect(nextNotes(readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8'))).toContain('`');
});
