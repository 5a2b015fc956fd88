import { stat } from 'node:fs/promises';
import { readRegularFile } from '../../engine/input/regular-file';
import { unwritable } from '../../engine/output/write-failure';
import { writeFiles, type NewContent } from '../../engine/output/write-files';
import type { FixedFile } from './fixed-file';

/** The mark that some editors put in front of UTF-8. */
const mark = '\uFEFF';

/** The file's text with the mark of its encoding, before and after. */
export function textsOf({ source, text }: FixedFile): { readonly before: string; readonly after: string } {
  if (source === null) return { before: '', after: '' };
  const head = source.bytes[0] === 0xef && source.bytes[1] === 0xbb && source.bytes[2] === 0xbf ? mark : '';
  return { before: head + source.text, after: head + text };
}

/** True where a file's text, written again, is the file: one in another encoding than UTF-8 would not be. */
export function isRewritable(file: FixedFile): boolean {
  const { source } = file;
  return source !== null && sameBytes(encoded(textsOf(file).before), source.bytes);
}

/**
 * Writes a changed file as a whole or not at all, together with the modules that are not there yet.
 *
 * @returns the files written @throws ModelError `unwritable`, also where the file is not what was read
 */
export async function writeFixed(file: FixedFile, modules: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const { path, source, imports } = file;
  const beside: NewContent[] = [];
  for (const place of imports) {
    if ((await stat(place).catch(() => undefined)) === undefined) beside.push({ file: place, bytes: modules.get(place) ?? '' });
  }
  return writeFiles({
    beside,
    main: { file: path, bytes: textsOf(file).after },
    mayReplace: true,
    confirm: async () => {
      if (source === null || !sameBytes(await readRegularFile(path), source.bytes))
        throw unwritable(path, 'it changed while it was fixed, so it stays as it is. Try again');
    },
  });
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
