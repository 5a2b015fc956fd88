import { t } from '@vscode/l10n';
import { codeLimits } from '../../core/limits';
import type { FoundCallable } from '../frameworks/catalogue';
import type { FrameworkTable } from '../frameworks/table';
import type { Argument } from '../program/program';
import type { SourceRange } from '../finding';
import type { Modules } from './modules';
import { isElsewhere } from './values/offset-space';
import type { OtherArgument } from './values/doubt';
import type { Repeats } from './values/repeats';
import type { LayerSite, SlicedPart } from './sites/site';
import { JudgingStopped, requireItems, requireLength, type Deadline } from '../program/stop';
import type { ClassValue, FunctionValue, InstanceValue, Frame, TensorValue, Value } from './values/value';

/** What differs between languages when a program runs. */
export interface LanguageTraits {
  readonly constructorName: string;
  /** True where methods receive the instance as their first parameter, false where as `this`. */
  readonly explicitReceiver: boolean;
  /** Methods that run a layer when it is called, after the framework's own. */
  readonly callMethods: readonly string[];
  /** A number, text, truth or nothing as the language writes it; null for any other value. */
  spell(value: Value): string | null;
}

/**
 * Expressions that may still be evaluated of the judged document, and of the files that it imports: what a library costs is not taken from
 * what the document's own layers may cost.
 */
export interface Purses {
  document: number;
  imported: number;
}

/** What evaluating a source may cost. */
export function fullPurses(): Purses {
  return { document: codeLimits.expressions, imported: codeLimits.importedExpressions };
}

/** Why calls of imported functions are no longer followed; null as long as they are. */
export function importsSpent({ left }: Run): string | null {
  return left.imported > 0
    ? null
    : t`it takes more than the ${codeLimits.importedExpressions} expressions of other files that are evaluated`;
}

/** State of one evaluation of a program, shared by all its parts. */
export interface Run {
  readonly traits: LanguageTraits;
  readonly source: string;
  /** By `rangeKey` of the call. */
  readonly sites: Map<string, LayerSite>;
  /** Slices with steps of one map, by where they begin: of the map itself, or of an expression of which nothing is known. */
  readonly slices: Map<TensorValue | string, SlicedPart[]>;
  /** How many strides of layers have been seen. */
  cases: number;
  /** Expressions that activate a feature map, with the convolutions whose output has been seen there; null for any other map. */
  readonly activationReaders: Map<string, Set<LayerSite | null>>;
  readonly instances: InstanceValue[];
  /** First instance of each class, bases included. */
  readonly built: Map<ClassValue, InstanceValue>;
  /** How many instances have been looked at for one that nothing runs. */
  idle: number;
  /** Functions that came into being, to run at the end what nothing has called. */
  readonly functions: FunctionValue[];
  /** Start offsets of the functions that have been entered. */
  readonly executed: Set<number>;
  /** How often each function has been entered. */
  readonly entries: Map<number, number>;
  /** Functions that are running now, outermost first. */
  readonly active: number[];
  readonly repeats: Repeats;
  /** Other arguments of parameters that decided a test: to be tried once the rest has run. */
  readonly otherWays: OtherArgument[];
  /** What has been noted there, so that each test is tried once. */
  readonly seenOtherWays: Set<string>;
  /** The one that is being tried. */
  otherArgument: OtherArgument | null;
  /** Modules of `from module import *`. */
  readonly wildcards: Set<string>;
  /** Expressions that may still be evaluated; a hostile program ends here. */
  readonly left: Purses;
  /** Whose code is running, and so pays. */
  payer: keyof Purses;
  /** When evaluating has to end, and the expressions until the clock is looked at next. */
  readonly deadline: Deadline;
  untilLook: number;
  /** Expressions under evaluation at this moment. */
  depth: number;
  /** Why something was not followed to its end, where the rest still was. */
  cut: string | null;
  /** Names that the module imports: a parameter of such a name is no feature map. */
  readonly imported: ReadonlySet<string>;
  /** Methods of feature maps and the operations that they are, in the frameworks that the module imports. */
  readonly tensorMethods: ReadonlyMap<string, FoundCallable>;
  /** Frameworks that the module imports, in the order of their registry. */
  readonly frameworks: readonly FrameworkTable[];
  /** The workspace around the program; null where it is judged alone. */
  readonly modules: Modules | null;
  find(path: string): FoundCallable | undefined;
}

/** The text of a range, whichever file it lies in. */
export function textOf({ source, modules }: Run, range: SourceRange): string {
  return modules !== null && isElsewhere(range.start) ? modules.textOf(range) : source.slice(range.start, range.end);
}

/** One call in the program: where it stands and what it looks like. */
export interface CallPlace {
  readonly frame: Frame;
  readonly range: SourceRange;
  readonly callee: string;
  readonly syntax: readonly Argument[];
}

/** Pays for work; whatever takes time in proportion to what a program makes pays for it. @throws JudgingStopped */
export function spend(run: Run, work: number): void {
  run.left[run.payer] -= work;
  if (run.left.document <= 0) throw new JudgingStopped(t`it takes more than the ${codeLimits.expressions} expressions that are evaluated`);
  run.untilLook -= work;
  if (run.untilLook > 0) return;
  run.untilLook = expressionsPerLook;
  if (run.deadline.hasPassed)
    throw new JudgingStopped(t`it takes more than the ${codeLimits.milliseconds / 1000} seconds that judging may take`);
}

/** Expressions between two looks at the clock. */
const expressionsPerLook = 64;

/** Items, and characters, copied for the price of an expression. */
const itemsPerExpression = 16;
const charactersPerExpression = 256;

/** Pays for what an expression made, and ends what grows without end. @throws JudgingStopped */
export function paid(run: Run, value: Value): Value {
  if (value.kind === 'union') for (const one of value.values) paid(run, one);
  const size = value.kind === 'list' ? value.items.length : value.kind === 'record' ? value.entries.size : 0;
  requireItems(size);
  if (size >= itemsPerExpression) spend(run, Math.floor(size / itemsPerExpression));
  if (value.kind === 'string') payText(run, value.value.length);
  return value;
}

function payText(run: Run, length: number): void {
  requireLength(length);
  if (length >= charactersPerExpression) spend(run, Math.floor(length / charactersPerExpression));
}
