import type { SyntaxNode } from '../syntax-node';
import type { Program, Unit } from '../../program/program';
import type { UnitCache } from '../unit-cache';
import { lowerClass } from './lower-class';
import { Lowering } from './lower-expression';
import { lowerStatement } from './lower-statement';
import { childrenOf, typeOnly } from './nodes';

/** Divides a JavaScript or TypeScript module into units. Functions are lowered when they are first called, classes member by member. */
export function lowerJavaScript(root: SyntaxNode, source: string, cache: UnitCache): Program {
  return {
    units: childrenOf(root)
      .filter(({ type }) => !typeOnly.has(type))
      .flatMap((node) => [unitOf(node, source, cache), ...defaultExport(node)]),
  };
}

/** `export default class Net …` also gives the module its default. It mentions nothing that the declaration does not. */
function defaultExport(node: SyntaxNode): Unit[] {
  if (node.type !== 'export_statement' || !/^export\s+default\b/.test(node.text.slice(0, 40))) return [];
  const name = node.childForFieldName('declaration')?.childForFieldName('name')?.text;
  if (name === undefined) return [];
  const value = { start: 0, end: 0, kind: 'name', name } as const;
  const target = { kind: 'name', name: 'export default' } as const;
  return [
    {
      base: node.startIndex,
      text: '',
      functionName: null,
      lower: () => [{ start: 0, end: 0, kind: 'assign', target, operator: null, value }],
    },
  ];
}

function unitOf(node: SyntaxNode, source: string, cache: UnitCache): Unit {
  const start = node.startIndex;
  const text = source.slice(start, node.endIndex);
  const declared = node.type === 'export_statement' ? (node.childForFieldName('declaration') ?? node) : node;
  const lowering = new Lowering(source, start, lowerStatement);
  if (declared.type === 'class_declaration' || declared.type === 'abstract_class_declaration') {
    return {
      base: start,
      text,
      functionName: null,
      lower: () => [{ kind: 'class', start: 0, end: text.length, definition: classOf(declared, source, start, cache) }],
    };
  }
  const isFunction = declared.type === 'function_declaration' || declared.type === 'generator_function_declaration';
  const functionName = isFunction ? (declared.childForFieldName('name')?.text ?? null) : null;
  return cache.unit(start, text, functionName, () => lowerStatement(lowering, declared));
}

/** A class whose members are units, so that an edit in one method leaves the others alone. */
function classOf(node: SyntaxNode, source: string, start: number, cache: UnitCache) {
  return lowerClass(new Lowering(source, start, lowerStatement), node, (member, name, lower) => {
    const base = member.startIndex;
    // A constructor is lowered with the fields around it, whose positions depend on the whole class.
    const text = name === 'constructor' ? source.slice(node.startIndex, node.endIndex) : source.slice(base, member.endIndex);
    const key = name === 'constructor' ? `${base - start}:${text}` : text;
    return { ...cache.unit(base - start, key, name, () => lower(new Lowering(source, base, lowerStatement))), text };
  });
}
