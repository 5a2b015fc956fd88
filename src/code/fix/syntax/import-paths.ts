import type { Node } from 'web-tree-sitter';
import { namedNodes } from './names';
import { childrenOf } from './nodes';
import { oncePerTree } from './once-per-tree';

const importStatements = oncePerTree((root) =>
  childrenOf(root).filter(({ type }) => type === 'import_statement' || type === 'import_from_statement'),
);

/** Dotted path of what an import at the top level binds to a name; null where none does. */
export function importedPathOf(root: Node, local: string, isPython: boolean): string | null {
  if (!isPython) return specifierOf(root, local);
  for (const statement of importStatements(root)) {
    if (statement.type === 'import_statement') {
      for (const node of statement.childrenForFieldName('name')) {
        const [path, alias] = node.type === 'aliased_import' ? childrenOf(node) : [node, node];
        if (path !== undefined && alias?.text === local) return path.text;
      }
    }
    if (statement.type !== 'import_from_statement') continue;
    const module = statement.childForFieldName('module_name')?.text ?? '';
    for (const node of statement.childrenForFieldName('name')) {
      const [name, alias] = node.type === 'aliased_import' ? childrenOf(node) : [node, node];
      if (name !== undefined && alias?.text === local) return `${module}.${name.text}`;
    }
  }
  return null;
}

/** The first specifier of a name. */
const specifiers = namedNodes(['import_specifier'], (node) => (node.childForFieldName('alias') ?? node.childForFieldName('name'))?.text);

function specifierOf(root: Node, local: string): string | null {
  const [first] = specifiers(local, root);
  return first === undefined ? null : (first.childForFieldName('name')?.text ?? '');
}

/** What the file calls a dotted path: `nn.Sequential` where it has `import torch.nn as nn`; null where it cannot name it. */
export function nameOfPath(root: Node, path: string): string | null {
  const statements = importStatements(root);
  const parts = path.split('.');
  for (let length = parts.length; length > 0; length--) {
    const prefix = parts.slice(0, length).join('.');
    for (const statement of statements) {
      const local = localNameOf(statement, prefix);
      if (local !== null) return [local, ...parts.slice(length)].join('.');
    }
  }
  return null;
}

/** What a statement of the top level calls a module or a member of one. */
function localNameOf(statement: Node, path: string): string | null {
  const module = statement.type === 'import_from_statement' ? statement.childForFieldName('module_name')?.text : undefined;
  if (statement.type !== 'import_statement' && module === undefined) return null;
  for (const node of statement.childrenForFieldName('name')) {
    const name = node.childForFieldName('name') ?? node;
    const bound = module === undefined ? name.text : `${module}.${name.text}`;
    if (bound === path) return node.childForFieldName('alias')?.text ?? (module === undefined ? bound : name.text);
  }
  return null;
}
