import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodePng, Image } from 'image-js';
import { seededRandom } from './random';
import { classNames, drawShape, side } from './shapes';

/** Enough that the fifth which a recovery holds out tells a kept score from a lost one. */
const imagesPerClass = 40;

/** Another than those of training and test. */
const seed = 3;

/**
 * Draws the images that come with the sample, in a folder per class. The folders' names begin with the place of the class
 * among the network's outputs, since accuracy takes classes in the order of the names.
 */
export function writeImages(folder: string): void {
  const random = seededRandom(seed);
  for (let number = 1; number <= imagesPerClass; number++) {
    classNames.forEach((name, kind) => {
      const data = Uint8Array.from(drawShape(kind, random), (value) => Math.round(value * 255));
      const classFolder = path.join(folder, `${kind}-${name}`);
      mkdirSync(classFolder, { recursive: true });
      writeFileSync(path.join(classFolder, `${String(number).padStart(2, '0')}.png`), encodePng(new Image(side, side, { data })));
    });
  }
}
