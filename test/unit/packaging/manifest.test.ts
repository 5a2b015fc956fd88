import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { npmManifest } from '../../../scripts/package/npm.mjs';

const root = path.resolve(import.meta.dirname, '../../..');

interface Manifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly private: boolean;
  readonly icon: string;
  readonly categories: readonly string[];
  readonly keywords: string[];
  readonly extensionKind: readonly string[];
  readonly engines: { readonly node: string };
  readonly dependencies: Record<string, string>;
  readonly contributes: { readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope: string }>> } };
}
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;

it('the gallery gets a square icon of at least 128 pixels', () => {
  const icon = readFileSync(path.join(root, manifest.icon));
  expect(icon.subarray(1, 4).toString()).toBe('PNG');
  expect(icon.readUInt32BE(16)).toBe(icon.readUInt32BE(20));
  expect(icon.readUInt32BE(16)).toBeGreaterThanOrEqual(128);
});

it('the gallery takes thirty keywords at most, each once', () => {
  expect(manifest.keywords.length).toBeLessThanOrEqual(30);
  expect([...new Set(manifest.keywords)].sort()).toEqual(manifest.keywords);
});

it('the extension runs where the workspace is, and no workspace chooses which code it loads', () => {
  expect(manifest.extensionKind).toEqual(['workspace']);
  const places = Object.entries(manifest.contributes.configuration.properties).filter(([name]) => name.endsWith('Path'));
  expect(places.map(([, { scope }]) => scope)).toEqual(['machine', 'machine']);
});

it('npm gets a package that runs nothing as it is installed and needs nothing else', () => {
  const ours = npmManifest(manifest);
  expect(manifest.private).toBe(true);
  expect(ours).toMatchObject({ name: 'shiftlint', version: manifest.version, bin: { shiftlint: 'dist/cli.js' }, license: 'MIT' });
  expect(Object.keys(ours).filter((key) => /^(scripts|.*[dD]ependencies|private)$/.test(key))).toEqual(['peerDependencies']);
  expect(Object.keys(ours.peerDependencies)).toEqual(Object.keys(ours.peerDependenciesMeta));
});
