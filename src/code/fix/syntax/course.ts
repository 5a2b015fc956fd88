import type { Node } from 'web-tree-sitter';
import { around, contains, functionAround, functionTypes } from './nodes';

/** What may run its parts or not, or more than once. */
const branchTypes: ReadonlySet<string> = new Set([
  'if_statement',
  'elif_clause',
  'else_clause',
  'for_statement',
  'for_in_statement',
  'while_statement',
  'do_statement',
  'try_statement',
  'except_clause',
  'catch_clause',
  'finally_clause',
  'case_clause',
  'switch_case',
  'switch_default',
  'conditional_expression',
  'ternary_expression',
  'boolean_operator',
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
]);

const clauseFields = ['consequence', 'alternative', 'condition', 'body', 'right', 'left'];

/**
 * True where `to` is evaluated every time that `from` has been: both stand in one function, `from` first, `to` in no branch
 * that `from` is not in, and nothing leaves the function between them.
 */
export function alwaysFollows(from: Node, to: Node): boolean {
  const isNested = contains(to, from);
  if (!isNested && from.endIndex > to.startIndex) return false;
  const home = functionAround(from);
  if (functionAround(to)?.id !== home?.id) return false;
  const known = branchesAround(from);
  for (const branch of branchesAround(to)) if (!known.has(branch)) return false;
  return isNested || !leavesBetween(from.endIndex, to.startIndex, home ?? from.tree.rootNode);
}

/** Names for the branches around a node within its function: the branching node and which part of it. */
function branchesAround(node: Node): ReadonlySet<string> {
  const branches = new Set<string>();
  let inner = node;
  for (const outer of around(node)) {
    if (functionTypes.has(outer.type)) break;
    if (branchTypes.has(outer.type) || isShortCircuit(outer)) branches.add(`${outer.id}:${partOf(outer, inner)}`);
    inner = outer;
  }
  return branches;
}

function partOf(outer: Node, inner: Node): string {
  return clauseFields.find((field) => outer.childForFieldName(field)?.id === inner.id) ?? String(inner.startIndex);
}

function isShortCircuit(node: Node): boolean {
  return node.type === 'binary_expression' && ['&&', '||', '??'].includes(node.childForFieldName('operator')?.text ?? '');
}

function leavesBetween(start: number, end: number, within: Node): boolean {
  return within
    .descendantsOfType(['return_statement', 'break_statement', 'continue_statement'])
    .some(
      (leave) =>
        leave.startIndex >= start &&
        leave.endIndex <= end &&
        functionAround(leave)?.id === (functionTypes.has(within.type) ? within.id : undefined),
    );
}
