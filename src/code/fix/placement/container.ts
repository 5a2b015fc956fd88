import type { Node } from 'web-tree-sitter';
import type { Change } from '../change';
import type { Workplace } from '../draft';
import { callOf, lastNameOf } from '../syntax/calls';
import { insertItemAfter, insertItemBefore } from '../syntax/items';
import { childrenOf, withWrapping } from '../syntax/nodes';
import { insertStatementAfter, insertStatementBefore } from '../syntax/statements';

const adders: ReadonlySet<string> = new Set(['add', 'append', 'push']);

/**
 * Adds a layer beside an element of a container: an item of a list, or a statement such as `model.add(…)`. Null where the element stands
 * elsewhere.
 */
export function addBeside(work: Workplace, element: Node, text: string, side: 'before' | 'after'): Change | null {
  const { source, isPython } = work;
  const item = withWrapping(element);
  const { parent } = item;
  if (parent === null) return null;
  const insertItem = side === 'after' ? insertItemAfter : insertItemBefore;
  if (parent.type === 'list' || parent.type === 'array') return insertItem(item, text, source);
  // The two of `('conv1', layer)` name a layer; other tuples list some.
  if (parent.type === 'tuple') return childrenOf(parent)[0]?.type === 'string' ? null : insertItem(item, text, source);
  const call = parent.parent === null ? null : callOf(parent.parent);
  if (call === null || call.list.id !== parent.id) return null;
  const name = lastNameOf(call.callee);
  if (/Sequential$/.test(name)) return insertItem(item, text, source);
  const statement = withWrapping(call.node).parent;
  if (!adders.has(name) || call.arguments.length !== 1 || statement?.type !== 'expression_statement') return null;
  const insertStatement = side === 'after' ? insertStatementAfter : insertStatementBefore;
  return insertStatement(statement, `${call.callee.text}(${text})`, source, isPython);
}
