import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageFile } from '../../scripts/package/targets.mjs';
import { root } from './packages';

/** A repository that uses the hook of the documentation, of the package that was made, by pre-commit itself where it is installed. */
const home = mkdtempSync(path.join(tmpdir(), 'shiftlint-pre-commit-'));
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:npm_|GIT_)|^INIT_CWD$/i.test(name))),
  PRE_COMMIT_HOME: path.join(home, 'pre-commit'),
  npm_config_cache: path.join(home, 'cache'),
  npm_config_offline: 'true',
};

function run(...words: readonly string[]) {
  const [command = '', ...rest] = words;
  const { status, stdout, stderr } = spawnSync(command, rest, { cwd: path.join(home, 'project'), env: environment, encoding: 'utf8' });
  return { code: status, output: stdout + stderr };
}

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

describe.skipIf(spawnSync('pre-commit', ['--version']).status !== 0)('pre-commit', () => {
  it('lets a good file pass and refuses a bad one', { timeout: 120_000 }, () => {
    spawnSync('git', ['init', '--quiet', path.join(home, 'project')], { env: environment });
    const page = readFileSync(path.join(root, 'docs/pipelines/pre-commit.md'), 'utf8');
    const config = /```yaml file=\.pre-commit-config\.yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    expect(config).toContain(`'shiftlint@${version}'`);
    const write = (name: string, text: string): void => {
      writeFileSync(path.join(home, 'project', name), text);
      run('git', 'add', name);
    };
    write('.pre-commit-config.yaml', config.replace(`shiftlint@${version}`, packageFile('npm', version)));
    write('good.py', 'import torch.nn as nn\n\nconv = nn.Conv2d(3, 8, 3)\n');
    const good = run('pre-commit', 'run');
    expect(good.output).toMatch(/shiftlint\.+Passed/);
    expect(good.code).toBe(0);
    write('bad.py', 'import torch.nn as nn\n\npool = nn.MaxPool2d(2)\n');
    const bad = run('pre-commit', 'run');
    expect(bad.code).toBe(1);
    expect(bad.output).toContain('bad.py:3:8: warning: nn.MaxPool2d');
    expect(bad.output).not.toContain('good.py:');
  });
});
