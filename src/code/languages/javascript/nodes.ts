import type { SyntaxNode } from '../syntax-node';

/** What carries no value: comments, and everything that only the type checker reads. */
const silent: ReadonlySet<string> = new Set([
  'comment',
  'hash_bang_line',
  'html_comment',
  'type_annotation',
  'type_arguments',
  'type_parameters',
  'optional_chain',
  'accessibility_modifier',
  'override_modifier',
  'asserts_annotation',
  'type_predicate_annotation',
]);

/** Named children that matter for values. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children = node.namedChildren;
  return children.some(({ type }) => silent.has(type)) ? children.filter(({ type }) => !silent.has(type)) : children;
}

/** Declarations that leave nothing behind at run time. */
export const typeOnly: ReadonlySet<string> = new Set([
  'type_alias_declaration',
  'interface_declaration',
  'ambient_declaration',
  'empty_statement',
  'debugger_statement',
]);
