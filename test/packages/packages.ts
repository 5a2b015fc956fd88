import { readFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { packageFile } from '../../scripts/package/targets.mjs';

/** The checkout. */
export const root = path.resolve(import.meta.dirname, '../..');

/** A file of the extension, from the folder that it is installed into. */
export interface PackedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What the extension for a target holds. */
export function filesOf(target: string): readonly PackedFile[] {
  const archive = unzipSync(readFileSync(packageFile(target)));
  return Object.entries(archive).map(([name, bytes]) => ({ name: name.replace(/^extension\//, ''), bytes }));
}

/** A text of a package. @throws where it has no such file */
export function textOf(files: readonly PackedFile[], name: string): string {
  const file = files.find((one) => one.name === name);
  if (file === undefined) throw new Error(`The package has no ${name}.`);
  return new TextDecoder().decode(file.bytes);
}
