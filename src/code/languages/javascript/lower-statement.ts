import type { SyntaxNode } from '../syntax-node';
import type { BinaryOperator, Expression, Statement } from '../../program/program';
import { lowerClass } from './lower-class';
import type { Lowering } from './lower-expression';
import { exportBindings, exportedNames, importBindings, requireBindings } from './lower-import';
import { childrenOf, typeOnly } from './nodes';

/** Lowers one statement; compound ones bring their blocks with them. Types leave nothing behind. */
export function lowerStatement(lowering: Lowering, node: SyntaxNode): Statement[] {
  if (typeOnly.has(node.type)) return [];
  const span = lowering.span(node);
  const children = childrenOf(node);
  const [first] = children;
  switch (node.type) {
    case 'expression_statement':
      return children.flatMap((child) => expressionStatement(lowering, child));
    case 'import_statement':
      return [{ kind: 'import', bindings: importBindings(lowering, node), ...span }];
    case 'export_statement':
      return exported(lowering, node);
    case 'lexical_declaration':
    case 'variable_declaration':
      return children.flatMap((declarator) => declaration(lowering, declarator));
    case 'function_declaration':
    case 'generator_function_declaration':
      return [{ kind: 'function', definition: lowering.definition(node, []), ...span }];
    case 'class_declaration':
    case 'abstract_class_declaration':
      return [{ kind: 'class', definition: lowerClass(lowering, node), ...span }];
    case 'enum_declaration':
      return [enumeration(lowering, node)];
    case 'return_statement':
      return [{ kind: 'return', value: first === undefined ? null : lowering.expression(first), ...span }];
    case 'throw_statement':
    case 'break_statement':
    case 'continue_statement':
      return [{ kind: 'leave', ...span }];
    case 'if_statement':
      return [conditional(lowering, node)];
    case 'for_in_statement':
      return [forEach(lowering, node)];
    case 'for_statement':
      return classicFor(lowering, node);
    case 'while_statement':
    case 'do_statement':
      return [{ kind: 'loop', body: field(lowering, node, 'body'), ...span }];
    case 'switch_statement':
      return [{ kind: 'branches', branches: switchBranches(lowering, node), ...span }];
    case 'try_statement':
      return [
        ...field(lowering, node, 'body'),
        { kind: 'branches', branches: [field(lowering, node, 'handler')], ...span },
        ...field(lowering, node, 'finalizer'),
      ];
    case 'catch_clause':
    case 'finally_clause':
    case 'labeled_statement':
    case 'internal_module':
    case 'module':
    case 'with_statement':
      return field(lowering, node, 'body');
    case 'statement_block':
    case 'else_clause':
    case 'ERROR':
      return children.flatMap((child) => lowerStatement(lowering, child));
    default:
      return [{ kind: 'expression', expression: lowering.expression(node), ...span }];
  }
}

function field(lowering: Lowering, node: SyntaxNode, name: string): Statement[] {
  const part = node.childForFieldName(name);
  return part === null ? [] : lowerStatement(lowering, part);
}

function expressionStatement(lowering: Lowering, node: SyntaxNode): Statement[] {
  const span = lowering.span(node);
  if (node.type === 'internal_module') return lowerStatement(lowering, node);
  const [left, right] = node.type === 'assignment_expression' || node.type === 'augmented_assignment_expression' ? childrenOf(node) : [];
  if (left === undefined || right === undefined) return [{ kind: 'expression', expression: lowering.expression(node), ...span }];
  const operator = node.type === 'assignment_expression' ? null : lowering.between(left, right).replace(/=$/, '');
  if (operator !== null && !['+', '-', '*', '/', '%', '**'].includes(operator))
    return [{ kind: 'expression', expression: lowering.expression(node), ...span }];
  return [
    {
      kind: 'assign',
      target: lowering.target(left),
      operator: operator as BinaryOperator | null,
      value: lowering.expression(right),
      ...span,
    },
  ];
}

function exported(lowering: Lowering, node: SyntaxNode): Statement[] {
  const span = lowering.span(node);
  const declared = node.childForFieldName('declaration');
  if (declared !== null) return lowerStatement(lowering, declared);
  const value = node.childForFieldName('value');
  if (value !== null) return [exportOf(span, 'default', lowering.expression(value))];
  const bindings = exportBindings(lowering, node);
  if (bindings !== null) return [{ kind: 'import', bindings, ...span }];
  return exportedNames(lowering, node).map(([name, exportedAs]) =>
    exportOf(span, exportedAs, { kind: 'name', name: lowering.text(name), ...lowering.span(name) }),
  );
}

/** No name of a program has a space in it, so that what is exported does not hide what is bound. */
function exportOf(span: { start: number; end: number }, name: string, value: Expression): Statement {
  return { kind: 'assign', target: { kind: 'name', name: `export ${name}` }, operator: null, value, ...span };
}

function declaration(lowering: Lowering, declarator: SyntaxNode): Statement[] {
  if (declarator.type !== 'variable_declarator') return [];
  const span = lowering.span(declarator);
  const name = declarator.childForFieldName('name');
  const value = declarator.childForFieldName('value');
  if (name === null) return [];
  const bindings = value === null ? null : requireBindings(lowering, name, value);
  if (bindings !== null) return [{ kind: 'import', bindings, ...span }];
  const assigned: Expression = value === null ? { kind: 'none', ...span } : lowering.expression(value);
  return [{ kind: 'assign', target: lowering.target(name), operator: null, value: assigned, ...span }];
}

/** An enumeration is an object of numbers or strings. */
function enumeration(lowering: Lowering, node: SyntaxNode): Statement {
  const span = lowering.span(node);
  const name = node.childForFieldName('name');
  const body = node.childForFieldName('body');
  const members = body === null ? [] : childrenOf(body);
  // A member without a value counts on from the one before.
  let next = 0;
  const entries = members.map((member) => {
    const [key, given] = member.type === 'enum_assignment' ? childrenOf(member) : [member];
    const at = lowering.span(member);
    const value: Expression = given === undefined ? { kind: 'number', value: next, ...at } : lowering.expression(given);
    next = value.kind === 'number' ? value.value + 1 : next + 1;
    return { key: { kind: 'string' as const, value: key === undefined ? '' : lowering.keyText(key), ...at }, value };
  });
  return {
    kind: 'assign',
    target: { kind: 'name', name: name === null ? '' : lowering.text(name) },
    operator: null,
    value: { kind: 'record', entries, ...span },
    ...span,
  };
}

function conditional(lowering: Lowering, node: SyntaxNode): Statement {
  const test = node.childForFieldName('condition');
  return {
    kind: 'if',
    test: test === null ? { kind: 'other', parts: [], ...lowering.span(node) } : lowering.expression(test),
    body: field(lowering, node, 'consequence'),
    orelse: field(lowering, node, 'alternative'),
    ...lowering.span(node),
  };
}

function forEach(lowering: Lowering, node: SyntaxNode): Statement {
  const span = lowering.span(node);
  const left = node.childForFieldName('left');
  const right = node.childForFieldName('right');
  const isOf = left !== null && right !== null && /\bof\b/.test(lowering.between(left, right));
  const iterable: Expression = right === null ? { kind: 'other', parts: [], ...span } : lowering.expression(right);
  return {
    kind: 'for',
    target: left === null ? { kind: 'name', name: '' } : lowering.target(left),
    // The keys of an object are not followed.
    iterable: isOf ? iterable : { kind: 'other', parts: [iterable], ...lowering.span(right ?? node) },
    body: field(lowering, node, 'body'),
    ...span,
  };
}

/** `for (let i = 0; i < n; i++)` counts as Python's `range` does; any other loop runs an unknown number of times. */
function classicFor(lowering: Lowering, node: SyntaxNode): Statement[] {
  const span = lowering.span(node);
  const initialiser = node.childForFieldName('initializer');
  const setup = initialiser === null ? [] : lowerStatement(lowering, initialiser);
  const body = field(lowering, node, 'body');
  const counter = setup[0];
  const condition = node.childForFieldName('condition');
  const step = node.childForFieldName('increment');
  const test = condition === null ? null : lowering.expression(condition);
  const counts = step !== null && /^(\w+\+\+|\+\+\w+|\w+\s*\+=\s*1)$/.test(lowering.text(step));
  if (counter?.kind !== 'assign' || counter.target.kind !== 'name' || test?.kind !== 'comparison' || !counts)
    return [...setup, { kind: 'loop', body, ...span }];
  const isCounter = test.left.kind === 'name' && test.left.name === counter.target.name;
  if (!isCounter || (test.operator !== '<' && test.operator !== '<=')) return [...setup, { kind: 'loop', body, ...span }];
  const one: Expression = { kind: 'number', value: 1, ...span };
  const end: Expression = test.operator === '<' ? test.right : { kind: 'binary', operator: '+', left: test.right, right: one, ...span };
  const limits = [counter.value, end].map((value) => ({ start: value.start, end: value.end, name: null, spread: null, value }));
  const iterable: Expression = { kind: 'call', callee: { kind: 'name', name: 'range', ...span }, arguments: limits, ...span };
  return [...setup, { kind: 'for', target: counter.target, iterable, body, ...span }];
}

function switchBranches(lowering: Lowering, node: SyntaxNode): Statement[][] {
  const body = node.childForFieldName('body');
  if (body === null) return [];
  return childrenOf(body).map((clause) => {
    const value = clause.childForFieldName('value');
    return childrenOf(clause)
      .filter((child) => child.id !== value?.id)
      .flatMap((child) => lowerStatement(lowering, child));
  });
}
