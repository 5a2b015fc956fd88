import { indexGraph } from '../../graph/dataflow';
import { channelAxis } from '../../graph/layout';
import type { Layer, ModelGraph, Shape, Tensor } from '../../graph/model-graph';

/**
 * A model of bare signals, `[batch, samples]`, as one of maps: its input gets the axes of length 1 that the model itself gives it first
 * (a Reshape to `[batch, samples, 1, 1]`), and the layers that do so hand it on. Its numbers stand in memory in the same order. Other
 * models stay as they are.
 */
export function withSignalAxes(graph: ModelGraph): ModelGraph {
  const shapes = new Map(
    graph.inputs.flatMap((tensor) => {
      const shape = mapOfSignal(graph, tensor);
      return shape === undefined ? [] : [[tensor, shape] as const];
    }),
  );
  if (shapes.size === 0) return graph;
  return {
    ...graph,
    layers: graph.layers.map((layer) => (shapes.has(layer.inputs[0] ?? '') ? handingOn(layer) : layer)),
    tensors: new Map(
      [...graph.tensors].map(([name, tensor]): [string, Tensor] => [name, { ...tensor, shape: shapes.get(name) ?? tensor.shape }]),
    ),
  };
}

/** A shape of a tensor that was given as it comes to a model of bare signals: with the axes that the model is described with. */
export function signalShape(graph: ModelGraph, shape: readonly number[]): readonly number[] {
  const declared = graph.layers.some(({ handsOn }) => handsOn === true) ? graph.tensors.get(graph.inputs[0] ?? '')?.shape : undefined;
  if (declared === undefined || shape.length !== 2) return shape;
  return declared.map((length, axis) => (axis === 0 ? (shape[0] ?? 1) : length === 1 ? 1 : (shape[1] ?? 1)));
}

/** The axes that all readers of a signal give it; undefined for an input that is none. */
function mapOfSignal(graph: ModelGraph, tensor: string): Shape {
  const [batch, samples, ...others] = graph.tensors.get(tensor)?.shape ?? [];
  if (batch === undefined || typeof samples !== 'number' || samples < 2 || others.length > 0) return undefined;
  const readers = indexGraph(graph).flow.readers(tensor);
  const shapes = readers.map((layer) => (isReshape(layer) ? graph.tensors.get(layer.outputs[0] ?? '')?.shape : undefined));
  const [shape] = shapes;
  const isAlike = shapes.every((other) => other?.join() === shape?.join());
  return shape !== undefined && isAlike && isMapOf(graph, shape, samples) ? [batch, ...shape.slice(1)] : undefined;
}

function isReshape({ op, axisFlow }: Layer): boolean {
  return op === 'Reshape' || axisFlow?.kind === 'reshape';
}

/** A map of one channel with all samples along one axis. */
function isMapOf({ layout }: ModelGraph, shape: readonly (number | null)[], samples: number): boolean {
  const rank = shape.length;
  const longer = shape.slice(1).filter((length) => length !== 1);
  return (rank === 3 || rank === 4) && longer.length === 1 && longer[0] === samples && shape[channelAxis(layout, rank)] === 1;
}

/** What it does with the axes is described already. */
function handingOn({ name, op, inputs, outputs }: Layer): Layer {
  return { name, op, inputs, outputs, operation: { kind: 'pointwise', role: 'identity' }, handsOn: true };
}
