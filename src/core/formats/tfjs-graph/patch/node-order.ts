import { t } from '@vscode/l10n';
import { ModelError } from '../../../model-error';
import type { GraphNode } from '../read/node';

/** Nodes by name. @throws ModelError `malformed` where two have one name or one reads a node that there is not */
export function nodesByName(nodes: readonly GraphNode[], path: string): ReadonlyMap<string, GraphNode> {
  const byName = new Map<string, GraphNode>();
  for (const node of nodes) {
    if (byName.has(node.name))
      throw new ModelError('malformed', t`"${path}" is no valid graph-model: two of its nodes are named "${node.name}".`);
    byName.set(node.name, node);
  }
  for (const { name, op, inputs } of nodes) {
    const missing = inputs.find((input) => !byName.has(input.node));
    if (missing !== undefined) {
      throw new ModelError(
        'malformed',
        t`"${path}" is no valid graph-model: its ${op} node "${name}" reads "${missing.node}", which does not exist.`,
      );
    }
  }
  return byName;
}

/**
 * The nodes that the outputs need, each behind what it reads, as TensorFlow.js runs them. A loop's edge back from
 * `NextIteration` to `Merge` does not count. @throws ModelError `malformed` for any other cycle
 */
export function orderedNodes(byName: ReadonlyMap<string, GraphNode>, outputs: readonly string[], path: string): readonly GraphNode[] {
  const order: GraphNode[] = [];
  const state = new Map<GraphNode, 'open' | 'done'>();
  const pending: GraphNode[] = outputs.flatMap((name) => byName.get(name) ?? []).reverse();
  for (let node = pending.at(-1); node !== undefined; node = pending.at(-1)) {
    const reads = state.get(node) === undefined ? needed(node, byName) : [];
    const next = reads.filter((input) => state.get(input) !== 'done');
    const cycle = next.find((input) => state.get(input) === 'open');
    if (cycle !== undefined)
      throw new ModelError('malformed', t`"${path}" is no valid graph-model: its node "${cycle.name}" depends on itself.`);
    if (state.get(node) === undefined) state.set(node, 'open');
    if (next.length > 0) {
      pending.push(...next.reverse());
      continue;
    }
    pending.pop();
    if (state.get(node) === 'done') continue;
    state.set(node, 'done');
    order.push(node);
  }
  return order;
}

function needed(node: GraphNode, byName: ReadonlyMap<string, GraphNode>): GraphNode[] {
  const reads = node.inputs.flatMap((input) => byName.get(input.node) ?? []);
  return node.op === 'Merge' ? reads.filter(({ op }) => op !== 'NextIteration') : reads;
}
