import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, shiftlint } from '../cli/command-line';

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  /** What stands behind the language: `test` where the tests run it, `file=NAME` where it is a file. */
  readonly mark: string;
  readonly text: string;
}

/** The fenced blocks of a page of `docs/pipelines`. */
export function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(path.join(root, 'docs/pipelines', `${page}.md`), 'utf8');
  return [...text.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(([, language = '', mark = '', content = '']) => ({
    language,
    mark,
    text: content,
  }));
}

/** The content of a file that a page shows. */
export function fileOf(page: string, name: string): string {
  const block = blocksOf(page).find(({ mark }) => mark === `file=${name}`);
  if (block === undefined) throw new Error(`${page}.md shows no file ${name}.`);
  return block.text;
}

/** Version of this checkout. */
export const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { readonly version: string };

/** What a project of the pages holds: a model, what it was retrained to, images, and code with a finding and without. */
export async function fillProject(folder: string): Promise<void> {
  // Builds the command line where its sources are newer.
  await shiftlint('--help');
  for (const model of ['model.onnx', 'retrained.onnx']) cpSync(path.join(root, 'samples/shapes.onnx'), path.join(folder, model));
  cpSync(path.join(root, 'test/fixtures/shapes'), path.join(folder, 'images'), { recursive: true });
  mkdirSync(path.join(folder, 'src'));
  writeFileSync(path.join(folder, 'src/bad.py'), 'import torch.nn as nn\n\npool = nn.MaxPool2d(2)\n');
  writeFileSync(path.join(folder, 'src/good.py'), 'import torch.nn as nn\n\nconv = nn.Conv2d(3, 8, 3)\n');
}

/** Runs a text in bash as a step of a pipeline does, with `npx shiftlint` and `shiftlint` being those of this checkout, built. */
export function runShell(folder: string, text: string, variables: Readonly<Record<string, string>> = {}) {
  const bin = path.join(folder, '.bin');
  mkdirSync(bin, { recursive: true });
  const command = `exec "${process.execPath}" "${path.join(root, 'dist/cli.js')}" "$@"\n`;
  const asNpx = `[ "$1" != --yes ] || shift\n[ "$1" = shiftlint ] || [ "$1" = "shiftlint@${version}" ] || exit 99\nshift\n${command}`;
  for (const [name, script] of [
    ['npx', asNpx],
    ['shiftlint', command],
  ] as const) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}`);
    chmodSync(path.join(bin, name), 0o755);
  }
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', text], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`, ...variables },
  });
  return { code: status, stdout, stderr };
}
