import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Corpus } from './surfaces/surface';

/** Larger files spend the time on weights. */
const largest = 32 * 1024;

/** Files to begin with: what the tests and samples hold, and a folder of the caller's. */
export function readCorpus(root: string, more: readonly string[]): Corpus {
  const files = ['test/fixtures', 'samples']
    .map((folder) => path.join(root, folder))
    .concat(more)
    .flatMap(filesBelow);
  const named = (pattern: RegExp): string[] => files.filter((file) => pattern.test(file));
  const texts = (pattern: RegExp): string[] => named(pattern).map((file) => readFileSync(file, 'utf8'));
  return {
    onnx: named(/\.onnx$/).map((file) => new Uint8Array(readFileSync(file))),
    tfjs: named(/\.json$/).flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      if (!text.includes('"modelTopology"') || text.charCodeAt(0) === 0xfeff) return [];
      return [{ text, root: JSON.parse(text) as unknown, files: siblings(file) }];
    }),
    python: texts(/\.py$/),
    javascript: texts(/\.(?:js|ts|tsx|mjs)$/),
  };
}

function siblings(file: string): ReadonlyMap<string, Uint8Array> {
  const folder = path.dirname(file);
  const names = readdirSync(folder).filter((name) => !name.endsWith('.json') && statSync(path.join(folder, name)).isFile());
  return new Map(names.map((name) => [name, new Uint8Array(readFileSync(path.join(folder, name)))]));
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => statSync(file).size <= largest)
    .sort();
}
