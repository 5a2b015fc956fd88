import { t } from '@vscode/l10n';
import type { GraphNode } from './node';

const functional: ReadonlySet<string> = new Set([
  'If',
  'StatelessIf',
  'While',
  'StatelessWhile',
  'PartitionedCall',
  'StatefulPartitionedCall',
]);
const frames: ReadonlySet<string> = new Set(['Enter', 'Exit', 'LoopCond', 'Merge', 'NextIteration', 'Switch']);

/** True for operators that run others, or that decide which run. */
export function isControlFlow(op: string): boolean {
  return functional.has(op) || frames.has(op) || /^Tensor(?:Array|List)|^EmptyTensorList$/.test(op);
}

const reason = t('it stands in a branch or loop that runs only at times');

/**
 * Follows branches and loops as TensorFlow 1 spells them: what lies between `Switch` or `Enter` and `Merge` or `Exit`.
 * Nodes are asked for in topological order.
 */
export class ControlFlow {
  /** How many branches and loops a node stands in. */
  private readonly depths = new Map<string, number>();

  constructor(private readonly byName: ReadonlyMap<string, GraphNode>) {}

  /** Why nothing at this node can be rewritten; undefined outside of branches and loops. */
  seal(node: GraphNode): string | undefined {
    const around = node.inputs.reduce((deepest, input) => Math.max(deepest, this.depths.get(input.node) ?? 0), 0);
    const depth = Math.max(0, around + this.change(node));
    if (depth > 0) this.depths.set(node.name, depth);
    return depth > 0 || frames.has(node.op) ? reason : undefined;
  }

  private change(node: GraphNode): number {
    const reads = (op: string): boolean => node.inputs.some((input) => this.byName.get(input.node)?.op === op);
    switch (node.op) {
      case 'Enter':
        return 1;
      case 'Exit':
        return -1;
      case 'Switch':
        return reads('LoopCond') ? 0 : 1;
      case 'Merge':
        return reads('NextIteration') ? 0 : -1;
      default:
        return 0;
    }
  }
}
