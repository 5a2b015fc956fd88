import { wrapIndex } from '../../../../graph/circle';
import type { AxisPair } from '../../../../graph/model-graph';
import { area } from '../../../../graph/period';
import type { CircularPadding } from '../../../../equivariance/contracts';
import type { BlockedMap, BlockedMaps } from './blocked-maps';

/** A map in blocks that is extended or cropped on a circle. */
export interface BlockedWrap {
  readonly name: string;
  readonly map: BlockedMap;
  readonly padding: CircularPadding;
  /** Unique start of the new names. */
  readonly prefix: string;
}

/** Circular padding of a map in blocks, in one go: a block is long enough for gathering sample by sample to be as fast as copying. */
export function wrapBlocks(maps: BlockedMaps, { name, map, padding, prefix }: BlockedWrap): string {
  const [height, width] = wrappedSize(map.size, padding);
  if (isNone(padding)) return name;
  const samples = maps.reshape(name, maps.blockShape(map), `${prefix}/samples`);
  const order = positionsOf(map.size, padding);
  const gathered = maps.gather(samples, 2, order, `${prefix}/gathered`);
  return maps.reshape(gathered, [-1, map.padded, height, width], `${prefix}/wrapped`);
}

/**
 * The same for images that lie beside one another in one map, sample by sample: `[batch / images, channels, height, width * images]`. A
 * convolution that is dilated `images` times as much along the width is the plain one on each of them, and its rows are long.
 */
export function weaveBlocks(maps: BlockedMaps, { name, map, padding, prefix }: BlockedWrap, images: number): string {
  const { padded, size } = map;
  const blocks = padded / maps.block;
  const [height, width] = wrappedSize(size, padding);
  const samples = maps.reshape(name, [-1, images * blocks * area(size), maps.block], `${prefix}/samples`);
  const positions = positionsOf(size, padding);
  const order = upTo(blocks).flatMap((block) =>
    positions.flatMap((position) => upTo(images).map((image) => (image * blocks + block) * area(size) + position)),
  );
  const gathered = maps.gather(samples, 1, order, `${prefix}/woven`);
  return maps.reshape(gathered, [-1, padded, height, width * images], `${prefix}/wrapped`);
}

/** The inverse, without padding. */
export function unweaveBlocks(maps: BlockedMaps, name: string, { padded, size }: BlockedMap, images: number, output: string): void {
  const blocks = padded / maps.block;
  const samples = maps.reshape(name, [-1, images * blocks * area(size), maps.block], `${output}/woven samples`);
  const order = upTo(images).flatMap((image) => upTo(blocks * area(size)).map((sample) => sample * images + image));
  maps.reshape(maps.gather(samples, 1, order, `${output}/unwoven`), [-1, padded, ...size], output);
}

/** Whether nothing is added or cropped. */
export function isNone({ begin, end }: CircularPadding): boolean {
  return [...begin, ...end].every((amount) => amount === 0);
}

function wrappedSize(size: AxisPair, { begin, end }: CircularPadding): AxisPair {
  return [begin[0] + size[0] + end[0], begin[1] + size[1] + end[1]];
}

/** Where the samples of a wrapped map stand in the map, row by row. */
function positionsOf(size: AxisPair, { begin, end }: CircularPadding): readonly number[] {
  const [rows, columns] = ([0, 1] as const).map((axis) =>
    upTo(begin[axis] + size[axis] + end[axis]).map((index) => wrapIndex(index - begin[axis], size[axis])),
  );
  return (rows ?? []).flatMap((row) => (columns ?? []).map((column) => row * size[1] + column));
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
