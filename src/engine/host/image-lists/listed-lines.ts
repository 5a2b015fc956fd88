import path from 'node:path';
import { t } from '@vscode/l10n';
import { parseLabelLine } from '../../../core/consistency/labels';
import { ModelError } from '../../../core/model-error';
import type { ListedImage } from './sorted-images';

/** Longer lines name no file. */
const longestLine = 1 << 16;

/**
 * Reads a list of images: a line each, its path, then where its true class is known a comma, tab or space and the index of the class.
 * Empty lines and lines that start with `#` are passed over.
 *
 * @param name what messages call the list @throws ModelError `malformed`
 */
export async function* listedLines(pieces: AsyncIterable<string>, name: string): AsyncGenerator<ListedImage> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new ModelError('malformed', t`${name} has a line that is too long to be the path of an image.`);
    for (const line of lines) yield* listedImage(line);
  }
  yield* listedImage(rest);
}

function* listedImage(text: string): Generator<ListedImage> {
  const line = text.replace(/\r$/, '');
  if (line.trim() === '' || line.startsWith('#')) return;
  yield parseLabelLine(line) ?? { image: line.split(path.sep).join('/').replace(/^\.\//, ''), label: null };
}
