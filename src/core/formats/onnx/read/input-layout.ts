import { isMove } from '../../../graph/layout';
import { operatorOf } from '../operators/table';
import type { OnnxGraph, OnnxNode } from '../wire/proto';

/** More steps than any preprocessing has. */
const stepLimit = 16;

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

function endsInTranspose(readers: ReadonlyMap<string, readonly OnnxNode[]>, input: string): boolean {
  let tensor: string | undefined = input;
  for (let step = 0; step < stepLimit && tensor !== undefined; step++) {
    const nodes: readonly OnnxNode[] = readers.get(tensor)?.filter((reader) => operatorOf(reader)?.readsOnlyShape !== true) ?? [];
    const [node] = nodes;
    if (node === undefined) return false;
    if (nodes.every(movesChannelsToFront)) return true;
    if (nodes.length > 1 || operatorOf(node)?.preparesPixels !== true) return false;
    tensor = node.outputs[0];
  }
  return false;
}

function movesChannelsToFront(node: OnnxNode): boolean {
  const order = node.opType === 'Transpose' ? (node.attributes.get('perm')?.ints ?? []) : [];
  return order.length >= 3 && order[0] === 0 && isMove(order, order.length - 1, 1);
}
