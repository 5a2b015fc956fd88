import { isMove } from '../../../graph/layout';
import type { Layout } from '../../../graph/model-graph';
import { numbersOf, type Constant } from '../operators/constant';
import { operatorOf } from '../operators/table';
import type { GraphNode } from './node';

/** More than any preprocessing has. */
const mostTensors = 16;

/**
 * Where the channels of an input stand, if transposes move them before anything else reads positions, as in models that
 * came from PyTorch; undefined where none does.
 */
export function inputLayout(nodes: readonly GraphNode[], constants: ReadonlyMap<string, Constant>, input: string): Layout | undefined {
  const tensors = new Set([input]);
  const layouts = new Set<Layout | undefined>();
  // It grows while it is walked.
  for (const tensor of tensors) {
    if (tensors.size > mostTensors) return undefined;
    for (const node of nodes.filter(({ inputs }) => inputs.some((read) => read.node === tensor && read.output === 0))) {
      const operator = operatorOf(node);
      if (node.op === 'Transpose') layouts.add(layoutBefore(numbersOf(constants.get(node.inputs[1]?.node ?? '')) ?? []));
      else if (operator?.preparesPixels === true) tensors.add(node.name);
      else if (operator?.readsOnlyShape !== true) return undefined;
    }
  }
  const [layout] = layouts;
  return layouts.size === 1 ? layout : undefined;
}

/** The layout that a transpose takes its input to have. */
function layoutBefore(order: readonly number[]): Layout | undefined {
  if (order.length < 3 || order[0] !== 0) return undefined;
  if (isMove(order, 1, order.length - 1)) return 'channels-first';
  return isMove(order, order.length - 1, 1) ? 'channels-last' : undefined;
}
