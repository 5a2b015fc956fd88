import type { Node } from 'web-tree-sitter';
import type { Expression } from '../../program/program';

/** An expression without its place. */
export type Shape = DistributiveOmit<Expression, 'start' | 'end'>;

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** What lowering operators and patterns asks of lowering expressions, which they are parts of and hold themselves. */
export interface ExpressionLowering {
  span(node: Node): { start: number; end: number };
  text(node: Node): string;
  /** The operator written between two operands. */
  between(left: Node, right: Node): string;
  expression(node: Node): Expression;
  /** Anything that has no value here: its parts are looked at all the same. */
  other(node: Node): Shape;
  shape(node: Node): Shape;
  /** The text of a key without its quotes. */
  keyText(node: Node): string;
}
