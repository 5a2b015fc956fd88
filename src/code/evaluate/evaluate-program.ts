import type { Catalogue } from '../frameworks/catalogue';
import type { Program, Unit } from '../program/program';
import type { SourceRange } from '../finding';
import { call, invoke } from './calls';
import { findMember, instantiate } from './classes';
import { rangeKey, type Frame } from './frame';
import { relevance, type Relevance, type WordIndex } from './relevance';
import { Repeats } from './repeats';
import type { LanguageTraits, Run } from './run';
import { Scope } from './scope';
import type { LayerSite } from './site';
import { runStatements } from './statements';
import { functionOfUnit, noArguments, tensorValue, type ClassValue, type FunctionValue, type InstanceValue, type Value } from './value';

/** Expressions that one lint may evaluate: enough for thousands of lines of models, and an end to hostile ones. */
const budget = 400_000;

/** What evaluating a program has found. */
export interface Evaluation {
  readonly sites: readonly LayerSite[];
  /** Whether the activation at a range only ever reads the given convolution's output. */
  readsOnly(range: SourceRange, site: LayerSite): boolean;
}

/** Everything that evaluating needs besides the program. */
export interface EvaluationParts {
  readonly traits: LanguageTraits;
  readonly catalogue: Catalogue;
  readonly words: WordIndex;
}

/**
 * Runs a program abstractly: module statements in order, then what nothing in the file calls, with its defaults, then what
 * is left. Calls are followed with their arguments, so that a stride is known where it is passed on.
 */
export function evaluateProgram(program: Program, source: string, parts: EvaluationParts): Evaluation {
  const run = startRun(source, parts);
  const scope = new Scope();
  const frameAt = (base: number): Frame => ({ scope, base, receiver: null, owner: null, call: null, caller: null, result: null });
  for (const unit of program.units) {
    if (unit.functionName !== null) declare(run, scope, unit);
  }
  for (const unit of program.units) {
    if (unit.functionName === null) runStatements(run, frameAt(unit.base), unit.lower());
    else if (scope.get(unit.functionName)?.kind !== 'function') declare(run, scope, unit);
  }
  runRoots(run, program, scope, parts.words, parts.catalogue);
  return {
    sites: [...run.sites.values()].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end),
    readsOnly: (range, site) => {
      const readers = run.activationReaders.get(rangeKey(range));
      return readers?.size === 1 && readers.has(site);
    },
  };
}

function startRun(source: string, { traits, catalogue }: EvaluationParts): Run {
  return {
    traits,
    source,
    sites: new Map(),
    activationReaders: new Map(),
    instances: [],
    functions: [],
    executed: new Set(),
    entries: new Map(),
    active: [],
    repeats: new Repeats(),
    wildcards: [],
    tensorMethods: catalogue.tensorMethods,
    budget,
    find: (path) => catalogue.find(path),
  };
}

function declare(run: Run, scope: Scope, unit: Unit): void {
  if (unit.functionName === null) return;
  const value = functionOfUnit(unit, unit.functionName, scope, unit.base, null);
  run.functions.push(value);
  scope.set(unit.functionName, value);
}

function runRoots(run: Run, program: Program, scope: Scope, words: WordIndex, catalogue: Catalogue): void {
  for (const value of scope.values()) {
    // `ResNet18 = partial(ResNet, …)`, for others to call.
    if (value.kind === 'partial') call(run, value, noArguments, nowhere(scope, null));
  }
  // What the module itself builds runs first: it may give others their arguments.
  runIdleInstances(run, scope);
  const named = program.units.map((unit) => ({ unit, name: unit.functionName ?? classNameOf(unit) }));
  const about = relevance(named, layerWordsOf(catalogue, program), words);
  const candidates = named.filter(({ unit }) => about.isRelevant(unit));
  const roots = candidates.filter(({ unit, name }) => name !== null && !about.isMentionedElsewhere(name, unit));
  for (const { unit, name } of [...roots, ...candidates]) {
    const value = name === null ? undefined : scope.get(name);
    if (value?.kind === 'function' && !run.executed.has(value.base)) invoke(run, value, noArguments, nowhere(scope, unit));
    else if (value?.kind === 'class' && !run.instances.some((instance) => derivesFrom(instance.class, value))) instantiate(run, value, noArguments, nowhere(scope, unit));
    runIdleInstances(run, scope);
  }
  runIdleFunctions(run, scope, about);
}

function classNameOf(unit: Unit): string | null {
  return /^(?:@[^\n]*\n\s*|export\s+|default\s+|abstract\s+|declare\s+)*class\s+([A-Za-z_$][\w$]*)/.exec(unit.text)?.[1] ?? null;
}

/** Last parts of the names of window layers, and other names that the file gives to what it imports. */
function layerWordsOf(catalogue: Catalogue, program: Program): ReadonlySet<string> {
  const words = new Set(catalogue.windowWords);
  for (const { text } of program.units) {
    if (!/^\s*(from|import|const|let|var)\b/.test(text)) continue;
    for (const [, original, alias] of text.matchAll(/([A-Za-z_$][\w$]*)\s*(?:\bas\b|:)\s*([A-Za-z_$][\w$]*)/g)) {
      if (original !== undefined && alias !== undefined && words.has(original)) words.add(alias);
    }
  }
  return words;
}

function derivesFrom(value: ClassValue, base: ClassValue): boolean {
  return value === base || value.bases.some((one) => one.kind === 'class' && derivesFrom(one, base));
}

/** The place of a call that no one has written. */
function nowhere(scope: Scope, unit: Unit | null) {
  const base = unit?.base ?? 0;
  const frame: Frame = { scope, base, receiver: null, owner: null, call: null, caller: null, result: null };
  const range: SourceRange = { start: -1, end: -1 };
  return { frame, range, callee: '', syntax: [] };
}

/** Runs the models and layers that the file builds but never calls. */
function runIdleInstances(run: Run, scope: Scope): void {
  // Running one may build more; those wait for their own turn in the same loop.
  for (let index = 0; index < run.instances.length; index++) {
    const instance = run.instances[index];
    if (instance === undefined || instance.hasRun) continue;
    instance.hasRun = true;
    for (const name of run.traits.callMethods) {
      const method = findMember(instance.class, name);
      if (method?.kind === 'function') invoke(run, { ...method, receiver: instance }, mapsFor(method), nowhere(scope, null));
    }
  }
}

/** Feature maps for the parameters without default of a method that runs a layer. */
function mapsFor(method: FunctionValue) {
  const parameters = method.definition()?.parameters ?? [];
  const given: Value[] = parameters.filter(({ kind, fallback }) => kind === 'plain' && fallback === null).map(() => tensorValue());
  return { positional: given, named: new Map(), open: false };
}

/** Runs the functions that nothing has called: closures, callbacks, methods with names of their own. */
function runIdleFunctions(run: Run, scope: Scope, about: Relevance): void {
  for (let index = 0; index < run.functions.length; index++) {
    const value = run.functions[index];
    if (value === undefined || (value.text !== null && !about.leadsToLayer(value.text))) continue;
    const definition = value.definition();
    if (definition === undefined || run.executed.has(value.base + definition.start)) continue;
    const receiver = value.owner === null ? null : instanceOf(run, value.owner);
    call(run, { ...value, receiver }, noArguments, nowhere(scope, null));
  }
}

function instanceOf(run: Run, owner: ClassValue): InstanceValue | null {
  return run.instances.find((instance) => derivesFrom(instance.class, owner)) ?? null;
}
