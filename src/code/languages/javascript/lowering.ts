import type { SyntaxNode } from '../syntax-node';
import type { Expression } from '../../program/program';

/** An expression without its place. */
export type Shape = DistributiveOmit<Expression, 'start' | 'end'>;

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** What lowering operators and patterns asks of lowering expressions, which they are parts of and hold themselves. */
export interface ExpressionLowering {
  span(node: SyntaxNode): { start: number; end: number };
  text(node: SyntaxNode): string;
  /** The operator written between two operands. */
  between(left: SyntaxNode, right: SyntaxNode): string;
  expression(node: SyntaxNode): Expression;
  /** Anything that has no value here: its parts are looked at all the same. */
  other(node: SyntaxNode): Shape;
  shape(node: SyntaxNode): Shape;
  /** The text of a key without its quotes. */
  keyText(node: SyntaxNode): string;
}
