import type { SourceRange } from '../../finding';
import type { Callable } from '../../frameworks/callable';
import type { ClassDefinition, FunctionDefinition, Unit } from '../../program/program';
import type { LayerSite } from '../sites/site';

/** A parameter with a literal default, in a function that other files can call with another argument. */
export interface OpenParameter {
  readonly name: string;
  /** Where its default stands. */
  readonly range: SourceRange;
  /** Runs the function again with another argument in the place of this one. */
  again(argument: Value): void;
}

/** A way in which the truth of a value would be the other one. */
export interface Doubt {
  readonly parameter: OpenParameter;
  /** An argument that leads there. */
  readonly otherwise: Value;
}

export type Doubts = readonly Doubt[];

/** A number and the offset where it was written, or -1; the offset tells which call passed it. */
export interface NumberValue {
  readonly kind: 'number';
  readonly value: number;
  readonly at: number;
  readonly doubts?: Doubts;
  /** True for the default of a stride that only other files may give: it may be another one. */
  readonly isFromOutside?: boolean;
}

export interface ListValue {
  readonly kind: 'list';
  /** Grows as the program appends. */
  readonly items: Value[];
  /** True where more items may follow that are not known. */
  open: boolean;
}

export interface RecordValue {
  readonly kind: 'record';
  readonly entries: Map<string, Value>;
  open: boolean;
  /** True for options of a function that only other files call: they may hold more. */
  readonly isFromOutside?: boolean;
}

export interface FunctionValue {
  readonly kind: 'function';
  /** Lowered when first called. */
  readonly definition: () => FunctionDefinition | undefined;
  readonly name: string;
  readonly scope: Names;
  /** Absolute offset that the definition's positions are relative to. */
  readonly base: number;
  /** Instance that a method was read from. */
  readonly receiver: InstanceValue | null;
  /** Class whose body holds it. */
  readonly owner: ClassValue | null;
  /** The call of the function around it, for closures. */
  readonly definer: Frame | null;
  /** Source of a function of the module or of a class, null for one inside another. */
  readonly text: string | null;
}

export interface ClassValue {
  readonly kind: 'class';
  readonly definition: ClassDefinition;
  readonly base: number;
  readonly scope: Names;
  readonly bases: readonly Value[];
  /** Methods and class attributes. */
  readonly members: Map<string, Value>;
  /** Annotated or assigned names of the body in order: fields of a dataclass. */
  readonly fields: readonly string[];
}

/** An object of a class of the file. */
export interface InstanceValue {
  readonly kind: 'instance';
  readonly class: ClassValue;
  readonly attributes: Map<string, Value>;
  /** The call that made it. */
  readonly made: Frame;
  /** The framework's layer that it is by inheritance, once its constructor has run. */
  layer: LayerValue | null;
  /** True once the method that runs it has been evaluated. */
  hasRun: boolean;
  /** What it gave when it was run last, and on what. */
  lastRun: { readonly key: string; readonly result: Value } | null;
}

/** A layer object of a framework. */
export interface LayerValue {
  readonly kind: 'layer';
  readonly callable: Callable;
  /** The window layer's record; null for activations, containers and the like. */
  readonly site: LayerSite | null;
  /** The call that built it. */
  readonly built: SourceRange;
  /** True for a low-pass filter that keeps every sample: what follows it may drop some. */
  readonly smooths: boolean;
  /** Layers that a sequence runs, in order. */
  readonly items: ListValue | null;
  /** What the sequence's last layer gives, for layers that are added later. */
  tail: Value | null;
}

/** A feature map. */
export interface TensorValue {
  readonly kind: 'tensor';
  /** The convolution whose activation has not come yet. */
  readonly pending: LayerSite | null;
  /** True for the direct output of a low-pass filter. */
  readonly blurred: boolean;
  /** The average-pool that made it. */
  readonly averaged: LayerSite | null;
  /** The subsampling blur between it and a convolution whose activation has not come yet. */
  readonly early: LayerSite | null;
  /** True once something has read it. */
  consumed: boolean;
}

/** A tensor of numbers that are not trained: a buffer, a constant, and what is computed from such. */
export interface KernelValue {
  readonly kind: 'kernel';
  /** False where a number of it is known to be negative, which no low-pass filter's is that people write. */
  readonly isLowPass: boolean;
}

/** How many samples a feature map has along an axis, or along several: `x.size(-1)`, `x.shape[2:]`. */
export interface ExtentValue {
  readonly kind: 'extent';
  /** The map; null where nothing is known of it. */
  readonly of: TensorValue | null;
  /** What the number has been divided by. */
  readonly divisor: number;
}

/** An axis of an index: `from:to:step`, or `...` for all axes between. */
export interface SliceValue {
  readonly kind: 'slice';
  readonly isEllipsis: boolean;
  readonly from: Value;
  readonly to: Value;
  readonly step: Value;
}

export type Value =
  | { readonly kind: 'unknown' }
  | NumberValue
  | { readonly kind: 'string'; readonly value: string; readonly doubts?: Doubts }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly doubts?: Doubts }
  | { readonly kind: 'none'; readonly doubts?: Doubts }
  | ListValue
  | RecordValue
  /** Something imported: `torch.nn.MaxPool2d`; by which file, where files of the workspace may define it. */
  | { readonly kind: 'symbol'; readonly path: string; readonly from?: string }
  | FunctionValue
  | ClassValue
  | InstanceValue
  | LayerValue
  | TensorValue
  | KernelValue
  | ExtentValue
  | SliceValue
  /** A method of a value that is not of the file's own classes: `layers.append`. */
  | { readonly kind: 'method'; readonly receiver: Value; readonly name: string }
  | { readonly kind: 'super'; readonly instance: InstanceValue; readonly owner: ClassValue }
  /** `functools.partial`. */
  | { readonly kind: 'partial'; readonly callee: Value; readonly given: Arguments }
  /** One of several, after a branch. */
  | { readonly kind: 'union'; readonly values: readonly Value[] };

/** The names of a module, class or function and what they stand for; those around are seen through them. */
export interface Names {
  /** The value of a name here or around; undefined where nothing binds it. */
  get(name: string): Value | undefined;
  /** The values bound here, without those of the scopes around. */
  values(): Iterable<Value>;
  /** Whether the name is bound here, not only around. */
  has(name: string): boolean;
  /** How many names are bound here. */
  readonly size: number;
  remove(name: string): void;
  set(name: string, value: Value): void;
  /** Runs alternatives from the same start and joins what they leave behind. A branch returns false where it does not end. */
  branch(branches: readonly (() => boolean)[]): boolean;
}

/** One activation of a function, class body or module. */
export interface Frame {
  readonly scope: Names;
  /** Absolute offset that positions in the running code are relative to. */
  readonly base: number;
  readonly receiver: InstanceValue | null;
  /** Class whose method runs, for `super()`. */
  readonly owner: ClassValue | null;
  /** The call that led here, null for the module and for functions that nothing in the file calls. */
  readonly call: SourceRange | null;
  readonly caller: Frame | null;
  /** Where the running function was defined, for closures; where its object was made, for methods. */
  readonly definer: Frame | null;
  /** Join of what has been returned so far. */
  result: Value | null;
}

/** Arguments after evaluation. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  /** True where an unknown `*values` or `**options` may have given more. */
  readonly open: boolean;
  /**
   * True where options of a function that only other files call are passed on. What has a default keeps it on the ways through the file;
   * the stride of a layer that is built with such options is not known from the file.
   */
  readonly isFromOutside?: boolean;
}

export const unknown: Value = { kind: 'unknown' };
export const none: Value = { kind: 'none' };

export function numberValue(value: number, at = -1): Value {
  return { kind: 'number', value, at };
}

export function booleanValue(value: boolean, doubts: Doubts = []): Value {
  return doubts.length === 0 ? { kind: 'boolean', value } : { kind: 'boolean', value, doubts };
}

export function listValue(items: readonly Value[], open = false): ListValue {
  return { kind: 'list', items: [...items], open };
}

export function tensorValue(from: Partial<Omit<TensorValue, 'kind'>> = {}): TensorValue {
  return { kind: 'tensor', pending: null, blurred: false, averaged: null, early: null, consumed: false, ...from };
}

export const noArguments: Arguments = { positional: [], named: new Map(), open: false };

/** What a function is given that nothing of the file calls: its defaults, and options that are not seen. */
export const argumentsFromOutside: Arguments = { ...noArguments, isFromOutside: true };

/** The mark of what comes from outside, where one of the given has it. */
export function outsideOf(...given: readonly { readonly isFromOutside?: boolean }[]): { readonly isFromOutside?: true } {
  return given.some(({ isFromOutside }) => isFromOutside === true) ? { isFromOutside: true } : {};
}

/** More alternatives than this are not kept apart. */
const mostAlternatives = 8;

/** The alternatives of a value: itself, or those of a union. */
export function alternatives(value: Value): readonly Value[] {
  return value.kind === 'union' ? value.values : [value];
}

/** A value that is one of two. */
export function join(a: Value, b: Value): Value {
  if (a === b) return a;
  const values: Value[] = [...alternatives(a)];
  for (const value of alternatives(b)) {
    if (!values.some((known) => sameValue(known, value))) values.push(value);
  }
  const [only] = values;
  if (values.length === 1 && only !== undefined) return only;
  return values.length > mostAlternatives ? unknown : { kind: 'union', values };
}

function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'unknown':
    case 'none':
      return a.kind === b.kind;
    case 'number':
      return b.kind === 'number' && a.value === b.value && a.at === b.at;
    case 'string':
    case 'boolean':
      return b.kind === a.kind && a.value === b.value;
    case 'symbol':
      return b.kind === 'symbol' && a.path === b.path;
    default:
      return false;
  }
}

/** Truth of a value in a condition; undefined where it is not known. */
export function truth(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'number':
      return value.value !== 0;
    case 'string':
      return value.value !== '';
    case 'boolean':
      return value.value;
    case 'none':
      return false;
    case 'list':
      return value.items.length > 0 ? true : value.open ? undefined : false;
    case 'function':
    case 'class':
    case 'layer':
    case 'partial':
      return true;
    default:
      return undefined;
  }
}

/** A function that is lowered only when it is called. */
export function functionOfUnit(unit: Unit, name: string, scope: Names, base: number, owner: ClassValue | null): FunctionValue {
  const definition = () => {
    const [statement] = unit.lower();
    return statement?.kind === 'function' ? statement.definition : undefined;
  };
  return { kind: 'function', definition, name, scope, base, receiver: null, owner, definer: null, text: unit.text };
}
