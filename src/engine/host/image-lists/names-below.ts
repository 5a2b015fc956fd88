import { opendir } from 'node:fs/promises';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { ModelError } from '../../../core/model-error';

const imageName = /\.(?:jpe?g|png|bmp|tiff?|webp)$/i;

/** Entries that the system is asked for at a time. */
const entriesAtOnce = 1024;

/**
 * The images of a folder and its subfolders as the system lists them, relative to the folder, with slashes; never held.
 * @throws ModelError `unreadable`
 */
export async function* namesBelow(folder: string, inside = ''): AsyncGenerator<string> {
  for await (const entry of entriesOf(path.join(folder, inside))) {
    const name = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) yield* namesBelow(folder, name);
    else if (imageName.test(entry.name)) yield name;
  }
}

async function* entriesOf(folder: string) {
  try {
    yield* await opendir(folder, { bufferSize: entriesAtOnce });
  } catch {
    throw new ModelError('unreadable', t`"${folder}" is not a folder that can be read.`);
  }
}
