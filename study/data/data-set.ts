import type { AxisPair } from '../../src/core/graph/model-graph';

/** Side of an image in pixels, as CIFAR-10 has it. */
export const side = 32;

/** Numbers in one image. */
export const imageLength = side * side * 3;

/** Classes of either set. */
export const classCount = 10;

/** Images and what they show. */
export interface LabelledImages {
  readonly count: number;
  /** `[count, side, side, 3]`, 0 to 255. */
  readonly pixels: Uint8Array;
  /** Class of each image, 0 to 9. */
  readonly labels: Uint8Array;
}

/** What networks are trained and tested on. */
export interface DataSet {
  readonly training: LabelledImages;
  readonly test: LabelledImages;
}

/** An image of a set, and the shift that it is shown at. */
export interface Shown {
  readonly image: number;
  /** Pixels down and right, in either direction; what leaves at one side enters at the other. */
  readonly shift: AxisPair;
}

/** Images as a network takes them: `[shown.length, side, side, 3]`, values -1 to 1. */
export function inputBatch({ pixels }: LabelledImages, shown: readonly Shown[]): Float32Array {
  const batch = new Float32Array(shown.length * imageLength);
  for (const [place, { image, shift }] of shown.entries()) {
    const [down, right] = [wrapped(shift[0]), wrapped(shift[1])];
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const from = image * imageLength + (y * side + x) * 3;
        const to = place * imageLength + (((y + down) % side) * side + ((x + right) % side)) * 3;
        for (let channel = 0; channel < 3; channel++) batch[to + channel] = (pixels[from + channel] ?? 0) / 127.5 - 1;
      }
    }
  }
  return batch;
}

function wrapped(shift: number): number {
  return ((shift % side) + side) % side;
}
