import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { LintError } from '../../core/report/lint-report';
import { unreadable } from '../../engine/input/regular-file';
import picomatch from 'picomatch';
import { withSlashes } from './disk-project';
import { filesBelow } from './files-below';
import { isSource } from './source-units';
import { isModelFile } from '../model-file';
import type { ProjectConfigFiles } from '../project-config-file';
import { importsFramework } from '../../code/imports';
import { sourceLanguage } from '../../code/source-language';

/** A file to judge, or a folder that could not be looked into. */
export interface LintTarget {
  readonly path: string;
  readonly error?: LintError;
  /** What the file holds, where that does not come from the disk. */
  readonly bytes?: Uint8Array;
}

/**
 * Files to judge for the words of a command line: a folder stands for its model, or for all models and sources below it that neither Git
 * ignores nor a `shiftlint.json` nor the defaults exclude, and a pattern for those that it matches; what is no regular file there is left
 * alone. What is named is judged in any case.
 */
export async function lintTargets(words: readonly string[], configs: ProjectConfigFiles): Promise<readonly LintTarget[]> {
  const found: LintTarget[] = [];
  for (const word of words) {
    const entry = await stat(word).catch(() => undefined);
    const { base, isGlob } = picomatch.scan(withSlashes(word));
    if (entry === undefined && isGlob)
      await collect(base === '' ? '.' : base, configs, found, picomatch(withSlashes(path.normalize(word))));
    else if (entry?.isDirectory() !== true || (await isFile(path.join(word, 'model.json')))) found.push({ path: word });
    else await collect(word, configs, found);
  }
  return found;
}

async function collect(
  folder: string,
  configs: ProjectConfigFiles,
  found: LintTarget[],
  matches: (file: string) => boolean = () => true,
): Promise<void> {
  const files = filesBelow(folder, (place, error) => {
    const { code, message } = unreadable(place, error);
    found.push({ path: place, error: { code, message } });
  });
  for await (const file of files) {
    const name = path.basename(file);
    if (isCandidate(name) && matches(withSlashes(file)) && !(await configs.isExcluded(file, folder)) && (await isWanted(file, name)))
      found.push({ path: file });
  }
}

/** True of a file whose name alone says that it is to be judged. */
function isNamedSo(name: string): boolean {
  return name === 'model.json' || name.endsWith('.onnx') || isSource(name);
}

function isCandidate(name: string): boolean {
  return isNamedSo(name) || name.endsWith('.json');
}

/** A TensorFlow.js model may have any name; a look into a JSON file tells. A `model.json` is judged in any case, to say what is wrong. */
async function isWanted(file: string, name: string): Promise<boolean> {
  // A link that leads nowhere is told of when it is judged.
  const entry = await stat(file).catch(() => undefined);
  if (entry !== undefined && !entry.isFile()) return false;
  // Most YAML says nothing of models.
  if (sourceLanguage(name) === 'yaml') return importsFramework(await readFile(file, 'utf8').catch(() => ''), 'yaml');
  return isNamedSo(name) || isModelFile(file);
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() === true;
}
