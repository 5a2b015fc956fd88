import type { Node, Tree } from 'web-tree-sitter';

/**
 * Looks through a syntax tree once, however often it is asked about: a file may hold thousands of layers, each of which asks. What is
 * found serves until the next edit, which makes another tree.
 */
export function oncePerTree<T>(find: (root: Node) => T): (within: Node) => T {
  const known = new WeakMap<Tree, { readonly found: T }>();
  return ({ tree }) => {
    const present = known.get(tree) ?? { found: find(tree.rootNode) };
    known.set(tree, present);
    return present.found;
  };
}
