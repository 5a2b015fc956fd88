import type { BinaryOperator, Expression, Located } from './expression';
import type { Unit } from './program';

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
