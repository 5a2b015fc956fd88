import type { SyntaxNode } from '../syntax-node';

/** Named children without comments, which may stand anywhere. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children = node.namedChildren;
  return children.some(({ type }) => type === 'comment') ? children.filter(({ type }) => type !== 'comment') : children;
}
