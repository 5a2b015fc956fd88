import type { Node } from 'web-tree-sitter';
import type { SourceRange } from '../../finding';

/** The node that covers exactly a range; null where none does. */
export function nodeAt(root: Node, { start, end }: SourceRange): Node | null {
  if (start < 0 || end > root.endIndex) return null;
  const node = root.descendantForIndex(start, end);
  return node !== null && node.startIndex === start && node.endIndex === end ? node : null;
}

export function rangeOf({ startIndex, endIndex }: Node): SourceRange {
  return { start: startIndex, end: endIndex };
}

/** Nodes around a node, innermost first. */
export function* around(node: Node): Generator<Node> {
  for (let current = node.parent; current !== null; current = current.parent) yield current;
}

/** The innermost node of one of the types around a node. */
export function enclosing(node: Node, types: ReadonlySet<string>): Node | null {
  for (const outer of around(node)) if (types.has(outer.type)) return outer;
  return null;
}

export function contains(outer: Node, inner: Node): boolean {
  return outer.startIndex <= inner.startIndex && inner.endIndex <= outer.endIndex;
}

/** Named children without comments. */
export function childrenOf(node: Node): Node[] {
  return node.namedChildren.filter(({ type }) => type !== 'comment');
}

/** The node without the brackets around it, and without TypeScript's `as T` and `!`. */
export function bare(node: Node): Node {
  const inner = transparent.has(node.type) ? childrenOf(node)[0] : undefined;
  return inner === undefined ? node : bare(inner);
}

/** The outermost node that stands for the same value: brackets and `as T` around it are passed. */
export function withWrapping(node: Node): Node {
  const { parent } = node;
  return parent !== null && transparent.has(parent.type) && childrenOf(parent)[0]?.id === node.id ? withWrapping(parent) : node;
}

const transparent: ReadonlySet<string> = new Set([
  'parenthesized_expression',
  'as_expression',
  'non_null_expression',
  'satisfies_expression',
]);

export const functionTypes: ReadonlySet<string> = new Set([
  'function_definition',
  'lambda',
  'function_declaration',
  'generator_function_declaration',
  'function_expression',
  'arrow_function',
  'method_definition',
]);

export const classTypes: ReadonlySet<string> = new Set(['class_definition', 'class_declaration', 'class']);

/** What holds the statements of a module, a body or a branch. */
export const blockTypes: ReadonlySet<string> = new Set(['module', 'block', 'program', 'statement_block', 'switch_case', 'switch_default']);

/** Looked for once a node, since a tree finds what is around a node only by walking down to it again. */
const functionsAround = new WeakMap<Node, Node | null>();

/** The innermost function around a node; null in the module or a class body. */
export function functionAround(node: Node): Node | null {
  const known = functionsAround.get(node);
  if (known !== undefined) return known;
  const found = enclosing(node, functionTypes);
  functionsAround.set(node, found);
  return found;
}

/** The statement of a block that holds a node. */
export function statementAround(node: Node): Node | null {
  let inner = node;
  for (const outer of around(node)) {
    if (blockTypes.has(outer.type)) return inner;
    inner = outer;
  }
  return null;
}
