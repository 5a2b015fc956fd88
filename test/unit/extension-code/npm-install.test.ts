import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { npmInstall, type NpmOutcome } from '../../../src/extension/platform/npm-install';

let home: string;
let folder: string;
let output: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'shiftlint-'));
  folder = path.join(home, 'packages');
  output = '';
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Runs the installation with a stand-in for npm. */
function install(code: string, signal: AbortSignal = new AbortController().signal): Promise<NpmOutcome> {
  const npm = path.join(home, 'npm.cjs');
  writeFileSync(npm, `const fs = require('node:fs'); const words = process.argv.slice(2); ${code}`);
  return npmInstall({
    packages: ['thing@1.2.3'],
    folder,
    signal,
    onOutput: (text) => {
      output += text;
    },
    npm: [process.execPath, npm],
  });
}

describe('installing a package', () => {
  it('asks npm for the exact version in the folder and passes its output on', async () => {
    const outcome = await install("console.log(words.join(' ')); console.error('a warning'); fs.mkdirSync('node_modules');");
    expect(outcome).toEqual({ ok: true });
    expect(output).toContain(`install thing@1.2.3 --prefix ${folder}`);
    expect(output).toContain('a warning');
    expect(existsSync(path.join(folder, 'node_modules'))).toBe(true);
  });

  it('leaves nothing half-installed behind where npm fails', async () => {
    expect(await install("fs.mkdirSync('node_modules'); process.exit(7);")).toEqual({
      ok: false,
      cancelled: false,
      reason: 'npm ended with code 7',
    });
    expect(existsSync(folder)).toBe(false);
  });

  it('ends npm when it is cancelled', async () => {
    const abort = new AbortController();
    const pending = install("fs.mkdirSync('node_modules'); console.log('begun'); setInterval(() => undefined, 1000);", abort.signal);
    while (!output.includes('begun')) await new Promise((resolve) => setTimeout(resolve, 10));
    abort.abort();
    expect(await pending).toMatchObject({ ok: false, cancelled: true });
    expect(existsSync(folder)).toBe(false);
  });

  it('says that npm is missing', async () => {
    const outcome = await npmInstall({
      packages: ['thing@1.2.3'],
      folder,
      signal: new AbortController().signal,
      onOutput: () => undefined,
      npm: [path.join(home, 'no-npm')],
    });
    expect(outcome).toEqual({ ok: false, cancelled: false, reason: 'npm was not found; install Node.js first' });
  });
});
