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
    /** `from:to:step` in an index; null for what is left out. */
    | { readonly kind: 'slice'; readonly from: Expression | null; readonly to: Expression | null; readonly step: Expression | null }
    /** `...` in an index: all axes between. */
    | { readonly kind: 'ellipsis' }
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

/** What can stand left of `=` or be a parameter of a function. */
export type Target =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
  | { readonly kind: 'subscript'; readonly object: Expression; readonly index: Expression }
  /** `a, *rest = …`, `[a, b] = …`; null for a hole. */
  | {
      readonly kind: 'items';
      readonly targets: readonly (ItemTarget | null)[];
      /** Index of the starred target, or -1. */ readonly rest: number;
    }
  /** `{a, b: c = 1, ...rest} = …` */
  | { readonly kind: 'entries'; readonly entries: readonly TargetEntry[]; readonly rest: Target | null };

/** One place of a list pattern. */
export interface ItemTarget {
  readonly target: Target;
  readonly fallback: Expression | null;
}

export interface TargetEntry {
  readonly key: string;
  readonly target: Target;
  readonly fallback: Expression | null;
}

export interface Parameter {
  /** A name, or JavaScript's destructuring pattern. */
  readonly target: Target;
  /** `plain` can be given by position or by name; `keyword` by name only. */
  readonly kind: 'plain' | 'keyword' | 'rest-items' | 'rest-entries';
  readonly fallback: Expression | null;
}

export interface FunctionDefinition extends Located {
  /** Empty for lambdas and arrow functions. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  /** Names of the decorators as written, without arguments: `nn.compact`, `staticmethod`, `property`. */
  readonly decorators: readonly string[];
}

export interface ClassDefinition extends Located {
  readonly name: string;
  readonly bases: readonly Expression[];
  readonly decorators: readonly string[];
  /** Methods, fields and other statements of the body; their bases are relative to this definition's own unit. */
  readonly members: readonly Unit[];
}

/** One name that an import binds. */
export interface ImportBinding {
  readonly local: string;
  /** Module and export joined by dots: `torch.nn.functional`, `@tensorflow/tfjs.layers`, `.blocks.conv3x3`. */
  readonly path: string;
}

/** What Python and JavaScript statements have in common for following values. */
export type Statement = Located &
  (
    | { readonly kind: 'expression'; readonly expression: Expression }
    /** `operator` is set for `+=` and the like. */
    | { readonly kind: 'assign'; readonly target: Target; readonly operator: BinaryOperator | null; readonly value: Expression }
    | { readonly kind: 'import'; readonly bindings: readonly ImportBinding[] }
    | { readonly kind: 'function'; readonly definition: FunctionDefinition }
    | { readonly kind: 'class'; readonly definition: ClassDefinition }
    | { readonly kind: 'if'; readonly test: Expression; readonly body: readonly Statement[]; readonly orelse: readonly Statement[] }
    | { readonly kind: 'for'; readonly target: Target; readonly iterable: Expression; readonly body: readonly Statement[] }
    /** `while`, and the classic `for` of JavaScript. */
    | { readonly kind: 'loop'; readonly body: readonly Statement[] }
    /** Exactly one of the branches runs, or none: `try`/`except`, `switch`, `match`. */
    | { readonly kind: 'branches'; readonly branches: readonly (readonly Statement[])[] }
    /** `with`, a bare block. */
    | { readonly kind: 'block'; readonly body: readonly Statement[] }
    | { readonly kind: 'return'; readonly value: Expression | null }
    /** `raise`, `throw`, `break`, `continue`: what follows in this block is not reached. */
    | { readonly kind: 'leave' }
    /** `export default`, `module.exports = …`, `del`: evaluated for the layers inside. */
    | { readonly kind: 'other'; readonly parts: readonly Expression[] }
  );

/**
 * A statement of the module or of a class body: the piece that is lowered by itself, when it is first needed, and kept for
 * as long as its text stays the same. Positions inside are relative to `base`, so that an edit above moves it for free.
 */
export interface Unit {
  /** Offset of its first character: absolute for units of the module, else relative to the unit around it. */
  readonly base: number;
  readonly text: string;
  /** Name of the function it defines, if it does nothing else: such a unit is lowered when it is called. */
  readonly functionName: string | null;
  /** Bounds of a class, or of several names, may make more than one statement of a unit. */
  lower(): readonly Statement[];
}

/** A source file as the evaluator sees it. */
export interface Program {
  readonly units: readonly Unit[];
}
