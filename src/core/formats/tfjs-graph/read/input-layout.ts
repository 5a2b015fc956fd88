import { isMove } from '../../../graph/layout';
import type { Layout } from '../../../graph/model-graph';
import { numbersOf, type Constant } from '../operators/constant';
import { operatorOf } from '../operators/table';
import type { GraphNode } from './node';

/** More steps than any preprocessing has. */
const stepLimit = 16;

/**
 * Where the channels of an input stand, if a transpose moves them before anything else reads positions, as in models that
 * came from PyTorch; undefined where none does.
 */
export function inputLayout(nodes: readonly GraphNode[], constants: ReadonlyMap<string, Constant>, input: string): Layout | undefined {
  let current = input;
  for (let step = 0; step < stepLimit; step++) {
    const readers = nodes.filter(
      (node) => operatorOf(node)?.readsOnlyShape !== true && node.inputs.some((read) => read.node === current && read.output === 0),
    );
    const [first, ...others] = readers;
    if (first === undefined) return undefined;
    if (first.op === 'Transpose') return layoutBefore(numbersOf(constants.get(first.inputs[1]?.node ?? '')) ?? []);
    if (others.length > 0 || operatorOf(first)?.preparesPixels !== true) return undefined;
    current = first.name;
  }
  return undefined;
}

/** The layout that a transpose takes its input to have. */
function layoutBefore(order: readonly number[]): Layout | undefined {
  if (order.length < 3 || order[0] !== 0) return undefined;
  if (isMove(order, 1, order.length - 1)) return 'channels-first';
  return isMove(order, order.length - 1, 1) ? 'channels-last' : undefined;
}
