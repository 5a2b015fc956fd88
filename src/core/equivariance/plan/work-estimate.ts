import { multiplyAddsPerValue } from '../../graph/cost';
import type { AxisFlow, AxisPair, Layer, ModelGraph } from '../../graph/model-graph';
import { spatialShape } from '../../graph/sampling';

/** Estimated multiply-adds of one layer for one image, for progress; `size` is the output map's, where it has one. */
export function multiplyAdds(graph: ModelGraph, layer: Layer, size: AxisPair | undefined): number {
  const output = layer.outputs[0] ?? '';
  if (size === undefined) return vectorWork(graph, layer);
  const channels = spatialShape(graph, output)?.channels ?? 1;
  const values = channels * size[0] * size[1];
  return values * multiplyAddsPerValue(layer);
}

/**
 * Layers without a map: a product of matrices by its terms; a change of length that is no mere rearrangement is taken for a dense layer.
 */
function vectorWork(graph: ModelGraph, layer: Layer): number {
  const before = layer.inputs.map((tensor) => valueCount(graph, tensor)).reduce((sum, count) => sum + count, 0);
  const after = layer.outputs.map((tensor) => valueCount(graph, tensor)).reduce((sum, count) => sum + count, 0);
  const { axisFlow, operation } = layer;
  if (axisFlow?.kind === 'product') return after * summedLength(graph, layer, axisFlow);
  return axisFlow === undefined && operation.kind === 'positional' && before !== after ? before * after : before + after;
}

/** Terms of each value of a product: the length of the rows of its first operand. */
function summedLength(
  graph: ModelGraph,
  { inputs }: Layer,
  { operands: [operand], turned: [isTurned] }: Extract<AxisFlow, { kind: 'product' }>,
): number {
  const shape = 'input' in operand ? graph.tensors.get(inputs[operand.input] ?? '')?.shape : operand.constant;
  return shape?.at(isTurned ? -2 : -1) ?? 1;
}

function valueCount(graph: ModelGraph, tensor: string): number {
  const [, ...lengths] = graph.tensors.get(tensor)?.shape ?? [];
  return product(lengths.map((length) => length ?? 1));
}

function product(values: readonly number[]): number {
  return values.reduce((result, value) => result * value, 1);
}
