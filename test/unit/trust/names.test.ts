import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/registry';
import { lintGraph } from '../../../src/core/lint/linter';
import { visibleJson, visibleText } from '../../../src/core/report/visible-text';
import { Log } from '../../../src/extension/platform/log';
import { labelText, logText, markdownText, noticeText } from '../../../src/extension/platform/shown-text';
import { html, svg } from '../../../webview/app/templates';
import { memorySource } from '../onnx/models';

describe('text that is shown', () => {
  it.each([
    ['layer2.0.conv1', 'layer2.0.conv1'],
    ['Größe 3×3 🙂', 'Größe 3×3 🙂'],
    ['at::native::conv', 'at::native::conv'],
    ['\u001b[2Jgone', '\\x1b[2Jgone'],
    ['a\nb\r\tc', 'a\\x0ab\\x0d\\x09c'],
    ['\u202econv', '\\u202econv'],
    ['con\u200bv', 'con\\u200bv'],
    ['\u009b31m', '\\x9b31m'],
    ['a\u2028b', 'a\\u2028b'],
    ['\ud800', '\\ud800'],
    ['::error file=x::pwned', '\\x3a:error file=x::pwned'],
    ['x ::set-output name=a::b', 'x \\x3a:set-output name=a::b'],
    ['  ::any-token::', '  \\x3a:any-token::'],
    ['a ##vso[task.setvariable]b', 'a \\x23#vso[task.setvariable]b'],
    ['##[error]x', '\\x23#[error]x'],
  ])('%j is shown as %j', (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it('JSON keeps its value and holds nothing that a terminal acts on', () => {
    const value = { name: '\u001b[2J\u009b\u202e##vso[x]::error::\u2028\ud800', list: [1, '\n'] };
    const json = visibleJson(JSON.stringify(value, null, 2));
    expect(JSON.parse(json)).toEqual(value);
    expect(json).not.toMatch(/[\u0080-\u009f\u202e\u2028]|##vso|::error/);
  });

  it('the editor makes no picture, link or command of a name', () => {
    expect(labelText('$(trash) conv')).toBe('\\$(trash) conv');
    expect(noticeText('[click](command:x)')).toBe('[click] (command:x)');
    expect(markdownText('[a](command:b) <img> `c`')).toBe('\\[a\\](command:b) \\<img\\> \\`c\\`');
  });
});

const root = path.resolve(import.meta.dirname, '../../..');

/** What no medium may get: controls, marks of direction, separators, halves of surrogates. */
// eslint-disable-next-line no-control-regex -- they are what must be gone
const acted = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|##vso|::error/;

describe('the names of layer-name-escapes.onnx', async () => {
  const bytes = new Uint8Array(readFileSync(path.join(root, 'test/fixtures/trust/layer-name-escapes.onnx')));
  const findings = lintGraph(await openModel(memorySource(bytes)));
  const names = findings.flatMap(({ layer, message }) => [layer, message]);

  it('would do something where they are shown as they are', () => {
    expect(names.some((name) => acted.test(name))).toBe(true);
  });

  it.each([
    ['notifications', noticeText],
    ['choices and the status bar', labelText],
    ['hovers', markdownText],
    ['the output', logText],
    ['text of the page', (name: string) => String(html`<p>${name}</p>`.values[0])],
    ['attributes of the page', (name: string) => String(html`<p aria-label=${name}></p>`.values[0])],
    ['lists on the page', (name: string) => String(html`<p>${[name]}</p>`.values[0])],
    ['drawings on the page', (name: string) => String(svg`<text>${name}</text>`.values[0])],
  ])('do nothing in %s', (_, shown) => {
    for (const name of names) expect(shown(name)).not.toMatch(acted);
  });
});

describe('the media', () => {
  it('a property of an element of the page gets what it is given', () => {
    const name = 'a\nb\u202e';
    expect(html`<input .value=${name} @input=${name} />`.values).toEqual([name, name]);
    expect(html`<input .value="${name}" title=${name} />`.values).toEqual([name, 'a\\x0ab\\u202e']);
  });

  it('the output tells a failure with its stack, line by line', () => {
    const lines: string[] = [];
    const push = (line: string): void => void lines.push(line);
    const log = new Log({ debug: push, info: push, warn: push, error: push, show: () => undefined });
    log.info('one\ntwo\u001b[2J');
    log.error('It failed.', new Error('at \u202e', { cause: new TypeError('\u0007why') }));
    expect(lines[0]).toBe('one\ntwo\\x1b[2J');
    expect(lines[1]).toMatch(/^It failed\.\nError: at \\u202e\n {4}at [^]*\nTypeError: \\x07why\n {4}at /);
    expect(lines.join('\n').replaceAll('\n', '')).not.toMatch(acted);
  });

  /** Files below a folder that hold what only one of them may. */
  const holding = (folder: string, what: RegExp): readonly string[] =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => path.posix.join(folder, file.split(path.sep).join('/')))
      .filter((file) => file.endsWith('.ts') && what.test(readFileSync(path.join(root, file), 'utf8')));

  it.each([
    ['webview', /import \{[^}]*\b(?:html|svg)\b[^}]*\} from 'lit'/, ['webview/app/templates.ts']],
    ['src/extension', /\.show(?:Information|Warning|Error)Message\b/, ['src/extension/platform/notices.ts']],
    ['src/extension', /\.setStatusBarMessage\b/, ['src/extension/platform/notices.ts']],
    ['src/extension', /createOutputChannel/, ['src/extension/activate.ts']],
    ['src/extension', /LogOutputChannel/, ['src/extension/platform/log.ts']],
    ['src/extension', /\.asRelativePath\b/, ['src/extension/platform/display-path.ts']],
    // The overview of the commands is ours.
    ['src/cli', /process\.std(?:out|err)\.write/, ['src/cli/main.ts', 'src/cli/print.ts']],
  ])('of %s have one way each: %s', (folder, what, only) => {
    expect(holding(folder, what)).toEqual(only);
  });
});
