import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isModelFile } from './model-file';
import type { ProjectConfigFiles } from './project-config-file';
import { sourceLanguage } from './source-file';

/** Folders that hold the work of others. */
const foreignFolders = new Set(['node_modules', '__pycache__', 'site-packages', 'venv', 'env']);

/**
 * Files to judge for the words of a command line: a folder stands for its model, or for all models and sources below it that
 * no `shiftlint.json` excludes. A file that is named is judged in any case.
 */
export async function lintTargets(words: readonly string[], configs: ProjectConfigFiles): Promise<readonly string[]> {
  const found: string[] = [];
  for (const word of words) {
    const entry = await stat(word).catch(() => undefined);
    if (entry?.isDirectory() !== true || (await isFile(path.join(word, 'model.json')))) found.push(word);
    else await collect(word, configs, found);
  }
  return found;
}

async function collect(folder: string, configs: ProjectConfigFiles, found: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && !foreignFolders.has(entry.name)) await collect(file, configs, found);
    } else if (await isWanted(file, entry.name)) {
      if (!(await configs.isExcluded(file))) found.push(file);
    }
  }
}

/** A TensorFlow.js model may have any name; a look into a JSON file tells. A `model.json` is judged in any case, to say what is wrong. */
async function isWanted(file: string, name: string): Promise<boolean> {
  if (name === 'model.json' || name.endsWith('.onnx') || sourceLanguage(name) !== undefined) return true;
  return name.endsWith('.json') && isModelFile(file);
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() === true;
}
