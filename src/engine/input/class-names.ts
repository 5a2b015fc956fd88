import { basename } from 'node:path';
import { classNameFiles, classNamesInMetadata, parseClassNames, type ClassNames } from '../../core/consistency/class-names';
import { inMemory } from '../../core/formats/byte-source';
import type { ModelGraph } from '../../core/graph/model-graph';
import { limits } from '../../core/limits';
import { ModelError } from '../../core/model-error';
import type { ModelPlace } from '../protocol/payload';
import { placedSource } from './source';

/** The names of a model's `count` classes, from its metadata or from a file beside it; undefined where nothing names just as many. */
export async function classNames(
  { metadata }: Pick<ModelGraph, 'metadata'>,
  model: ModelPlace,
  count: number,
): Promise<ClassNames | undefined> {
  const stated = classNamesInMetadata(metadata ?? new Map(), count);
  if (stated !== undefined) return { names: stated, file: null };
  for (const file of classNameFiles(basename(model.file ?? model.path))) {
    const text = await smallText(model, file);
    const names = text === undefined ? undefined : parseClassNames(text, count);
    if (names !== undefined) return { names, file };
  }
  return undefined;
}

/** A text beside the model; undefined where it is absent or too long. What may not be read, a link out of the folder say, is absent too. */
async function smallText(model: ModelPlace, file: string): Promise<string | undefined> {
  const source = placedSource(model, inMemory(new Uint8Array()));
  try {
    const size = await source.siblingSize(file);
    if (size === undefined || size > limits.textBytes.most) return undefined;
    const bytes = await source.readSibling(file);
    return bytes && new TextDecoder().decode(bytes);
  } catch (error) {
    if (error instanceof ModelError) return undefined;
    throw error;
  }
}
