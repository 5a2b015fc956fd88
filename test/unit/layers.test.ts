import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ESLint, Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { commentWidth } from '../../scripts/lint/comment-width.mjs';
import { translatedCalls } from '../../scripts/lint/translated-calls.mjs';
import { translated } from '../../scripts/lint/translated.mjs';
import { within, zoneRule } from '../../scripts/lint/zone-rule.mjs';
import { packages, rooms } from '../../scripts/lint/zones.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const linter = new Linter({ cwd: root });
const config: Linter.Config[] = [
  {
    files: ['**/*.ts'],
    plugins: { shiftlint: { rules: { zones: zoneRule, 'comment-width': commentWidth, translated, 'translated-calls': translatedCalls } } },
    rules: { 'shiftlint/zones': 'error', 'shiftlint/comment-width': 'error', 'shiftlint/translated': 'error' },
    languageOptions: { parser: tseslint.parser },
  },
  { files: ['src/extension/**/*.ts'], rules: { 'shiftlint/translated-calls': 'error' } },
];

/** What the linter says of a text in a file. */
const messagesOf = (file: string, text: string): readonly string[] =>
  linter.verify(text, config, { filename: path.join(root, file) }).map(({ message }) => message);

/** What it says of one import; undefined where the import is fine. */
const check = (file: string, module: string): string | undefined => messagesOf(file, `import '${module}';`)[0];

/** All files below a folder. */
const filesIn = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
    path.posix.join(folder, file.split(path.sep).join('/')),
  );

const eslint = new ESLint({ cwd: root });
const sources = ['src', 'webview', 'templates'].flatMap(filesIn);

/** For every room a file in it, imports that it must not have, and one that it may. */
const proofs: readonly (readonly [room: string, file: string, forbidden: readonly string[], fine: string])[] = [
  ['src/core', 'src/core/image.ts', ['../engine/protocol', '../code/session', '../cli/main', '../../webview/main'], './graph/window'],
  ['src/core/graph', 'src/core/graph/window.ts', ['../formats/format', '../model-error', '../rewrite/plan'], './sampling'],
  ['src/core/rewrite', 'src/core/rewrite/plan.ts', ['../formats/format', '../rules/rule', '../lint/linter'], '../graph/window'],
  [
    'src/core/rules',
    'src/core/rules/weak-blur.ts',
    ['../lint/linter', '../formats/format', '../equivariance/plan/plan'],
    '../graph/window',
  ],
  ['src/core/lint', 'src/core/lint/linter.ts', ['../formats/onnx/format', '../equivariance/plan/plan'], '../rules/rule'],
  ['src/core/formats', 'src/core/formats/registry.ts', ['../rules/rule', '../lint/linter', '../equivariance/plan/plan'], '../graph/window'],
  ['src/core/formats/onnx', 'src/core/formats/onnx/read/read.ts', ['../../tfjs/keys', '../../tfjs-graph/format'], '../../format'],
  ['src/core/formats/tfjs', 'src/core/formats/tfjs/keys.ts', ['../onnx/format', '../tfjs-graph/format'], '../format'],
  ['src/core/formats/tfjs-graph', 'src/core/formats/tfjs-graph/format.ts', ['../onnx/format', '../tfjs-layers/format'], '../tfjs/keys'],
  ['src/core/formats/tfjs-layers', 'src/core/formats/tfjs-layers/format.ts', ['../onnx/format', '../tfjs-graph/format'], '../tfjs/keys'],
  ['src/core/equivariance', 'src/core/equivariance/walk/walk.ts', ['../../formats/format', '../../rules/rule'], '../plan/plan'],
  ['src/core/recover', 'src/core/recover/stages.ts', ['../formats/format', '../report/json'], '../graph/window'],
  ['src/core/input', 'src/core/input/preprocessing.ts', ['../equivariance/plan/plan', '../formats/format'], '../graph/window'],
  ['src/core/consistency', 'src/core/consistency/pairs.ts', ['../formats/format', '../report/json'], '../equivariance/contracts'],
  ['src/core/compare', 'src/core/compare/advice.ts', ['../formats/format', '../report/json'], '../equivariance/contracts'],
  ['src/core/config', 'src/core/config/project-config.ts', ['../formats/format', '../report/json'], '../rules/rule'],
  ['src/core/explain', 'src/core/explain/agreement.ts', ['../equivariance/plan/plan', '../formats/format'], '../rewrite/filters'],
  ['src/code', 'src/code/session.ts', ['../engine/protocol', '../extension/activate', '../cli/main'], '../core/rules/rule'],
  ['src/code/program', 'src/code/program/program.ts', ['../evaluate/run', '../languages/registry'], './expression'],
  ['src/code/languages/*', 'src/code/languages/python/lower.ts', ['../javascript/lower', '../../evaluate/run'], '../syntax'],
  ['src/code/frameworks/*', 'src/code/frameworks/torch/table.ts', ['../keras/table', '../../evaluate/run'], '../framework'],
  ['src/engine', 'src/engine/clock.ts', ['../extension/panel/panel', '../code/session', '../cli/main'], '../core/graph/window'],
  [
    'src/engine/protocol',
    'src/engine/protocol/calls.ts',
    ['../host/client', '../process/main', '../runtimes/engine'],
    '../../core/graph/window',
  ],
  ['src/engine/host', 'src/engine/host/client.ts', ['../process/main', '../runtimes/engine'], '../protocol/protocol'],
  ['src/engine/process', 'src/engine/process/main.ts', ['../host/client'], '../runtimes/engine'],
  ['src/engine/input', 'src/engine/input/source.ts', ['../process/main', '../host/client', '../runtimes/engine'], '../protocol/protocol'],
  ['src/engine/output', 'src/engine/output/maps.ts', ['../process/main', '../host/client', '../runtimes/engine'], '../protocol/protocol'],
  ['src/engine/runtimes', 'src/engine/runtimes/engine.ts', ['../process/main', '../host/client'], '../protocol/protocol'],
  ['src/engine/runtimes/*', 'src/engine/runtimes/onnx/index.ts', ['../tfjs/index'], '../engine'],
  ['src/cli', 'src/cli/main.ts', ['../extension/activate', '../engine/process/main', '../code/evaluate/run'], '../engine/host/client'],
  [
    'src/panel-protocol',
    'src/panel-protocol/messages.ts',
    ['../extension/activate', '../engine/protocol', '../../webview/main'],
    '../core/rules/rule',
  ],
  [
    'src/extension',
    'src/extension/activate.ts',
    [
      '../cli/main',
      '../../webview/main',
      '../engine/process/main',
      '../core/formats/registry',
      '../core/formats/onnx/open',
      '../core/lint/linter',
      '../engine/input/read-model',
      '../engine/output/recovered-change',
    ],
    '../engine/host/client',
  ],
  ['src/extension/platform', 'src/extension/platform/dialogs.ts', ['../models/source', '../settings/settings'], '../../core/rules/rule'],
  ['src/extension/settings', 'src/extension/settings/settings.ts', ['../models/source', '../panel/panel'], '../platform/dialogs'],
  [
    'webview',
    'webview/main.ts',
    ['../src/core/report/json', '../src/engine/protocol', '../src/extension/activate'],
    '../src/panel-protocol/messages',
  ],
  ['webview/styles', 'webview/styles/tables.ts', ['../app/app', '../../src/panel-protocol/messages'], './colours'],
  ['webview/tabs/*', 'webview/tabs/compare/view.ts', ['../consistency/view', '../../main'], '../../fields/fields'],
  ['templates', 'templates/blurpool.ts', ['../src/core/rewrite/filters'], './part'],
];

const packageProofs: readonly (readonly [remedy: RegExp, file: string, name: string, home: string])[] = [
  [/Only src\/extension talks to the editor/, 'src/core/graph/window.ts', 'vscode', 'src/extension/activate.ts'],
  [/Only src\/extension talks to the editor/, 'src/engine/process/main.ts', 'vscode', 'src/extension/activate.ts'],
  [/Only src\/extension talks to the editor/, 'webview/main.ts', 'vscode', 'src/extension/activate.ts'],
  [/receive bytes through ModelSource/, 'src/core/graph/window.ts', 'node:fs', 'src/cli/main.ts'],
  [/receive bytes through ModelSource/, 'src/code/session.ts', 'path', 'src/code/worker.ts'],
  [/receive bytes through ModelSource/, 'src/panel-protocol/messages.ts', 'node:path', 'src/extension/activate.ts'],
  [/Only src\/engine runs models/, 'src/core/graph/window.ts', 'onnxruntime-node', 'src/engine/process/main.ts'],
  [/Only src\/engine runs models/, 'src/cli/main.ts', '@tensorflow/tfjs', 'src/engine/process/main.ts'],
  [/Only src\/engine runs models/, 'src/extension/activate.ts', 'onnxruntime-node', 'src/engine/process/main.ts'],
];

describe('zones', () => {
  it('hold every source file', () => {
    const files = sources.filter((file) => /\.[cm]?[jt]sx?$/.test(file));
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => !rooms.some(({ room }) => within(room, file)))).toEqual([]);
  });

  it('are rooms that exist, and lead to what exists', () => {
    const named = rooms.flatMap(({ room, mayImport }) => [room, ...mayImport]);
    expect(named.filter((pattern) => !sources.some((file) => within(pattern, file)))).toEqual([]);
  });

  it('are proven, every one of them', () => {
    expect(proofs.map(([room]) => room)).toEqual(rooms.map(({ room }) => room));
    expect(packages.filter(({ remedy }) => !packageProofs.some(([expected]) => expected.test(remedy)))).toEqual([]);
  });

  it.each(proofs)('%s', (room, file, forbidden, fine) => {
    const remedies = rooms.filter((candidate) => within(candidate.room, file) !== undefined).map(({ remedy }) => remedy);
    for (const module of forbidden) expect(remedies, module).toContain(check(file, module));
    expect(forbidden.map((module) => check(file, module))).toContain(rooms.find((candidate) => candidate.room === room)?.remedy);
    expect(check(file, fine)).toBeUndefined();
  });

  it.each(packageProofs)('%s in %s for %s', (remedy, file, name, home) => {
    expect(check(file, name)).toMatch(remedy);
    expect(check(home, name)).toBeUndefined();
  });

  it.each([
    "import { client } from '../../engine/host/client';",
    "import type { Client } from '../../engine/host/client';",
    "export { client } from '../../engine/host/client';",
    "export * from '../../engine/host/client';",
    "export const client = () => import('../../engine/host/client');",
    "export type Client = import('../../engine/host/client').Client;",
  ])('see %s', (text) => {
    expect(messagesOf('src/core/graph/window.ts', text)).toEqual([expect.stringContaining('move the shared type into src/core')]);
  });

  it.each(proofs.map(([, file]) => file))('are checked by npm run lint in %s', async (file) => {
    const { rules } = (await eslint.calculateConfigForFile(path.join(root, file))) as { rules: Record<string, readonly unknown[]> };
    expect(rules['shiftlint/zones']?.[0]).toBe(2);
    expect(rules['shiftlint/comment-width']?.[0]).toBe(2);
  });
});

describe('comments', () => {
  it('stay within the width of the formatter', () => {
    expect(messagesOf('src/core/image.ts', `/** ${'x'.repeat(133)} */`)).toEqual([]);
    expect(messagesOf('src/core/image.ts', `/** ${'x'.repeat(134)} */`)).toEqual([expect.stringContaining('break the line')]);
  });
});

describe('words that the page shows', () => {
  it.each([
    ['html`<p class="muted" @click=${go}>Two words</p>`', 'Two words'],
    ['html`<p title=${t`Fine`} aria-label="Said ${count}">${count}</p>`', 'Said'],
    ["html`<p .label=${isOpen ? 'Close' : t`Open`}></p>`", 'Close'],
    ["html`<p title='${name} findings'></p>`", 'findings'],
    ["html`<p>${name ?? 'nobody'}</p>`", 'nobody'],
    ['html`<p>${`${count} layers`}</p>`', 'layers'],
    ['html`<a-chart .xTitle=${"depth"} title=${name}></a-chart>`', 'depth'],
    ['html`<p ?hidden=${isOff} placeholder=Search>${t`Fine`}</p>`', 'Search'],
    ['svg`<text x="1">value</text>`', 'value'],
  ])('are found in %s', (text, words) => {
    expect(messagesOf('webview/main.ts', text)).toEqual([expect.stringContaining(`"${words}" is shown to the user`)]);
  });

  it.each([
    'html`<p class="muted two" id="one" @click=${go} icon=${isOpen ? "arrow-up" : "arrow-down"}>${t`Two words`}</p>`',
    'html`<p title=${t`Two words`} aria-label="${t`One`}: ${name}">${name} × 3 px &nbsp;· ${t("Most is lost at {0}.")}</p>`',
    'html`<!-- two words --><br /><input type="radio" name="direction" .checked=${kind === "row"} />`',
    'svg`<g transform="translate(1 2)"><text text-anchor="middle">${value} M ${"→"}</text></g>`',
    'css`p { color: red; }`',
  ])('are not taken for what %s has', (text) => {
    expect(messagesOf('webview/main.ts', text)).toEqual([]);
  });

  it('are checked by npm run lint', async () => {
    const { rules } = (await eslint.calculateConfigForFile(path.join(root, 'webview/main.ts'))) as {
      rules: Record<string, readonly unknown[]>;
    };
    expect(rules['shiftlint/translated']?.[0]).toBe(2);
  });
});

describe('words that the editor is given to show', () => {
  it.each([
    ["void showWarning('Two words.');", 'Two words.'],
    ['showError(`${name} is gone`, t`Retry`);', 'is gone'],
    ["throw new ModelError('unreadable', isOpen ? t`Fine` : 'Not read');", 'Not read'],
    ["window.showQuickPick(items, { title: 'Choose' });", 'Choose'],
    ["item.tooltip = 'Two words';", 'Two words'],
  ])('are found in %s', (text, words) => {
    expect(messagesOf('src/extension/commands.ts', text)).toEqual([expect.stringContaining(`"${words}" is shown to the user`)]);
  });

  it.each([
    "showError(t`Two words`, t`Retry`); item.name = 'Shiftlint'; item.text = `$(warning) ${summary}`;",
    "log.error('Two words', error); const form = { label: 'JSON', detail: t`Two words`, command: 'shiftlint.fix' };",
  ])('are not taken for what %s has', (text) => {
    expect(messagesOf('src/extension/commands.ts', text)).toEqual([]);
  });

  it('are checked by npm run lint', async () => {
    const { rules } = (await eslint.calculateConfigForFile(path.join(root, 'src/extension/commands.ts'))) as {
      rules: Record<string, readonly unknown[]>;
    };
    expect(rules['shiftlint/translated-calls']?.[0]).toBe(2);
  });
});
