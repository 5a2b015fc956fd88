import type { SyntaxNode } from '../syntax-node';
import type { ImportBinding } from '../../program/program';
import type { Lowering } from './lower-expression';
import { childrenOf } from './nodes';

/** The names that an `import` statement binds. What only types use is bound to nothing. */
export function importBindings(lowering: Lowering, node: SyntaxNode): ImportBinding[] {
  const text = lowering.text(node);
  const isType = /^import\s+type\b/.test(text);
  return childrenOf(node).flatMap((clause): ImportBinding[] => {
    const source = node.childForFieldName('source') ?? clause.childForFieldName('source');
    if (source === null) return [];
    const module = lowering.keyText(source);
    if (clause.type === 'import_require_clause') {
      const [name] = childrenOf(clause);
      return name === undefined ? [] : [{ local: lowering.text(name), path: module }];
    }
    return clause.type === 'import_clause'
      ? clauseBindings(lowering, clause, module).map((binding) => (isType ? { ...binding, path: '' } : binding))
      : [];
  });
}

function clauseBindings(lowering: Lowering, clause: SyntaxNode, module: string): ImportBinding[] {
  return childrenOf(clause).flatMap((part): ImportBinding[] => {
    const children = childrenOf(part);
    switch (part.type) {
      case 'identifier':
        return [{ local: lowering.text(part), path: `${module}.default` }];
      case 'namespace_import':
        return children[0] === undefined ? [] : [{ local: lowering.text(children[0]), path: module }];
      case 'named_imports':
        return children.flatMap((specifier) => {
          const name = specifier.childForFieldName('name');
          const alias = specifier.childForFieldName('alias') ?? name;
          if (name === null || alias === null) return [];
          const path = /^type\s+\w/.test(lowering.text(specifier)) ? '' : `${module}.${lowering.keyText(name)}`;
          return [{ local: lowering.text(alias), path }];
        });
      default:
        return [];
    }
  });
}

/** `const tf = require('…')`, `const {layers} = require('…')`, `await import('…')`; null for any other declaration. */
export function requireBindings(lowering: Lowering, name: SyntaxNode, value: SyntaxNode): ImportBinding[] | null {
  const path = requiredPath(lowering, value);
  if (path === null) return null;
  if (name.type === 'identifier') return [{ local: lowering.text(name), path }];
  if (name.type !== 'object_pattern') return null;
  return childrenOf(name).flatMap((entry): ImportBinding[] => {
    const [key, target] = childrenOf(entry);
    if (entry.type === 'shorthand_property_identifier_pattern')
      return [{ local: lowering.text(entry), path: `${path}.${lowering.text(entry)}` }];
    if (entry.type !== 'pair_pattern' || key === undefined || target?.type !== 'identifier') return [];
    return [{ local: lowering.text(target), path: `${path}.${lowering.keyText(key)}` }];
  });
}

function requiredPath(lowering: Lowering, node: SyntaxNode): string | null {
  const [first, second] = childrenOf(node);
  switch (node.type) {
    case 'await_expression':
    case 'as_expression':
    case 'parenthesized_expression':
      return first === undefined ? null : requiredPath(lowering, first);
    case 'member_expression': {
      const module = first === undefined ? null : requiredPath(lowering, first);
      return module === null || second === undefined ? null : `${module}.${lowering.text(second)}`;
    }
    case 'call_expression': {
      const callee = first === undefined ? '' : lowering.text(first);
      const specifier = second?.type === 'arguments' ? childrenOf(second)[0] : undefined;
      return (callee === 'require' || callee === 'import') && specifier?.type === 'string' ? lowering.keyText(specifier) : null;
    }
    default:
      return null;
  }
}

/** The names that `export … from` takes from another module and gives on; null for an export of the module's own. */
export function exportBindings(lowering: Lowering, node: SyntaxNode): ImportBinding[] | null {
  const source = node.childForFieldName('source');
  if (source === null) return null;
  const module = lowering.keyText(source);
  if (/^export\s+type\b/.test(lowering.text(node))) return [];
  const names = exportedNames(lowering, node);
  if (names.length > 0)
    return names.map(([name, exportedAs]) => ({ local: `export ${exportedAs}`, path: `${module}.${lowering.text(name)}` }));
  const [space] = childrenOf(node).filter(({ type }) => type === 'namespace_export');
  const [alias] = space === undefined ? [] : childrenOf(space);
  return [alias === undefined ? { local: '*', path: module } : { local: `export ${lowering.text(alias)}`, path: module }];
}

/** `a as b` of an export clause: the name, and what others know it by. */
export function exportedNames(lowering: Lowering, node: SyntaxNode): readonly (readonly [name: SyntaxNode, exportedAs: string])[] {
  return childrenOf(node)
    .filter(({ type }) => type === 'export_clause')
    .flatMap((clause) => childrenOf(clause))
    .flatMap((specifier) => {
      const name = specifier.childForFieldName('name');
      if (name === null) return [];
      const alias = specifier.childForFieldName('alias');
      return [[name, alias === null ? lowering.text(name) : lowering.keyText(alias)] as const];
    });
}
