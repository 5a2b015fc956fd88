import { indexGraph } from '../../graph/dataflow';
import type { Layer, ModelGraph } from '../../graph/model-graph';
import { hasOtherLayout } from '../../graph/sampling';

/**
 * A model whose images have their channels on another axis than its maps, and which turns them first, as one that begins behind the
 * transposes: what is planned for other models then holds for it. All others stay as they are.
 */
export function withTurnedImages(graph: ModelGraph): ModelGraph {
  const { flow } = indexGraph(graph);
  const turning = new Map(
    graph.inputs.flatMap((tensor): (readonly [string, Layer])[] => {
      const [reader, ...others] = flow.readers(tensor);
      const isTurned =
        hasOtherLayout(graph, tensor) && reader?.op === 'Transpose' && !reader.outputs.some((output) => hasOtherLayout(graph, output));
      return isTurned && others.length === 0 ? [[tensor, reader]] : [];
    }),
  );
  if (turning.size === 0) return graph;
  const transposes = new Set(turning.values());
  return {
    ...graph,
    turnsImages: true,
    inputs: graph.inputs.map((tensor) => turning.get(tensor)?.outputs[0] ?? tensor),
    layers: graph.layers.filter((layer) => !transposes.has(layer)),
  };
}
