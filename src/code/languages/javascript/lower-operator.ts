import type { SyntaxNode } from '../syntax-node';
import type { BinaryOperator, ComparisonOperator, Expression } from '../../program/program';
import type { ExpressionLowering, Shape } from './lowering';
import { lowerTarget } from './lower-pattern';
import { childrenOf } from './nodes';

const binaryOperators: readonly string[] = ['+', '-', '*', '/', '%', '**', '|', '<<', '>>'] satisfies BinaryOperator[];
const comparisons: Readonly<Record<string, ComparisonOperator>> = {
  '==': '==',
  '===': '==',
  '!=': '!=',
  '!==': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const logicals: Readonly<Record<string, 'and' | 'or' | '??'>> = { '&&': 'and', '||': 'or', '??': '??' };

export function unary(lowering: ExpressionLowering, node: SyntaxNode): Shape {
  const [operand] = childrenOf(node);
  if (operand === undefined) return lowering.other(node);
  const sign = lowering.text(node).charAt(0);
  if (sign === '-') return { kind: 'negation', operand: lowering.expression(operand) };
  if (sign === '!') return { kind: 'not', operand: lowering.expression(operand) };
  return sign === '+' ? lowering.shape(operand) : lowering.other(node);
}

export function update(lowering: ExpressionLowering, node: SyntaxNode): Shape {
  const [operand] = childrenOf(node);
  if (operand === undefined) return lowering.other(node);
  const span = lowering.span(node);
  const operator = lowering.text(node).includes('--') ? '-' : '+';
  const value: Expression = {
    kind: 'binary',
    operator,
    left: lowering.expression(operand),
    right: { kind: 'number', value: 1, ...span },
    ...span,
  };
  return { kind: 'assignment', target: lowerTarget(lowering, operand), value };
}

export function binary(lowering: ExpressionLowering, node: SyntaxNode): Shape {
  const [left, right] = childrenOf(node);
  if (left === undefined || right === undefined) return lowering.other(node);
  const operator = lowering.between(left, right);
  const sides = { left: lowering.expression(left), right: lowering.expression(right) };
  const [logical, comparison] = [logicals[operator], comparisons[operator]];
  if (logical !== undefined) return { kind: 'logical', operator: logical, ...sides };
  if (comparison !== undefined) return { kind: 'comparison', operator: comparison, ...sides };
  if (binaryOperators.includes(operator)) return { kind: 'binary', operator: operator as BinaryOperator, ...sides };
  return { kind: 'other', parts: [sides.left, sides.right] };
}

export function conditional(lowering: ExpressionLowering, node: SyntaxNode): Shape {
  const [test, whenTrue, whenFalse] = childrenOf(node);
  if (test === undefined || whenTrue === undefined || whenFalse === undefined) return lowering.other(node);
  return {
    kind: 'conditional',
    test: lowering.expression(test),
    whenTrue: lowering.expression(whenTrue),
    whenFalse: lowering.expression(whenFalse),
  };
}

export function assignment(lowering: ExpressionLowering, node: SyntaxNode): Shape {
  const [left, right] = childrenOf(node);
  if (left === undefined || right === undefined) return lowering.other(node);
  const target = lowerTarget(lowering, left);
  const value = lowering.expression(right);
  if (node.type === 'assignment_expression') return { kind: 'assignment', target, value };
  const operator = lowering.between(left, right).replace(/=$/, '');
  const before = lowering.expression(left);
  const logical = logicals[operator];
  const span = lowering.span(node);
  if (logical !== undefined)
    return { kind: 'assignment', target, value: { kind: 'logical', operator: logical, left: before, right: value, ...span } };
  if (!binaryOperators.includes(operator)) return { kind: 'assignment', target, value: { kind: 'other', parts: [before, value], ...span } };
  return {
    kind: 'assignment',
    target,
    value: { kind: 'binary', operator: operator as BinaryOperator, left: before, right: value, ...span },
  };
}
