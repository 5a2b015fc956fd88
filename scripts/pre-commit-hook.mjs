#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What pre-commit runs of a checkout of this repository: the npm package of the same version, on the files of a commit. */
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const words = ['--yes', `shiftlint@${version}`, 'lint', ...process.argv.slice(2)];
const { status, error } = spawnSync('npx', words, { stdio: 'inherit', shell: process.platform === 'win32' });
if (error !== undefined) console.error(`shiftlint: npx, which comes with Node.js, could not be run: ${error.message}.`);
process.exitCode = status ?? 2;
