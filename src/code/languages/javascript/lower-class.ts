import type { SyntaxNode } from '../syntax-node';
import type { ClassDefinition, FunctionDefinition, Statement, Unit } from '../../program/program';
import type { Lowering } from './lower-expression';
import { parameterProperties } from './lower-pattern';
import { childrenOf } from './nodes';

/** Makes a unit of a class member; how it is kept is the caller's business. */
export type MemberUnit = (node: SyntaxNode, name: string | null, lower: (lowering: Lowering) => readonly Statement[]) => Unit;

/** A class inside a function is lowered with it, so its members are at hand. */
function eagerMember(lowering: Lowering): MemberUnit {
  return (node, name, lower) => {
    const statements = lower(lowering);
    return { base: 0, text: lowering.text(node), functionName: name, lower: () => statements };
  };
}

/** Fields are set by the constructor, so they are lowered as its first statements. */
export function lowerClass(lowering: Lowering, node: SyntaxNode, unitOf: MemberUnit = eagerMember(lowering)): ClassDefinition {
  const body = node.childForFieldName('body');
  const members = body === null ? [] : childrenOf(body);
  const fields = members.filter((member) => isField(member) && !isStatic(lowering, member));
  const constructor = members.find((member) => member.type === 'method_definition' && nameOf(lowering, member) === 'constructor');
  const bases = baseNodes(node);
  const units = members.flatMap((member): Unit[] => {
    if (member.type === 'method_definition') {
      if (member === constructor)
        return [unitOf(member, 'constructor', (own) => [constructorStatement(own, member, fieldsOf(own, fields))])];
      const name = nameOf(lowering, member);
      return [unitOf(member, name, (own) => [methodStatement(own, member)])];
    }
    if (isField(member) && isStatic(lowering, member)) return [unitOf(member, null, (own) => fieldAssignments(own, member, null))];
    return [];
  });
  const implied =
    constructor === undefined && fields.length > 0 && body !== null ? [impliedConstructor(unitOf, body, fields, bases.length > 0)] : [];
  const name = node.childForFieldName('name');
  return {
    name: name === null ? '' : lowering.text(name),
    bases: bases.map((base) => lowering.expression(base)),
    decorators: [],
    members: [...implied, ...units],
    ...lowering.span(node),
  };
}

function baseNodes(node: SyntaxNode): SyntaxNode[] {
  const heritage = node.namedChildren.find(({ type }) => type === 'class_heritage');
  if (heritage === undefined) return [];
  const clauses = childrenOf(heritage);
  // JavaScript's grammar holds the expression itself, TypeScript's an `extends` clause.
  return clauses.flatMap((clause) =>
    clause.type === 'extends_clause' ? childrenOf(clause).slice(0, 1) : clause.type === 'implements_clause' ? [] : [clause],
  );
}

function isField(member: SyntaxNode): boolean {
  return member.type === 'public_field_definition' || member.type === 'field_definition';
}

function isStatic(lowering: Lowering, member: SyntaxNode): boolean {
  return /^(?:(?:public|private|protected|declare|override|readonly)\s+)*static\b/.test(lowering.text(member));
}

function nameOf(lowering: Lowering, member: SyntaxNode): string {
  const name = member.childForFieldName('name') ?? member.childForFieldName('property');
  return name === null ? '' : lowering.keyText(name);
}

function methodStatement(lowering: Lowering, member: SyntaxNode): Statement {
  const head = /^[^({]*/.exec(lowering.text(member))?.[0] ?? '';
  const decorators = [...(/\bstatic\b/.test(head) ? ['staticmethod'] : []), ...(/\bget\s+\S/.test(head) ? ['property'] : [])];
  return { kind: 'function', definition: lowering.definition(member, decorators), ...lowering.span(member) };
}

/** `this.x = …` for every field and every parameter that is one. A derived class sets them after `super(…)`. */
function constructorStatement(lowering: Lowering, member: SyntaxNode, fields: readonly Statement[]): Statement {
  const definition = lowering.definition(member, []);
  const parameters = member.childForFieldName('parameters');
  const properties = parameters === null ? [] : parameterProperties(lowering, parameters);
  const assigned = properties.map((name): Statement => {
    const span = lowering.span(member);
    return { kind: 'assign', target: ownProperty(span, name), operator: null, value: { kind: 'name', name, ...span }, ...span };
  });
  const superAt = definition.body.findIndex(
    (statement) => statement.kind === 'expression' && statement.expression.kind === 'call' && isSuper(statement.expression.callee),
  );
  const body = [...definition.body.slice(0, superAt + 1), ...assigned, ...fields, ...definition.body.slice(superAt + 1)];
  return { kind: 'function', definition: { ...definition, body }, ...lowering.span(member) };
}

function isSuper(callee: { readonly kind: string; readonly name?: unknown }): boolean {
  return callee.kind === 'name' && callee.name === 'super';
}

function impliedConstructor(unitOf: MemberUnit, body: SyntaxNode, fields: readonly SyntaxNode[], derived: boolean): Unit {
  return unitOf(body, 'constructor', (lowering) => {
    const span = lowering.span(body);
    const args = { kind: 'name' as const, name: 'args' };
    const callSuper: Statement = {
      kind: 'expression',
      expression: {
        kind: 'call',
        callee: { kind: 'name', name: 'super', ...span },
        arguments: [{ name: null, spread: 'items', value: { ...span, ...args }, ...span }],
        ...span,
      },
      ...span,
    };
    const definition: FunctionDefinition = {
      name: 'constructor',
      parameters: derived ? [{ target: args, kind: 'rest-items', fallback: null }] : [],
      body: [...(derived ? [callSuper] : []), ...fieldsOf(lowering, fields)],
      decorators: [],
      ...span,
    };
    return [{ kind: 'function', definition, ...span }];
  });
}

function fieldsOf(lowering: Lowering, fields: readonly SyntaxNode[]): Statement[] {
  return fields.flatMap((member) => fieldAssignments(lowering, member, 'this'));
}

function fieldAssignments(lowering: Lowering, member: SyntaxNode, owner: 'this' | null): Statement[] {
  const value = member.childForFieldName('value');
  if (value === null) return [];
  const span = lowering.span(member);
  const name = nameOf(lowering, member);
  return [
    {
      kind: 'assign',
      target: owner === null ? { kind: 'name', name } : ownProperty(span, name),
      operator: null,
      value: lowering.expression(value),
      ...span,
    },
  ];
}

function ownProperty(span: { start: number; end: number }, name: string) {
  return { kind: 'attribute' as const, object: { kind: 'name' as const, name: 'this', ...span }, name };
}
