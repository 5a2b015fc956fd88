import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodePng, Image } from 'image-js';
import { drawShapes, side } from '../../samples/train/shapes';
import type { ImageFile } from '../../src/engine/protocol/classifying';

/** Writes so many drawings, as the sample models know them, into a folder. */
export function writeDrawnShapes(folder: string, count: number, seed: number): readonly ImageFile[] {
  mkdirSync(folder, { recursive: true });
  const { images } = drawShapes(count, seed);
  const length = 3 * side ** 2;
  return Array.from({ length: count }, (_, index) => {
    const data = Uint8Array.from(images.subarray(index * length, (index + 1) * length), (value) => Math.round(255 * value));
    const name = `${String(index).padStart(3, '0')}.png`;
    const file = path.join(folder, name);
    writeFileSync(file, encodePng(new Image(side, side, { data })));
    return { name, path: file, label: null };
  });
}
