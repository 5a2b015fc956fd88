import { multiplyAdds } from '../equivariance/work-estimate';
import type { Layer, ModelGraph } from '../graph/model-graph';

/** Share of a model's weights, roughly, that some of its layers hold; 1 where it has none that are known. */
export function weightShare(graph: ModelGraph, layers: ReadonlySet<string>): number {
  let [share, all] = [0, 0];
  for (const layer of graph.layers) {
    const weights = weightCount(graph, layer);
    all += weights;
    if (layers.has(layer.name)) share += weights;
  }
  return all === 0 ? 1 : share / all;
}

/** At one position every weight is used once. */
function weightCount(graph: ModelGraph, layer: Layer): number {
  switch (layer.operation.kind) {
    case 'convolution':
    case 'transposed-convolution':
      return multiplyAdds(graph, layer, [1, 1]);
    case 'positional':
      return multiplyAdds(graph, layer, undefined);
    default:
      return 0;
  }
}
