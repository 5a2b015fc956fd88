import { t } from '@vscode/l10n';

import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';

/** What to install where, and who hears of it. */
export interface NpmInstall {
  /** Packages with their exact versions: `@tensorflow/tfjs-node@4.22.0`. */
  readonly packages: readonly string[];
  /** Gets a `node_modules`; must belong to us alone, since a failure deletes it. */
  readonly folder: string;
  readonly onOutput: (text: string) => void;
  readonly signal: AbortSignal;
  /** The npm to run; the one on the path by default. */
  readonly npm?: readonly [string, ...string[]];
}

/** How an installation ended. */
export type NpmOutcome = { readonly ok: true } | { readonly ok: false; readonly cancelled: boolean; readonly reason: string };

/** Installs packages together. Whatever goes wrong, nothing half-installed stays behind. */
export async function npmInstall({
  packages,
  folder,
  onOutput,
  signal,
  npm: [command, ...words] = defaultNpm(),
}: NpmInstall): Promise<NpmOutcome> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const outcome = await run(
    command,
    [...words, 'install', ...packages, '--prefix', folder, '--no-audit', '--no-fund', '--no-package-lock'],
    folder,
    onOutput,
    signal,
  );
  if (!outcome.ok) await rm(folder, { recursive: true, force: true });
  return outcome;
}

function run(
  command: string,
  words: readonly string[],
  folder: string,
  onOutput: (text: string) => void,
  signal: AbortSignal,
): Promise<NpmOutcome> {
  return new Promise((resolve) => {
    // On Windows npm is a script, which only a shell starts.
    const child = spawn(command, words, {
      cwd: folder,
      signal,
      shell: path.extname(command) === '.cmd',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', onOutput);
    child.on('error', (error) => {
      resolve({
        ok: false,
        cancelled: signal.aborted,
        reason: 'code' in error && error.code === 'ENOENT' ? t`npm was not found; install Node.js first` : error.message,
      });
    });
    child.on('close', (code) => {
      resolve(code === 0 ? { ok: true } : { ok: false, cancelled: signal.aborted, reason: t`npm ended with code ${code ?? 'none'}` });
    });
  });
}

function defaultNpm(): readonly [string] {
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}
