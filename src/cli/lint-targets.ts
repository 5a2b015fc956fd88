import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ModelError } from '../core/model-error';
import { unreadable } from '../engine/input/regular-file';
import { isModelFile } from './model-file';
import type { ProjectConfigFiles } from './project-config-file';
import { importsFramework } from '../code/imports';
import { environmentMarkers, installedFolders } from '../code/installed';
import { isNotebook } from '../code/notebooks/notebook';
import { sourceLanguage } from '../code/source-language';

/** Folders that hold what others have written, or nothing written. */
const skippedFolders: ReadonlySet<string> = new Set([...installedFolders, '__pycache__']);

/** Tells of a folder that it is a virtual environment. */
const markers: ReadonlySet<string> = new Set(environmentMarkers);

/** A file to judge, or a folder that could not be looked into. */
export interface LintTarget {
  readonly path: string;
  readonly error?: ModelError;
}

/**
 * Files to judge for the words of a command line: a folder stands for its model, or for all models and sources below it that
 * neither a `shiftlint.json` nor the defaults exclude; what is no regular file there is left alone. What is named is judged in any case.
 */
export async function lintTargets(words: readonly string[], configs: ProjectConfigFiles): Promise<readonly LintTarget[]> {
  const found: LintTarget[] = [];
  for (const word of words) {
    const entry = await stat(word).catch(() => undefined);
    if (entry?.isDirectory() !== true || (await isFile(path.join(word, 'model.json')))) found.push({ path: word });
    else await collect(word, word, configs, found);
  }
  return found;
}

async function collect(folder: string, named: string, configs: ProjectConfigFiles, found: LintTarget[]): Promise<void> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    if (folder !== named && entries.some(({ name }) => markers.has(name))) return;
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && !skippedFolders.has(entry.name)) await collect(file, named, configs, found);
      } else if (await isWanted(file, entry.name)) {
        if (!(await configs.isExcluded(file, named))) found.push({ path: file });
      }
    }
  } catch (error) {
    found.push({ path: folder, error: unreadable(folder, error) });
  }
}

/** A TensorFlow.js model may have any name; a look into a JSON file tells. A `model.json` is judged in any case, to say what is wrong. */
async function isWanted(file: string, name: string): Promise<boolean> {
  const isNamedSo = name === 'model.json' || name.endsWith('.onnx') || isNotebook(name) || sourceLanguage(name) !== undefined;
  if (!isNamedSo && !name.endsWith('.json')) return false;
  // A link that leads nowhere is told of when it is judged.
  const entry = await stat(file).catch(() => undefined);
  if (entry !== undefined && !entry.isFile()) return false;
  // Most YAML says nothing of models.
  if (sourceLanguage(name) === 'yaml') return importsFramework(await readFile(file, 'utf8').catch(() => ''), 'yaml');
  return isNamedSo || isModelFile(file);
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() === true;
}
