import { t } from '@vscode/l10n';
import type { SyntaxNode } from '../syntax-node';
import { codeLimits } from '../../../core/limits';
import type { BinaryOperator, Expression, FunctionDefinition, ImportBinding, Statement } from '../../program/program';
import { JudgingStopped } from '../../program/stop';
import type { Lowering } from './lower-expression';
import { lowerParameters, lowerTarget } from './lower-pattern';

/** Lowers one statement of Python; compound ones bring their blocks with them. */
export function lowerStatement(lowering: Lowering, node: SyntaxNode): Statement[] {
  const { type } = node;
  if (type === 'expression_statement')
    return lowering.isDocstring(node) ? [] : lowering.children(node).flatMap((child) => expressionStatement(lowering, child));
  const span = lowering.span(node);
  const children = lowering.children(node);
  const [first, second] = children;
  switch (type) {
    case 'import_statement':
      return [{ kind: 'import', bindings: children.flatMap((child) => moduleImport(lowering, child)), ...span }];
    case 'import_from_statement':
      return [{ kind: 'import', bindings: importsFrom(lowering, children), ...span }];
    case 'function_definition':
      return [{ kind: 'function', definition: functionDefinition(lowering, node, node), ...span }];
    case 'class_definition':
      return [nestedClass(lowering, node, node)];
    case 'decorated_definition':
      return decorated(lowering, node);
    case 'return_statement':
      return [{ kind: 'return', value: first === undefined ? null : lowering.expression(first), ...span }];
    case 'if_statement':
      return [conditional(lowering, children, span)];
    case 'for_statement':
      if (first === undefined || second === undefined) return [];
      return [
        {
          kind: 'for',
          target: lowerTarget(lowering, first),
          iterable: lowering.expression(second),
          body: blocks(lowering, children),
          ...span,
        },
      ];
    case 'while_statement':
      return [{ kind: 'loop', body: blocks(lowering, children), ...span }];
    case 'try_statement':
      return tryStatement(lowering, children, span);
    case 'with_statement':
      return [{ kind: 'block', body: withStatement(lowering, children), ...span }];
    case 'match_statement':
      return [matchStatement(lowering, children, span)];
    case 'raise_statement':
    case 'break_statement':
    case 'continue_statement':
      return [{ kind: 'leave', ...span }];
    case 'pass_statement':
    case 'global_statement':
    case 'nonlocal_statement':
      return [];
    case 'block':
    case 'ERROR':
      return children.flatMap((child) => lowerStatement(lowering, child));
    default:
      return [{ kind: 'other', parts: children.map((child) => lowering.expression(child)), ...span }];
  }
}

/** The statements of all blocks among the children: a body, and an `else` behind it. */
function blocks(lowering: Lowering, children: readonly SyntaxNode[]): Statement[] {
  return children.flatMap((child) => {
    if (child.type === 'block') return lowerStatement(lowering, child);
    return child.type.endsWith('_clause') ? blocks(lowering, lowering.children(child)) : [];
  });
}

function expressionStatement(lowering: Lowering, node: SyntaxNode): Statement[] {
  const { type } = node;
  const parts = type === 'assignment' || type === 'augmented_assignment' ? lowering.children(node) : [];
  const target = parts[0];
  const value = parts.at(-1);
  if (target === undefined || value === undefined) {
    const expression = lowering.expression(node, type);
    return [{ start: expression.start, end: expression.end, kind: 'expression', expression }];
  }
  const span = lowering.span(node);
  const declared = type === 'assignment' && value.type === 'type';
  const operator = type === 'assignment' ? null : lowering.between(target, value).replace(/=$/, '');
  // `strides: int` declares a field without a value.
  const expression = declared ? { kind: 'other' as const, parts: [], ...span } : lowering.expression(value);
  return [
    { kind: 'assign', target: lowerTarget(lowering, target), operator: operator as BinaryOperator | null, value: expression, ...span },
  ];
}

function moduleImport(lowering: Lowering, node: SyntaxNode): ImportBinding[] {
  if (node.type === 'dotted_name') {
    const root = lowering.text(node).split('.')[0] ?? '';
    return [{ local: root, path: root }];
  }
  const [name, alias] = lowering.children(node);
  return name === undefined || alias === undefined ? [] : [{ local: lowering.text(alias), path: lowering.text(name) }];
}

function importsFrom(lowering: Lowering, [from, ...names]: readonly SyntaxNode[]): ImportBinding[] {
  if (from === undefined) return [];
  const module = lowering.text(from);
  const prefix = module.endsWith('.') ? module : `${module}.`;
  return names.flatMap((node) => {
    if (node.type === 'wildcard_import') return [{ local: '*', path: module }];
    const [name, alias] = node.type === 'aliased_import' ? lowering.children(node) : [node, node];
    return name === undefined || alias === undefined ? [] : [{ local: lowering.text(alias), path: `${prefix}${lowering.text(name)}` }];
  });
}

function functionDefinition(lowering: Lowering, node: SyntaxNode, outer: SyntaxNode): FunctionDefinition {
  const children = lowering.children(node);
  const parameters = children.find(({ type }) => type === 'parameters');
  return {
    name: children[0] === undefined ? '' : lowering.text(children[0]),
    parameters: parameters === undefined ? [] : lowerParameters(lowering, parameters),
    body: blocks(lowering, children),
    decorators: lowering.decorators(outer),
    ...lowering.span(outer),
  };
}

/** A class inside a function: it is lowered with the function, so its members are at hand. */
function nestedClass(lowering: Lowering, node: SyntaxNode, outer: SyntaxNode): Statement {
  const head = lowering.classHead(node, outer);
  const body = node.childForFieldName('body');
  const statements =
    body === null
      ? []
      : lowering.children(body).map((member) => ({ text: lowering.text(member), lowered: lowerStatement(lowering, member) }));
  const members = statements.map(({ text, lowered }) => ({ base: 0, text, functionName: null, lower: () => lowered }));
  return { kind: 'class', definition: { members, ...head }, ...lowering.span(outer) };
}

function decorated(lowering: Lowering, node: SyntaxNode): Statement[] {
  const definition = node.childForFieldName('definition');
  if (definition?.type === 'class_definition') return [nestedClass(lowering, definition, node)];
  if (definition?.type !== 'function_definition') return [];
  return [{ kind: 'function', definition: functionDefinition(lowering, definition, node), ...lowering.span(node) }];
}

/** `elif` is an `if` in the `else` of the one before. @throws JudgingStopped where there are too many of them */
function conditional(lowering: Lowering, [test, body, ...clauses]: readonly SyntaxNode[], span: { start: number; end: number }): Statement {
  if (clauses.length > codeLimits.nesting) throw new JudgingStopped(t`it has more than ${codeLimits.nesting} branches in one statement`);
  const orelse = clauses.reduceRight<readonly Statement[]>((rest, clause) => {
    if (clause.type !== 'elif_clause') return blocks(lowering, [clause]);
    const [elifTest, elifBody] = lowering.children(clause);
    return [branch(lowering, elifTest, elifBody, rest, lowering.span(clause))];
  }, []);
  return branch(lowering, test, body, orelse, span);
}

function branch(
  lowering: Lowering,
  test: SyntaxNode | undefined,
  body: SyntaxNode | undefined,
  orelse: readonly Statement[],
  span: { start: number; end: number },
): Statement {
  return {
    kind: 'if',
    test: test === undefined ? { kind: 'other', parts: [], ...span } : lowering.expression(test),
    body: body === undefined ? [] : lowerStatement(lowering, body),
    orelse,
    ...span,
  };
}

function tryStatement(lowering: Lowering, children: readonly SyntaxNode[], span: { start: number; end: number }): Statement[] {
  const handlers = children.filter(({ type }) => type.startsWith('except'));
  const rest = children.filter(({ type }) => type === 'else_clause' || type === 'finally_clause');
  const body = children.filter(({ type }) => type === 'block');
  return [
    ...blocks(lowering, body),
    { kind: 'branches', branches: handlers.map((handler) => blocks(lowering, [handler])), ...span },
    ...blocks(lowering, rest),
  ];
}

function withStatement(lowering: Lowering, children: readonly SyntaxNode[]): Statement[] {
  const items = children
    .filter(({ type }) => type === 'with_clause')
    .flatMap((child) => lowering.children(child))
    .flatMap((child) => lowering.children(child));
  const entered = items.map((item): Statement => {
    const span = lowering.span(item);
    const [value, alias] = item.type === 'as_pattern' ? lowering.children(item) : [item];
    const entered = { kind: 'other' as const, parts: value === undefined ? [] : [lowering.expression(value)], ...span };
    return alias === undefined
      ? { kind: 'expression', expression: entered, ...span }
      : { kind: 'assign', target: lowerTarget(lowering, alias), operator: null, value: entered, ...span };
  });
  return [...entered, ...blocks(lowering, children)];
}

/** Cases that are literals are compared one by one; any other pattern may match or not. */
function matchStatement(lowering: Lowering, children: readonly SyntaxNode[], span: { start: number; end: number }): Statement {
  const [subject] = children;
  const clauses = children
    .flatMap((child) => (child.type === 'block' ? lowering.children(child) : [child]))
    .filter(({ type }) => type === 'case_clause');
  const cases = clauses.map((clause) => ({ literals: caseLiterals(lowering, clause), body: blocks(lowering, [clause]) }));
  if (subject === undefined || cases.some(({ literals }) => literals === null))
    return { kind: 'branches', branches: cases.map(({ body }) => body), ...span };
  const tested = lowering.expression(subject);
  const orelse = cases.reduceRight<readonly Statement[]>((rest, { literals, body }) => {
    if (literals === null || literals.length === 0) return body;
    const test = literals
      .map((right): Expression => ({ kind: 'comparison', operator: '==', left: tested, right, ...span }))
      .reduce((left, right): Expression => ({ kind: 'logical', operator: 'or', left, right, ...span }));
    return [{ kind: 'if', test, body, orelse: rest, ...span }];
  }, []);
  return { kind: 'block', body: orelse, ...span };
}

/** The literals of `case "max" | "avg":`; none for `case _:`, null where the case is anything else. */
function caseLiterals(lowering: Lowering, clause: SyntaxNode): Expression[] | null {
  const patterns = lowering.children(clause).filter(({ type }) => type === 'case_pattern');
  const guarded = lowering.children(clause).some(({ type }) => type === 'if_clause');
  const [pattern] = patterns;
  if (pattern === undefined || patterns.length > 1 || guarded) return null;
  if (lowering.text(pattern).trim() === '_') return [];
  const [inner] = lowering.children(pattern);
  const options = inner?.type === 'union_pattern' ? lowering.children(inner) : inner === undefined ? [] : [inner];
  const isLiteral =
    options.length > 0 && options.every(({ type }) => ['string', 'integer', 'float', 'true', 'false', 'none'].includes(type));
  return isLiteral ? options.map((option) => lowering.expression(option)) : null;
}
