import type { SyntaxNode } from '../syntax-node';
import type { BinaryOperator, ComparisonOperator } from '../../program/program';
import type { ExpressionLowering, Shape } from './lowering';

const binaryOperators: readonly string[] = ['+', '-', '*', '/', '//', '%', '**', '|', '<<', '>>'] satisfies BinaryOperator[];
const comparisonOperators: readonly string[] = [
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'is',
  'is not',
  'in',
  'not in',
] satisfies ComparisonOperator[];

export function unary(lowering: ExpressionLowering, node: SyntaxNode): Shape {
  const [inner] = lowering.children(node);
  if (inner === undefined) return lowering.other(node);
  const sign = lowering.text(node).charAt(0);
  if (sign === '-') return operand(lowering, node, 'negation');
  return sign === '+' ? lowering.shape(inner, inner.type) : lowering.other(node);
}

export function operand(lowering: ExpressionLowering, node: SyntaxNode, kind: 'negation' | 'not'): Shape {
  const [inner] = lowering.children(node);
  return inner === undefined ? lowering.other(node) : { kind, operand: lowering.expression(inner) };
}

export function binary(lowering: ExpressionLowering, node: SyntaxNode): Shape {
  const [left, right] = lowering.children(node);
  if (left === undefined || right === undefined) return lowering.other(node);
  const operator = lowering.between(left, right);
  if (!binaryOperators.includes(operator)) return lowering.other(node);
  return { kind: 'binary', operator: operator as BinaryOperator, left: lowering.expression(left), right: lowering.expression(right) };
}

export function logical(lowering: ExpressionLowering, node: SyntaxNode): Shape {
  const [left, right] = lowering.children(node);
  if (left === undefined || right === undefined) return lowering.other(node);
  const operator = lowering.between(left, right) === 'or' ? 'or' : 'and';
  return { kind: 'logical', operator, left: lowering.expression(left), right: lowering.expression(right) };
}

export function comparison(lowering: ExpressionLowering, node: SyntaxNode): Shape {
  const [left, right, ...others] = lowering.children(node);
  if (left === undefined || right === undefined || others.length > 0) return lowering.other(node);
  const operator = lowering.between(left, right);
  if (!comparisonOperators.includes(operator)) return lowering.other(node);
  return {
    kind: 'comparison',
    operator: operator as ComparisonOperator,
    left: lowering.expression(left),
    right: lowering.expression(right),
  };
}

export function conditional(lowering: ExpressionLowering, node: SyntaxNode): Shape {
  const [whenTrue, test, whenFalse] = lowering.children(node);
  if (whenTrue === undefined || test === undefined || whenFalse === undefined) return lowering.other(node);
  return {
    kind: 'conditional',
    test: lowering.expression(test),
    whenTrue: lowering.expression(whenTrue),
    whenFalse: lowering.expression(whenFalse),
  };
}
