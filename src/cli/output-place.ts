import { realpath, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ModelPlace } from '../engine/output/model-copy';
import { requireWritable } from '../engine/output/write-target';
import { unwritable } from '../engine/output/write-failure';
import { UsageError, type OptionDeclaration, type ParsedWords } from './command';
import { isModelFile, type ModelFile } from './model-file';

/** Options that say where a model is written, and what may be replaced there. */
export const outputOptions: Readonly<Record<string, OptionDeclaration>> = {
  output: { type: 'string', short: 'o' },
  'in-place': { type: 'boolean' },
  force: { type: 'boolean' },
};

export const outputUsage = '-o OUT [--force] | --in-place';

/** What the user said about the place of a changed model. */
export interface WantedOutput {
  /** A file for ONNX, a folder for TensorFlow.js; undefined where the model itself is to be replaced. */
  readonly output: string | undefined;
  readonly isInPlace: boolean;
  readonly isForced: boolean;
}

/** @throws UsageError */
export function outputOf(parsed: ParsedWords): WantedOutput {
  const output = parsed.text('output');
  const isInPlace = parsed.flag('in-place');
  if (output === undefined && !isInPlace)
    throw new UsageError('Say where to write the fixed model: -o OUT, or --in-place to replace the model itself.');
  if (output === '') throw new UsageError('-o takes the name of a file or folder.');
  return { output, isInPlace, isForced: parsed.flag('force') };
}

/**
 * Where a changed copy of a model goes. What is not the very file that the user named is not replaced: the model itself only
 * `--in-place`, and a model in a folder that was named only by `--force`.
 *
 * @throws UsageError, ModelError `unwritable`
 */
export async function placeOf(model: ModelFile, { output, isInPlace, isForced }: WantedOutput): Promise<ModelPlace> {
  const confirm = (): void => {
    model.requireUnchanged();
  };
  const isFolder = model.text !== undefined;
  const file = output === undefined ? ownPath(model) : isFolder ? path.join(output, model.fileName) : output;
  if (isFolder && output !== undefined) await requireFolder(output);
  const isItself = await model.isSameFile(file);
  if (isItself !== isInPlace)
    throw new UsageError(isItself ? itself(file) : `--in-place replaces the model itself, and "${file}" is another file.`);
  if (!isItself && !isFolder) await requireNoWeights(model, file);
  if (!isItself && isFolder && output !== undefined) await requireNoOtherModel(output, model.fileName, isForced);
  await requireWritable(file);
  const isOwnFolder = (await realFolder(path.dirname(file))) === (await realFolder(model.folder));
  return { file, isOwnFolder, mayReplace: true, confirm };
}

/** The model's file as the user named it, or in the folder that they named. */
function ownPath({ source, fileName }: ModelFile): string {
  return path.basename(source.path) === fileName ? source.path : path.join(source.path, fileName);
}

function itself(file: string): string {
  return `"${file}" is the model itself: name another place, or replace it by --in-place.`;
}

async function requireFolder(output: string): Promise<void> {
  const entry = await stat(output).catch(() => undefined);
  if (entry !== undefined && !entry.isDirectory())
    throw unwritable(output, 'it is a file, and a TensorFlow.js model is written into a folder. Name a folder');
}

async function requireNoWeights({ folder, graph }: ModelFile, file: string): Promise<void> {
  const target = await stat(file).catch(() => undefined);
  if (target === undefined) return;
  for (const location of graph.weightFiles ?? []) {
    const weights = await stat(path.join(folder, location)).catch(() => undefined);
    if (weights?.ino === target.ino && weights.dev === target.dev)
      throw unwritable(file, 'the model keeps its weights in it. Name another file');
  }
}

async function requireNoOtherModel(folder: string, fileName: string, isForced: boolean): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  const file = path.join(folder, fileName);
  if (names.includes(fileName) && !(await isModelFile(file)))
    throw unwritable(file, 'there is a file of that name that is no model. Name another folder');
  if (isForced) return;
  for (const name of names) {
    if (name.endsWith('.json') && (await isModelFile(path.join(folder, name))))
      throw unwritable(folder, `it holds another model, "${name}". Name another folder, or write there by --force`);
  }
}

/** Where a folder really lies; one that does not exist yet lies nowhere. */
async function realFolder(folder: string): Promise<string | undefined> {
  return realpath(folder).catch(() => undefined);
}
