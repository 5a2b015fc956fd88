import type { FunctionDefinition, Target } from './statement';

/** Offsets in UTF-16 code units, relative to the base of the unit that holds the node (see `program.ts`). */
export interface Located {
  readonly start: number;
  readonly end: number;
}

/** One argument of a call, in the order written. `name` is set for keywords. */
export interface Argument extends Located {
  readonly name: string | null;
  /** `*values` (`...values`) or `**options`. */
  readonly spread: 'items' | 'entries' | null;
  readonly value: Expression;
}

/** An item of a list, tuple or array, or the items that a spread adds. */
export interface Item {
  readonly spread: boolean;
  readonly value: Expression;
}

/** An entry of a dict or an object literal. `key` is null for a spread. */
export interface Entry {
  readonly key: Expression | null;
  readonly value: Expression;
}

/** `for target in iterable if condition`, one clause of a comprehension. */
export interface ComprehensionClause {
  readonly target: Target;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '|' | '<<' | '>>';
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'is' | 'is not' | 'in' | 'not in';

/**
 * What Python and JavaScript expressions have in common, as far as the value of a stride or the way of a feature map can
 * depend on it. Whatever else a language offers becomes `other` with its subexpressions, so that layers inside are seen.
 */
export type Expression = Located &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'none' }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
    | { readonly kind: 'subscript'; readonly object: Expression; readonly index: Expression }
    | { readonly kind: 'call'; readonly callee: Expression; readonly arguments: readonly Argument[] }
    | { readonly kind: 'sequence'; readonly items: readonly Item[] }
    | { readonly kind: 'record'; readonly entries: readonly Entry[] }
    | { readonly kind: 'negation'; readonly operand: Expression }
    | { readonly kind: 'not'; readonly operand: Expression }
    | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'comparison'; readonly operator: ComparisonOperator; readonly left: Expression; readonly right: Expression }
    /** `??` is JavaScript's: the right side only for null and undefined. */
    | { readonly kind: 'logical'; readonly operator: 'and' | 'or' | '??'; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'conditional'; readonly test: Expression; readonly whenTrue: Expression; readonly whenFalse: Expression }
    | { readonly kind: 'function'; readonly definition: FunctionDefinition }
    /** `key` is null but for a comprehension of a dict. */
    | {
        readonly kind: 'comprehension';
        readonly key: Expression | null;
        readonly element: Expression;
        readonly clauses: readonly ComprehensionClause[];
      }
    /** Text with values put in: f-strings and template strings. */
    | { readonly kind: 'text'; readonly parts: readonly Expression[] }
    /** `target := value`, `target = value` as an expression. */
    | { readonly kind: 'assignment'; readonly target: Target; readonly value: Expression }
    | { readonly kind: 'other'; readonly parts: readonly Expression[] }
  );
