import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodePng, Image } from 'image-js';
import type { BlurSpecification } from '../../../src/core/rewrite/plan';
import type { LinearWeights } from '../../../src/core/recover/linear-layer';
import { calibrationSamples } from '../../../src/engine/process/recover/calibration';
import type { ImageFile } from '../../../src/engine/protocol/classifying';
import { seededRandom } from '../../../src/core/consistency/random';
import { eliminate } from './eliminate';

/** `[channels, side, side]`. */
export interface Maps {
  readonly data: Float64Array;
  readonly channels: number;
  readonly side: number;
}

/** Images of noise. */
export interface NoiseImages {
  readonly files: readonly ImageFile[];
  readonly maps: ReadonlyMap<string, Maps>;
}

/** Writes images of noise into a folder. */
export function writeNoise(folder: string, count: number, side: number): NoiseImages {
  mkdirSync(folder, { recursive: true });
  const maps = new Map<string, Maps>();
  const files = Array.from({ length: count }, (_, index): ImageFile => {
    const name = `noise${index}.png`;
    const random = seededRandom(1, name);
    const pixels = Uint8Array.from({ length: 3 * side ** 2 }, () => Math.floor(256 * random()));
    writeFileSync(path.join(folder, name), encodePng(new Image(side, side, { data: pixels })));
    const data = Float64Array.from(pixels, (_value, place) => pixels[(place % side ** 2) * 3 + Math.floor(place / side ** 2)]! / 255);
    maps.set(name, { data, channels: 3, side });
    return { name, path: path.join(folder, name), label: null };
  });
  return { files, maps };
}

/** Every image at every shift that a recovery shows, and whether it only judges. */
export function shownMaps({ files, maps }: NoiseImages, seed: number, shifts: number): readonly { image: Maps; isHeldOut: boolean }[] {
  const ordered = files.toSorted((a, b) => seededRandom(seed, a.name)() - seededRandom(seed, b.name)());
  const images = ordered.map((file, index) => ({ file, batch: { data: new Float32Array(), dims: [] }, isHeldOut: index % 5 === 4 }));
  const side = maps.get(files[0]!.name)!.side;
  return calibrationSamples({ images, failed: [] }, [side, side], shifts, seed).map(({ image, shift, isHeldOut }) => ({
    image: rolled(maps.get(ordered[image]!.name)!, shift),
    isHeldOut,
  }));
}

function rolled(maps: Maps, [down, right]: readonly [number, number]): Maps {
  const { side } = maps;
  return mapped(maps, side, (channel, y, x) => at(maps, channel, (y - down + side) % side, (x - right + side) % side));
}

/** What a 3x3 window sees at a position, zeros beyond the border, in the order of weights: `[channels from first on, 3, 3]`. */
export function windowAt(maps: Maps, first: number, count: number, y: number, x: number): number[] {
  return Array.from({ length: count * 9 }, (_, place) => {
    const tap = place % 9;
    return at(maps, first + Math.floor(place / 9), y + Math.floor(tap / 3) - 1, x + (tap % 3) - 1);
  });
}

/** A 3x3 convolution that keeps the size. */
export function convolved(maps: Maps, { weights, bias }: LinearWeights, outputs: number): Maps {
  const unknowns = weights.length / outputs;
  return mapped({ ...maps, channels: outputs }, maps.side, (output, y, x) =>
    windowAt(maps, 0, maps.channels, y, x).reduce(
      (sum, value, place) => sum + value * weights[output * unknowns + place]!,
      bias?.[output] ?? 0,
    ),
  );
}

/** Means of blocks of 2x2. */
export function averaged(maps: Maps): Maps {
  return mapped(maps, maps.side / 2, (channel, y, x) => {
    const [a, b] = [2 * y, 2 * x];
    return (at(maps, channel, a, b) + at(maps, channel, a, b + 1) + at(maps, channel, a + 1, b) + at(maps, channel, a + 1, b + 1)) / 4;
  });
}

/** A blur of stride 2 as a plan spells it. */
export function blurred(maps: Maps, { kernel, padding, border }: BlurSpecification): Maps {
  const [height = 1, width = 1] = kernel.shape;
  const inside = (place: number): number =>
    border === 'zero' ? place : place < 0 ? -place : place >= maps.side ? 2 * (maps.side - 1) - place : place;
  return mapped(maps, maps.side / 2, (channel, y, x) => {
    let sum = 0;
    for (let tap = 0; tap < height * width; tap++) {
      const row = 2 * y + Math.floor(tap / width) - padding.begin[0]!;
      sum += kernel.values[tap]! * at(maps, channel, inside(row), inside(2 * x + (tap % width) - padding.begin[1]!));
    }
    return sum;
  });
}

function at({ data, side }: Maps, channel: number, y: number, x: number): number {
  return y < 0 || x < 0 || y >= side || x >= side ? 0 : data[(channel * side + y) * side + x]!;
}

function mapped({ channels }: Maps, side: number, value: (channel: number, y: number, x: number) => number): Maps {
  const data = Float64Array.from({ length: channels * side ** 2 }, (_, place) =>
    value(Math.floor(place / side ** 2), Math.floor(place / side) % side, place % side),
  );
  return { data, channels, side };
}

/** Rows that a layer reads and what it is to give for them. */
export interface Rows {
  readonly inputs: number[][];
  readonly targets: number[][];
}

/** What one group of a layer reads and is to give, and its old rows of weights. */
export interface Group {
  readonly fitted: Rows;
  readonly heldOut: Rows;
  readonly old: readonly (readonly number[])[];
}

/**
 * The optimum of |W u - y|^2 + l m |W - old|^2 in every group, m the mean square of its inputs summed over the samples, with the one l for
 * all groups that leaves least on held-out rows: by elimination and by trying every l, nothing like the code under test.
 *
 * @returns the rows of all groups, one after the other
 */
export function optimum(groups: readonly Group[]): readonly (readonly number[])[] {
  const candidates = [1e-4, 1e-3, 1e-2, 1e-1, 1].map((ridge) => groups.map((group) => notWorse(group, solution(group, ridge))));
  const total = (candidate: (typeof candidates)[number]): number =>
    candidate.reduce((sum, rows, group) => sum + missed(groups[group]!.heldOut, rows), 0);
  return candidates.reduce((best, one) => (total(one) < total(best) ? one : best)).flat();
}

function notWorse({ heldOut, old }: Group, rows: Group['old']): Group['old'] {
  return missed(heldOut, rows) < missed(heldOut, old) ? rows : old;
}

function solution({ fitted, old }: Group, ridge: number): Group['old'] {
  const size = old[0]!.length;
  const gram = new Float64Array(size * size);
  for (const row of fitted.inputs) for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) gram[a * size + b]! += row[a]! * row[b]!;
  const mean = Array.from({ length: size }, (_, place) => gram[place * (size + 1)]!).reduce((sum, value) => sum + value, 0) / size;
  const matrix = gram.map((value, place) => value + (place % (size + 1) === 0 ? ridge * mean : 0));
  return old.map((before, output) => {
    const right = Float64Array.from(before, (weight) => ridge * mean * weight);
    for (const [sample, row] of fitted.inputs.entries())
      for (let place = 0; place < size; place++) right[place]! += row[place]! * fitted.targets[sample]![output]!;
    return [...eliminate(matrix, size, right)];
  });
}

function missed({ inputs, targets }: Rows, weights: readonly (readonly number[])[]): number {
  return inputs.reduce(
    (sum, row, sample) =>
      sum +
      weights.reduce((own, weight, output) => {
        const given = weight.reduce((total, value, place) => total + value * row[place]!, 0);
        return own + (given - targets[sample]![output]!) ** 2;
      }, 0),
    0,
  );
}
