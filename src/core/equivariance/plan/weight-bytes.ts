import type { AxisFlow, Layer, ModelGraph } from '../../graph/model-graph';
import { multiplyAdds } from './work-estimate';

/**
 * Bytes of the weights that a model holds once it is loaded, roughly, as float32. Its file need not tell: they may lie in other
 * files, or be made as the model loads.
 * @param layers only the weights of these
 */
export function weightBytes(graph: ModelGraph, layers?: ReadonlySet<string>): number {
  return graph.layers.reduce((sum, layer) => sum + (layers?.has(layer.name) === false ? 0 : 4 * weightCount(graph, layer)), 0);
}

/** A layer's multiply-adds at a single position, where every weight is used once. */
function weightCount(graph: ModelGraph, layer: Layer): number {
  const { operation, axisFlow } = layer;
  if (axisFlow?.kind === 'product') return constantsOf(axisFlow);
  switch (operation.kind) {
    case 'convolution':
    case 'transposed-convolution':
      return multiplyAdds(graph, layer, [1, 1]);
    default:
      return 0;
  }
}

function constantsOf({ operands }: Extract<AxisFlow, { kind: 'product' }>): number {
  const [shape] = operands.flatMap((operand) => ('constant' in operand ? [operand.constant ?? []] : []));
  return shape?.reduce<number>((product, length) => product * (length ?? 1), 1) ?? 0;
}
