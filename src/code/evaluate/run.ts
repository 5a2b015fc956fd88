import type { FoundCallable } from '../frameworks/catalogue';
import type { Argument } from '../program/program';
import type { SourceRange } from '../finding';
import type { Repeats } from './values/repeats';
import type { LayerSite } from './sites/site';
import type { ClassValue, FunctionValue, InstanceValue, Frame } from './values/value';

/** What differs between languages when a program runs. */
export interface LanguageTraits {
  readonly constructorName: string;
  /** True where methods receive the instance as their first parameter, false where as `this`. */
  readonly explicitReceiver: boolean;
  /** Methods that run a layer when it is called, after the framework's own. */
  readonly callMethods: readonly string[];
}

/** State of one evaluation of a program, shared by all its parts. */
export interface Run {
  readonly traits: LanguageTraits;
  readonly source: string;
  /** By `rangeKey` of the call. */
  readonly sites: Map<string, LayerSite>;
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
  /** Modules of `from module import *`. */
  readonly wildcards: string[];
  /** Expressions that may still be evaluated; a hostile program ends here. */
  budget: number;
  /** Names that the module imports: a parameter of such a name is no feature map. */
  readonly imported: ReadonlySet<string>;
  /** Methods of feature maps and the operations that they are, in the frameworks that the module imports. */
  readonly tensorMethods: ReadonlyMap<string, FoundCallable>;
  find(path: string): FoundCallable | undefined;
}

/** One call in the program: where it stands and what it looks like. */
export interface CallPlace {
  readonly frame: Frame;
  readonly range: SourceRange;
  readonly callee: string;
  readonly syntax: readonly Argument[];
}
