import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownTarget, packageFile, stageFolder, targets } from '../../scripts/package/targets.mjs';
import { filesOf, root, textOf } from './packages';

const own = ownTarget();
const ours = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string; main: string; icon: string };

describe.each([...new Set([own, 'universal'])])('the extension for %s', (target) => {
  const files = filesOf(target);
  const names = files.map(({ name }) => name);
  const runtime = names.filter((name) => name.startsWith('dist/node_modules/'));

  it('has what its manifest names, and the licences', () => {
    expect(names).toEqual(expect.arrayContaining([path.posix.normalize(ours.main), ours.icon, 'LICENSE.txt', 'readme.md']));
    expect(textOf(files, 'NOTICE')).toBe(readFileSync(path.join(stageFolder(target), 'NOTICE'), 'utf8'));
  });

  it('says in its manifest which platform it is for', () => {
    const platform = /TargetPlatform="([^"]*)"/.exec(textOf(files, 'extension.vsixmanifest'))?.[1];
    expect(platform).toBe(target === 'universal' ? undefined : target);
  });

  it('has no source maps, sources, tests or declarations', () => {
    expect(names.filter((name) => /\.(map|tsbuildinfo)$|\.d\.ts$|^(src|test|scripts|node_modules)\//.test(name))).toEqual([]);
    for (const program of ['extension', 'engine', 'webview']) expect(textOf(files, `dist/${program}.js`)).not.toContain('sourceMappingURL');
  });

  it('has the runtime of its platform and of no other', () => {
    const native = runtime.filter((name) => name.includes('/bin/'));
    const wanted = (targets.get(target) ?? []).flatMap((part) => part.files.map((file) => `dist/node_modules/${part.name}/${file}`));
    expect(native).toEqual(wanted.filter((name) => name.includes('/bin/')));
    expect(runtime.filter((name) => !wanted.some((part) => name === part || name.startsWith(`${part}/`)))).toEqual([]);
    expect(names.filter((name) => /\.(node|dll|so|dylib)(\.\d+)*$/.test(name) && !native.includes(name))).toEqual([]);
  });
});

it('the one for every platform is small', () => {
  expect(statSync(packageFile('universal')).size).toBeLessThanOrEqual(25 * 1024 * 1024);
});
