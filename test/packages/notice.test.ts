import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownTarget, stageFolder } from '../../scripts/package/targets.mjs';
import { root } from './packages';

/** What esbuild says that each bundle holds. */
const bundled = JSON.parse(readFileSync(path.join(root, 'out/package/bundled.json'), 'utf8')) as Readonly<
  Record<string, readonly string[]>
>;

const nameOf = (folder: string): string => {
  const { name, version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { name: string; version: string };
  return `${name} ${version}`;
};

/** Every file below a folder, from there. */
const below = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));

/** Packages whose WebAssembly, fonts and styles lie in dist/, found by their bytes rather than by our list of them. */
const carriers = ['@jsquash/webp', '@tensorflow/tfjs-backend-wasm', '@vscode/codicons', 'web-tree-sitter'].concat(
  ['python', 'javascript', 'typescript'].map((language) => `tree-sitter-${language}`),
);
const carried = new Map(
  carriers.flatMap((name) => {
    const folder = path.join(root, 'node_modules', name);
    const files = below(folder).filter((file) => /\.(wasm|ttf|css)$/.test(file) && !file.startsWith('node_modules/'));
    return files.map((file) => [readFileSync(path.join(folder, file)).toString('latin1'), folder] as const);
  }),
);

describe.each([...new Set([ownTarget(), 'universal', 'npm'])])('the NOTICE of %s', (target) => {
  const stage = stageFolder(target);
  const files = below(stage);
  const text = readFileSync(path.join(stage, 'NOTICE'), 'utf8');
  const sections = text.split(`\n${'#'.repeat(80)}\n`);

  /** The texts below a package's name. */
  const textsOf = (name: string): readonly string[] =>
    sections.filter((_, index) => index > 0 && sections[index - 1]!.split('\n').some((line) => line.startsWith(`${name} (`)));

  const named = (name: string): boolean => text.includes(`\n- ${name}: `) && textsOf(name).some((terms) => terms.trim().length > 100);

  it('names every package of its bundles, with a text', () => {
    const inBundles = files.flatMap((file) => bundled[file] ?? []).map(nameOf);
    expect(inBundles.length).toBeGreaterThan(20);
    expect(inBundles.filter((name) => !named(name))).toEqual([]);
  });

  it('names the runtime, with a text', () => {
    const runtime = ['onnxruntime-common', 'onnxruntime-node', 'onnxruntime-web'].map((name) =>
      path.join(stage, 'dist/node_modules', name),
    );
    const there = runtime.filter((folder) => existsSync(folder)).map(nameOf);
    expect(there).toHaveLength(2);
    expect(there.filter((name) => !named(name))).toEqual([]);
  });

  it('names where every binary file comes from, with a text', () => {
    const binary = files.filter((file) => /^dist\/(?!node_modules).*\.(wasm|ttf|css)$/.test(file));
    const unknown = binary.filter((file) => {
      const folder = carried.get(readFileSync(path.join(stage, file)).toString('latin1'));
      return folder === undefined || !named(nameOf(folder));
    });
    expect(binary.length).toBeGreaterThan(8);
    expect(unknown).toEqual([]);
  });

  it('does not name what is not there', () => {
    expect(named('esbuild 0.28.2')).toBe(false);
  });
});
