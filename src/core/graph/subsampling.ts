import type { Layer, ModelGraph } from './model-graph';
import { declaredLengths } from './sampling';

/**
 * How many samples of its input a layer has for one of its output, per spatial axis, as the model declares it; undefined for
 * layers that keep every sample and where a resize's sizes are open.
 */
export function declaredStride(graph: ModelGraph, layer: Layer): readonly number[] | undefined {
  const { operation } = layer;
  switch (operation.kind) {
    case 'convolution':
    case 'max-pool':
    case 'average-pool':
      return operation.window.stride;
    case 'slice':
      return operation.stride;
    case 'space-to-depth':
      return operation.block;
    case 'resize':
      return shrinkage(graph, layer);
    default:
      return undefined;
  }
}

/** Of a resize; 1 along an axis that it enlarges. */
function shrinkage(graph: ModelGraph, layer: Layer): readonly number[] | undefined {
  const lengths = declaredLengths(graph, layer);
  const areKnown = lengths.length > 0 && lengths.every(({ before, after }) => before > 0 && after > 0);
  return areKnown ? lengths.map(({ before, after }) => Math.max(1, before / after)) : undefined;
}

/** True for layers that weigh and pick samples: they commute with a blur, so one in front protects as well as one behind. */
export function isLinear({ operation }: Layer): boolean {
  switch (operation.kind) {
    case 'convolution':
    case 'slice':
    case 'resize':
    case 'space-to-depth':
      return true;
    case 'average-pool':
      return operation.power === undefined || operation.window.kernel.every((length) => length === 1);
    case 'max-pool':
      return operation.addsLearned !== true && operation.window.kernel.every((length) => length === 1);
    default:
      return false;
  }
}
