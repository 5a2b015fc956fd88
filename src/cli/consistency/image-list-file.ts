import type { Readable } from 'node:stream';
import type { ImageSource } from '../../engine/host/image-lists/image-list';
import { openRegularFile } from '../../engine/input/regular-file';

/** A list of images by the name of its file, or `-` for standard input. */
export function listNamed(name: string): NonNullable<ImageSource['list']> {
  if (name === '-') return { name: 'Standard input', pieces: textOf(() => process.stdin) };
  return { name: `"${name}"`, pieces: textOf(async () => (await openRegularFile(name)).createReadStream()) };
}

async function* textOf(open: () => Promise<Readable> | Readable): AsyncGenerator<string> {
  for await (const piece of (await open()).setEncoding('utf8')) yield String(piece);
}
