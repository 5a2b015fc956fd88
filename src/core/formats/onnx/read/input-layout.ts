import { isMove } from '../../../graph/layout';
import { operatorOf } from '../operators/table';
import type { OnnxGraph, OnnxNode } from '../wire/proto';

/** More than any preprocessing has. */
const mostTensors = 16;

/**
 * Inputs `[n, h, w, c]`, as TensorFlow's and Keras' exporters write them: a transpose brings the channels to the front before
 * anything else reads positions.
 */
export function channelsLastInputs(graph: OnnxGraph): ReadonlySet<string> {
  if (!graph.nodes.some(movesChannelsToFront)) return new Set();
  const readers = new Map<string, OnnxNode[]>();
  for (const node of graph.nodes) {
    for (const tensor of new Set(node.inputs)) {
      const known = readers.get(tensor);
      if (known === undefined) readers.set(tensor, [node]);
      else known.push(node);
    }
  }
  return new Set(graph.inputs.filter(({ name }) => endsInTranspose(readers, name)).map(({ name }) => name));
}

/** True where every way from an input leads through what prepares pixels to a transpose. */
function endsInTranspose(readers: ReadonlyMap<string, readonly OnnxNode[]>, input: string): boolean {
  const tensors = new Set([input]);
  let isTurned = false;
  // It grows while it is walked.
  for (const tensor of tensors) {
    if (tensors.size > mostTensors) return false;
    for (const node of readers.get(tensor) ?? []) {
      const operator = operatorOf(node);
      if (movesChannelsToFront(node)) isTurned = true;
      else if (operator?.preparesPixels === true) tensors.add(node.outputs[0] ?? '');
      else if (operator?.readsOnlyShape !== true) return false;
    }
  }
  return isTurned;
}

function movesChannelsToFront(node: OnnxNode): boolean {
  const order = node.opType === 'Transpose' ? (node.attributes.get('perm')?.ints ?? []) : [];
  return order.length >= 3 && order[0] === 0 && isMove(order, order.length - 1, 1);
}
