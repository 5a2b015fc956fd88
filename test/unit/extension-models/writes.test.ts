import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const room = 'src/extension/';

/** Calls that write, move or remove files, or have one written. */
const writes =
  /\b(?:writeAtomically|writeText|atomicWrite|writeUnlessThere|writeTemporary|npmInstall|temporaryFile|mkdir|rm|copyFile|writeFile|appendFile|unlink)\(|\b(?:createFile|renameFile|deleteFile)\(|\bfs\.(?:writeFile|copy|rename|delete|createDirectory)\(|'write-copy'|\.writeMaps\?\.\(/;

const files = readdirSync(room, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && writes.test(readFileSync(room + file, 'utf8')))
  .sort();

/** The files that SECURITY.md names as those that write. */
function namedFiles(): readonly string[] {
  const [, section = ''] = /^## What the editor writes, and when\n(.*?)^## /ms.exec(readFileSync('SECURITY.md', 'utf8')) ?? [];
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  const cells = rows.slice(2).map((row) => row.split(' | ')[1] ?? '');
  return [...new Set(cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, file]) => file ?? '')))].sort();
}

describe('the editor', () => {
  it('writes files only where SECURITY.md says when and why', () => {
    expect(files.length).toBeGreaterThan(10);
    expect(files).toEqual(namedFiles());
  });
});
