import { counterparts } from '../../../../src/panel-protocol/core/counterparts';
import type { AxisPair } from '../../../../src/panel-protocol/core/geometry';
import type { HeatmapView } from '../../../../src/panel-protocol/studies/equivariance';
import { isMeasured, readingAt, type MeasuredHeatmap } from '../../../heatmap/reading';

/** A layer before and after a fix, with what the fix has made of its map. */
export interface LayerDifference {
  readonly before: MeasuredHeatmap;
  readonly after: MeasuredHeatmap;
  /** After less before, at every shift; its mean and its values of least and most are of the differences. */
  readonly map: DifferenceMap;
}

/** A map of differences: values between -2 and 2. */
export interface DifferenceMap extends MeasuredHeatmap {
  readonly max: number;
}

/** For every map of the run before, that of the layer which does its work now; undefined where there is none. */
export function correspondingMaps(former: readonly HeatmapView[], present: readonly HeatmapView[]): readonly (HeatmapView | undefined)[] {
  return counterparts(former, present);
}

/** What a fix has changed, layer by layer, as far as both runs have a map of it. @param size of the shifts that both runs show */
export function differences(former: readonly HeatmapView[], present: readonly HeatmapView[], size: AxisPair): readonly LayerDifference[] {
  return correspondingMaps(former, present).flatMap((after, index) => {
    const before = former[index];
    if (before === undefined || after === undefined || !isMeasured(before) || !isMeasured(after)) return [];
    return [differenceOf(before, after, size)];
  });
}

/** Means of the run before at the places of the layers that do their work now, for a second curve; null where there is none. */
export function formerMeans(former: readonly HeatmapView[], present: readonly HeatmapView[]): readonly (number | null)[] {
  const means = new Map(
    correspondingMaps(former, present).flatMap((map, index) => (map === undefined ? [] : [[map, former[index]?.mean ?? null]])),
  );
  return present.map((map) => means.get(map) ?? null);
}

/** Differences that were worked out, by their later map: maps come one by one, and each time all of them are asked for. */
const known = new WeakMap<MeasuredHeatmap, { readonly size: string; readonly difference: LayerDifference }>();

function differenceOf(before: MeasuredHeatmap, after: MeasuredHeatmap, size: AxisPair): LayerDifference {
  const found = known.get(after);
  if (found?.difference.before === before && found.size === size.join()) return found.difference;
  const difference = { before, after, map: differenceMap(before, after, size) };
  known.set(after, { size: size.join(), difference });
  return difference;
}

/** Maps of different period repeat together after their least common multiple, or not within the image. */
function differenceMap(before: MeasuredHeatmap, after: MeasuredHeatmap, size: AxisPair): DifferenceMap {
  const along = (axis: 0 | 1): { readonly period: number; readonly step: number } => ({
    period: Math.min(size[axis], leastCommonMultiple(before.period[axis], after.period[axis])),
    step: greatestCommonDivisor(before.step[axis], after.step[axis]),
  });
  const [down, across] = [along(0), along(1)];
  const tile: number[] = [];
  for (let dy = 0; dy < down.period; dy += down.step) {
    for (let dx = 0; dx < across.period; dx += across.step) {
      tile.push(readingAt(after, { dy, dx }).value - readingAt(before, { dy, dx }).value);
    }
  }
  const [min, max] = tile.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
  const mean = tile.reduce((sum, value) => sum + value, 0) / tile.length;
  const repeats = before.repeats && after.repeats;
  return { ...after, period: [down.period, across.period], step: [down.step, across.step], repeats, tile, mean, min, max };
}

const nice = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];

/** Where a scale ends that has zero in its middle and holds all differences: a round number, the same to both sides. */
export function differenceLimit(maps: readonly DifferenceMap[]): number {
  const largest = maps.reduce((most, { min, max }) => Math.max(most, -min, max), 0);
  return nice.find((limit) => limit >= largest) ?? 2;
}

/** A map of differences as one of places on a scale from 0 to 1, with no difference at 1/2. */
export function placedOnScale(map: DifferenceMap, limit: number): MeasuredHeatmap {
  return { ...map, tile: map.tile.map((value) => 0.5 + value / (2 * limit)) };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function leastCommonMultiple(a: number, b: number): number {
  return (a / greatestCommonDivisor(a, b)) * b;
}
