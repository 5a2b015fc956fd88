import { indexGraph } from '../../graph/dataflow';
import { turningOrder } from '../../graph/layout';
import type { Layer, Layout, ModelGraph, Operation, Shape, Tensor } from '../../graph/model-graph';
import { hasOtherLayout } from '../../graph/sampling';

/**
 * A model whose images have their channels on another axis than its maps, and which turns them before anything reads positions, as one
 * with its channels where the maps have them: what is planned for other models then holds for it. Whatever prepares the pixels before
 * they are turned is described so too; whoever runs it turns what goes in and what comes out there (`Tensor.turned`). All others stay
 * as they are.
 */
export function withTurnedImages(graph: ModelGraph): ModelGraph {
  const part = turnedPart(graph);
  if (part === undefined) return graph;
  const { tensors, transposes } = part;
  return {
    ...graph,
    layers: graph.layers.map((layer) => (transposes.has(layer) ? turning(layer) : layer)),
    tensors: new Map([...graph.tensors].map(([name, tensor]) => [name, tensors.has(name) ? turnedTensor(tensor, graph.layout) : tensor])),
  };
}

/** What lies before the transposes. */
interface TurnedPart {
  readonly tensors: ReadonlySet<string>;
  readonly transposes: ReadonlySet<Layer>;
}

/** What keeps every value at its position. */
const keepingPositions: ReadonlySet<Operation['kind']> = new Set(['pointwise', 'channelwise', 'merge', 'pad']);

/** Undefined where there is none, and where something else than a transpose leads out of it. */
function turnedPart(graph: ModelGraph): TurnedPart | undefined {
  const { flow } = indexGraph(graph);
  const images = graph.inputs.filter((tensor) => hasOtherLayout(graph, tensor));
  const tensors = new Set(images);
  const transposes = new Set<Layer>();
  // It grows while it is walked.
  for (const tensor of tensors) {
    for (const layer of flow.readers(tensor)) {
      if (turns(graph, layer)) transposes.add(layer);
      else if (preparesPixels(graph, layer)) layer.outputs.forEach((output) => tensors.add(output));
      else return undefined;
    }
  }
  const isClosed = graph.layers.every((layer) => !isIn(tensors, layer.outputs) || layer.inputs.every((input) => tensors.has(input)));
  return transposes.size > 0 && isClosed ? { tensors, transposes } : undefined;
}

function isIn(tensors: ReadonlySet<string>, outputs: readonly string[]): boolean {
  return outputs.some((output) => tensors.has(output));
}

function turns(graph: ModelGraph, { op, outputs }: Layer): boolean {
  return op === 'Transpose' && !outputs.some((output) => hasOtherLayout(graph, output));
}

function preparesPixels(graph: ModelGraph, { operation, sealed, outputs }: Layer): boolean {
  return sealed === undefined && keepingPositions.has(operation.kind) && outputs.every((output) => hasOtherLayout(graph, output));
}

function turning({ name, op, inputs, outputs }: Layer): Layer {
  return { name, op, inputs, outputs, operation: { kind: 'pointwise', role: 'identity' }, turnsImages: true };
}

function turnedTensor(tensor: Tensor, layout: Layout): Tensor {
  const { shape, declared } = tensor;
  return {
    ...tensor,
    layout,
    turned: true,
    shape: turnedShape(shape, layout),
    ...(declared && { declared: turnedShape(declared, layout) }),
  };
}

/** With the channels where a layout has them. */
function turnedShape(shape: Shape, layout: Layout): Shape {
  return shape && turningOrder(shape.length, layout).map((axis) => shape[axis] ?? null);
}
