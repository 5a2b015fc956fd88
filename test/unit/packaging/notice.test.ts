import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { licenceOf } from '../../../scripts/package/licences.mjs';
import { notice } from '../../../scripts/package/notice.mjs';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An installed package with these files beside its package.json. */
function installed(name: string, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-notice-'));
  folders.push(folder);
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version: '1.2.3', license: 'MIT' }));
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
  return folder;
}

it.each(['LICENSE', 'license.md', 'LICENCE.txt', 'LICENSE-CODE', 'COPYING', 'NOTICE'])('the terms of a package stand in its %s', (file) => {
  expect(licenceOf(installed('some', { [file]: 'You may.\r\n' })).texts).toEqual([{ title: file, text: 'You may.' }]);
});

it('several files are several texts', () => {
  expect(licenceOf(installed('some', { LICENSE: 'Code.', 'LICENSE-CODE': 'More.' })).texts).toHaveLength(2);
});

it.each([{}, { LICENSE: ' \n' }, { 'README.md': 'MIT' }])('a package without a text is refused: %o', (files) => {
  expect(() => notice([installed('some', files)])).toThrow('some 1.2.3 has no licence text');
});

it('what binaries hold has its text too', () => {
  const [, ...held] = licenceOf(path.resolve(import.meta.dirname, '../../../node_modules/@tensorflow/tfjs-backend-wasm')).texts;
  expect(held.map(({ text }) => text).join()).toContain('XNNPACK');
});

it('a shared text stands once, below the names of all that share it', () => {
  const same = { LICENSE: 'You may.' };
  const text = notice([installed('b', same), installed('a', same), installed('c', { LICENSE: 'You may too.' })]);
  expect(text).toContain('- a 1.2.3: MIT\n- b 1.2.3: MIT\n- c 1.2.3: MIT\n');
  expect(text).toContain('a 1.2.3 (LICENSE)\nb 1.2.3 (LICENSE)\n');
  expect(text.match(/You may\./g)).toHaveLength(1);
});
