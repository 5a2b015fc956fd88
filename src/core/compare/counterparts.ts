import type { Heatmap } from '../equivariance/measure/measurement';
import type { MeasuredLayer } from '../equivariance/plan/measure-plan';
import { samePair } from '../graph/period';

/** What tells which measured layers correspond. */
export type MeasuredPlace = Pick<MeasuredLayer, 'name' | 'spatialStride' | 'before'>;

/**
 * For every measured layer of a model, the layer that does its work in a fixed copy. That is the layer of its name, except where the
 * copy keeps the name for the map before the blur: then it is the blur that has the old stride.
 *
 * @returns one entry per layer of `original`, undefined where the copy has no such layer
 */
export function counterparts<Layer extends MeasuredPlace>(
  original: readonly MeasuredPlace[],
  fixed: readonly Layer[],
): readonly (Layer | undefined)[] {
  const known = new Set(original.map(({ name }) => name));
  const byName = new Map(fixed.map((layer) => [layer.name, layer]));
  const inserted = insertedBehind(fixed.filter(({ name }) => !known.has(name)));
  return original.map(({ name, spatialStride }) => {
    const same = byName.get(name);
    if (same === undefined || samePair(same.spatialStride, spatialStride)) return same;
    return inserted(name).find((candidate) => samePair(candidate.spatialStride, spatialStride)) ?? same;
  });
}

/** The layers that a fix put behind a map, nearest first: a pad and the blur. @param layers all that are new in the copy */
function insertedBehind<Layer extends MeasuredPlace>(layers: readonly Layer[]): (name: string) => readonly Layer[] {
  const readers = new Map<string, Layer[]>();
  for (const layer of layers) for (const name of layer.before) readers.set(name, [...(readers.get(name) ?? []), layer]);
  return (name) => {
    const found = new Set(readers.get(name));
    // A set is walked on to what is added meanwhile.
    for (const layer of found) for (const reader of readers.get(layer.name) ?? []) found.add(reader);
    return [...found];
  };
}

/** The heatmap that stands for the whole feature extractor: the deepest map of more than one position. */
export function lastSpatial(heatmaps: readonly Heatmap[]): Heatmap | undefined {
  return heatmaps.findLast(({ layer }) => layer.size[0] * layer.size[1] > 1);
}
