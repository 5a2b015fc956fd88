import type { Layer, ModelGraph } from './model-graph';
import { spatialShape } from './sampling';

/** What a layer costs for one image. */
export interface LayerCost {
  readonly multiplyAdds: number;
  /** Values of its output. */
  readonly values: number;
}

/** Multiply-adds for one value of the layer's output map. */
export function multiplyAddsPerValue({ operation }: Layer): number {
  switch (operation.kind) {
    case 'convolution':
      return product(operation.window.kernel) * ((operation.inChannels ?? 1) / operation.groups);
    case 'max-pool':
    case 'average-pool':
    case 'transposed-convolution':
      return product(operation.window.kernel);
    default:
      return 1;
  }
}

/** Cost of a layer by its inferred shapes; undefined where a length is open. */
export function layerCost(graph: ModelGraph, layer: Layer): LayerCost | undefined {
  const counts = layer.outputs.map((tensor) => valueCount(graph, tensor));
  if (counts.includes(undefined)) return undefined;
  const values = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  if (spatialShape(graph, layer.outputs[0] ?? '') !== undefined) return { multiplyAdds: values * multiplyAddsPerValue(layer), values };
  const before = layer.inputs.map((tensor) => valueCount(graph, tensor));
  if (before.includes(undefined)) return undefined;
  const read = before.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  // A change of length that is no mere rearrangement is taken for a dense layer.
  return { multiplyAdds: layer.operation.kind === 'positional' && read !== values ? read * values : read + values, values };
}

/** Cost of the whole model; undefined where a length of any layer is open. */
export function modelCost(graph: ModelGraph): LayerCost | undefined {
  let [multiplyAdds, values] = [0, 0];
  for (const layer of graph.layers) {
    const cost = layerCost(graph, layer);
    if (cost === undefined) return undefined;
    multiplyAdds += cost.multiplyAdds;
    values += cost.values;
  }
  return { multiplyAdds, values };
}

/** Values of a tensor for one image; undefined where a length but the batch's is open. */
function valueCount(graph: ModelGraph, tensor: string): number | undefined {
  const shape = graph.tensors.get(tensor)?.shape;
  if (shape === undefined) return undefined;
  const [, ...lengths] = shape;
  return lengths.reduce<number | undefined>((count, length) => (count === undefined || length === null ? undefined : count * length), 1);
}

function product(values: readonly number[]): number {
  return values.reduce((result, value) => result * value, 1);
}
