import type { Heatmap, Measurement } from '../equivariance/measure/measurement';
import { samePair } from '../graph/period';
import { indexGraph } from '../graph/dataflow';
import type { ModelGraph } from '../graph/model-graph';

/**
 * For every measured layer of a model, the heatmap of the layer that does its work in a fixed copy. That is the layer of its
 * name, except where the copy keeps the name for the map before the blur: then it is the blur that has the old stride.
 *
 * @param originalGraph graph of the model
 * @param fixedGraph graph of the copy
 * @returns one entry per heatmap of `original`, undefined where the copy has no such layer
 */
export function counterparts(
  original: Measurement,
  originalGraph: ModelGraph,
  fixed: Measurement,
  fixedGraph: ModelGraph,
): readonly (Heatmap | undefined)[] {
  const known = new Set(originalGraph.layers.map(({ name }) => name));
  const byName = new Map(fixed.heatmaps.map((heatmap) => [heatmap.layer.name, heatmap]));
  const byLayer = new Map(fixed.heatmaps.map((heatmap) => [heatmap.layer.layer, heatmap]));
  const flow = indexGraph(fixedGraph).flow;
  return original.heatmaps.map(({ layer }) => {
    const same = byName.get(layer.name);
    if (same === undefined || samePair(same.layer.spatialStride, layer.spatialStride)) return same;
    return insertedBehind(same.layer.tensor).find((candidate) => samePair(candidate.layer.spatialStride, layer.spatialStride)) ?? same;
  });

  /** Heatmaps of the layers that the fix put behind a tensor: a pad and the blur. */
  function insertedBehind(tensor: string): readonly Heatmap[] {
    const inserted = flow.readers(tensor).filter(({ name }) => !known.has(name));
    return inserted.flatMap(({ name, outputs }) => {
      const heatmap = byLayer.get(name);
      return [...(heatmap === undefined ? [] : [heatmap]), ...outputs.flatMap(insertedBehind)];
    });
  }
}

/** The heatmap that stands for the whole feature extractor: the deepest map of more than one position. */
export function lastSpatial(heatmaps: readonly Heatmap[]): Heatmap | undefined {
  return heatmaps.findLast(({ layer }) => layer.size[0] * layer.size[1] > 1);
}
