import type { Node } from 'web-tree-sitter';

/** Named children without comments, which may stand anywhere. */
export function childrenOf(node: Node): Node[] {
  const children = node.namedChildren;
  return children.some(({ type }) => type === 'comment') ? children.filter(({ type }) => type !== 'comment') : children;
}
