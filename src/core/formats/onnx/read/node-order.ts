import type { OnnxGraph } from '../wire/structure';
import { capturedNames } from './captured-names';

/**
 * The nodes of a graph by index, each behind what it reads: in the file's order where that has it so, as the format asks; ONNX Runtime
 * sorts by itself, and tools of its own write nodes at the end that others read before. A node on a cycle keeps its place.
 */
export function readingOrder({ nodes }: OnnxGraph): readonly number[] {
  const producers = new Map(nodes.flatMap(({ outputs }, index) => outputs.map((output) => [output, index] as const)));
  const reads = nodes.map((node, index) =>
    [...node.inputs, ...capturedNames(node)].flatMap((tensor) => {
      const producer = tensor === '' ? undefined : producers.get(tensor);
      return producer === undefined || producer === index ? [] : [producer];
    }),
  );
  if (reads.every((producersOfNode, index) => producersOfNode.every((producer) => producer < index))) return nodes.map((_, index) => index);
  return behindWhatTheyRead(reads);
}

/** Depth first along what is read, in the order of the file, without recursion: a chain may have any length. */
function behindWhatTheyRead(reads: readonly (readonly number[])[]): readonly number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  for (const first of reads.keys()) {
    const way: { readonly node: number; next: number }[] = [];
    const enter = (node: number): void => {
      if (seen.has(node)) return;
      seen.add(node);
      way.push({ node, next: 0 });
    };
    enter(first);
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const producer = reads[step.node]?.[step.next++];
      if (producer !== undefined) {
        enter(producer);
        continue;
      }
      order.push(step.node);
      way.pop();
    }
  }
  return order;
}
