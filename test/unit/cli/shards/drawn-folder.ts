import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tiny } from '../../../../bench/networks';
import { seededRandom } from '../../../../src/core/consistency/random';

const side = 16;
const headerLength = 54;

/** Subfolders, each of which is a class that the model knows. */
const classes = 5;

/** Draws images for a run whose subject is their number: noise of three colours, a bitmap each; every thousandth is empty. */
export function drawFolder(folder: string, count: number): void {
  for (let label = 0; label < classes; label++) mkdirSync(path.join(folder, `${label}`), { recursive: true });
  const bytes = Buffer.alloc(headerLength + 3 * side * side);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(headerLength, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(side, 18);
  bytes.writeInt32LE(side, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let index = 0; index < count; index++) {
    const random = seededRandom(index, 'image');
    for (let place = headerLength; place < bytes.length; place++) bytes[place] = Math.floor(256 * random());
    writeFileSync(path.join(folder, `${index % classes}`, `${index}.bmp`), index % 1000 === 7 ? '' : bytes);
  }
}

/** A classifier of such images. */
export function writeTinyModel(file: string): void {
  writeFileSync(file, tiny(side).bytes);
}
