import { neighboursOf } from '../../../graph/rearrangement';
import { phaseGroup } from '../../../graph/phase-group';
import type { Layer } from '../../../graph/model-graph';
import type { Reading } from './graph-scope';
import { groupNormalisation } from './group-normalisation';
import { pixelShuffle } from './pixel-shuffle';

/**
 * Recognises moves of positions into other axes and back that a model spells out in several layers: the strided slices and
 * the Concat of YOLOv5's Focus, the Reshape, Transpose, Reshape of a pixel (un)shuffle, group normalisation between reshapes.
 */
export function markRearrangements(reading: Reading): readonly Layer[] {
  const { layers, slices, orders } = reading;
  if (!layers.some(({ op }) => op === 'Concat' || op === 'Reshape')) return layers;
  const neighbours = neighboursOf(layers, reading.tensors, 'channels-first');
  const changes = new Map<string, Pick<Layer, 'operation' | 'stepOf'>>();
  for (const layer of layers) {
    const found =
      layer.op === 'Concat'
        ? phaseGroup(neighbours, slices, layer)
        : layer.op === 'Reshape'
          ? (pixelShuffle(neighbours, orders, layer) ?? groupNormalisation(neighbours, layer))
          : undefined;
    if (found === undefined) continue;
    changes.set(found.last.name, { operation: found.operation });
    for (const step of found.steps) changes.set(step.name, { operation: found.stepOperation, stepOf: found.last.name });
  }
  return changes.size === 0 ? layers : layers.map((layer) => ({ ...layer, ...changes.get(layer.name) }));
}
