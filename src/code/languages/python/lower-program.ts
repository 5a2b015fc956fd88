import type { SyntaxNode } from '../syntax-node';
import type { ClassDefinition, Program, Unit } from '../../program/program';
import type { UnitCache } from '../unit-cache';
import { Lowering } from './lower-expression';
import { lowerStatement } from './lower-statement';
import { childrenOf } from './nodes';

/** Divides a Python module into units. Functions are lowered when they are first called, classes member by member. */
export function lowerPython(root: SyntaxNode, source: string, cache: UnitCache): Program {
  return { units: childrenOf(root).map((node) => unitOf(node, source, 0, cache)) };
}

/** @param origin absolute offset that the unit's base is relative to */
function unitOf(node: SyntaxNode, source: string, origin: number, cache: UnitCache): Unit {
  const start = node.startIndex;
  const text = source.slice(start, node.endIndex);
  const definition = definitionIn(node, text);
  if (definition?.type === 'class_definition') {
    const lower = () => [
      { kind: 'class' as const, start: 0, end: text.length, definition: classOf(definition, node, source, start, cache) },
    ];
    return { base: start - origin, text, functionName: null, lower };
  }
  const functionName = definition === null ? null : nameOf(definition, source);
  return cache.unit(start - origin, text, functionName, () => lowerStatement(new Lowering(source, start, start + text.length), node));
}

/** The class or function that a unit defines. Asking the text first spares most units a question to the tree. */
function definitionIn(node: SyntaxNode, text: string): SyntaxNode | null {
  if (!/^(?:@|class\b|def\b|async\b)/.test(text)) return null;
  const { type } = node;
  if (type === 'function_definition' || type === 'class_definition') return node;
  return type === 'decorated_definition' ? node.childForFieldName('definition') : null;
}

function nameOf(definition: SyntaxNode, source: string): string | null {
  const head = /(?:async\s+)?def\s+([^\s(]+)/y;
  head.lastIndex = definition.startIndex;
  return head.exec(source)?.[1] ?? null;
}

/** A class whose members are units, so that an edit in one method leaves the others alone. */
function classOf(definition: SyntaxNode, outer: SyntaxNode, source: string, start: number, cache: UnitCache): ClassDefinition {
  const lowering = new Lowering(source, start, definition.endIndex);
  const body = definition.childForFieldName('body');
  return {
    members: body === null ? [] : childrenOf(body).map((member) => unitOf(member, source, start, cache)),
    ...lowering.classHead(definition, outer),
  };
}
