import { heightAxis } from '../../graph/layout';
import type { Dimension, Layer, ModelGraph, Operation, Tensor } from '../../graph/model-graph';
import { spatialShape } from '../../graph/sampling';
import { behindPlainAxis } from '../../graph/window';
import { withSignalAxes } from './bare-signal';
import { withTurnedImages } from './turned-images';

/**
 * A model of signals as one of images: maps of one spatial axis get a height of 1, windows reach over one row. What is planned
 * for images then holds for signals, whose numbers stand in memory in the same order. Other models stay as they are.
 */
export function planarGraph(file: ModelGraph): ModelGraph {
  const graph = withSignalAxes(withTurnedImages(file));
  const axes = new Set(graph.inputs.map((tensor) => spatialShape(graph, tensor)?.size.length));
  if (axes.has(2) || !axes.has(1)) return graph;
  return {
    ...graph,
    ofSignals: true,
    layers: graph.layers.map((layer): Layer => ({ ...layer, operation: planarOperation(layer.operation) })),
    tensors: new Map([...graph.tensors].map(([name, tensor]) => [name, planarTensor(tensor, graph.layout)])),
  };
}

function planarTensor(tensor: Tensor, layout: ModelGraph['layout']): Tensor {
  const { shape, declared } = tensor;
  if (shape?.length !== 3) return tensor;
  const planar = (axes: readonly Dimension[]): readonly Dimension[] => axes.toSpliced(heightAxis(tensor.layout ?? layout), 0, 1);
  return { ...tensor, shape: planar(shape), ...(declared && { declared: planar(declared) }) };
}

function planarOperation(operation: Operation): Operation {
  switch (operation.kind) {
    case 'convolution':
    case 'max-pool':
    case 'average-pool':
    case 'transposed-convolution':
      return operation.window.kernel.length === 1 ? { ...operation, window: behindPlainAxis(operation.window) } : operation;
    case 'pad':
      return operation.begin.length === 1 ? { ...operation, begin: [0, ...operation.begin], end: [0, ...operation.end] } : operation;
    case 'slice':
      return operation.stride.length === 1 ? { ...operation, stride: [1, ...operation.stride] } : operation;
    case 'space-to-depth':
      return operation.block.length === 1 ? { ...operation, block: [1, ...operation.block] } : operation;
    default:
      return operation;
  }
}
