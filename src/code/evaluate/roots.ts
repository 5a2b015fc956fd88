import type { Unit } from '../program/program';
import { call, invoke } from './interpreter/calls';
import { findMember, instantiate } from './interpreter/classes';
import type { UnitFacts } from './pieces/partition';
import type { CallPlace, Run } from './run';
import { isElsewhere } from './values/offset-space';
import type { Surroundings } from './pieces/surroundings';
import { goOtherWays } from './interpreter/other-ways';
import { runStatements } from './interpreter/statements';
import {
  functionOfUnit,
  argumentsFromOutside,
  tensorValue,
  type Arguments,
  type FunctionValue,
  type Value,
  type Frame,
  type Names,
} from './values/value';

/** What the words of a program say about where to begin. */
export interface Mentions {
  /** True where a text mentions a layer, or something of the file that leads to one. */
  leadsToLayer(text: string): boolean;
  /** True where another unit mentions the name. */
  isMentionedElsewhere(name: string, facts: UnitFacts): boolean;
}

/** Runs the statements of units in order. Functions are known from the start, as they are when anything is called. */
export function runModule(run: Run, units: readonly UnitFacts[], scope: Names, surroundings: Surroundings): void {
  for (const { unit } of units) declare(run, scope, unit);
  for (const facts of units) {
    const { unit } = facts;
    if (unit.functionName === null) surroundings.around(facts, scope, () => runStatements(run, frameAt(scope, unit.base), unit.lower()));
    else if (scope.get(unit.functionName)?.kind !== 'function') declare(run, scope, unit);
  }
}

function declare(run: Run, scope: Names, unit: Unit): void {
  if (unit.functionName === null) return;
  const value = functionOfUnit(unit, unit.functionName, scope, unit.base, null);
  run.functions.push(value);
  scope.set(unit.functionName, value);
}

/** Runs what the module defines but does not run: first what nothing else mentions, which knows the arguments of the rest. */
export function runRoots(run: Run, units: readonly UnitFacts[], scope: Names, mentions: Mentions): void {
  for (const value of [...scope.values()]) {
    // `ResNet18 = partial(ResNet, …)`, for others to call.
    if (value.kind === 'partial' && isOfFile(value.callee)) call(run, value, argumentsFromOutside, nowhere(scope));
  }
  // What the module itself builds runs first: it may give others their arguments.
  runIdleInstances(run, scope);
  const definitions = units.flatMap((facts) => (facts.definition === null ? [] : [{ facts, name: facts.definition }]));
  const roots = definitions.filter(({ facts, name }) => !mentions.isMentionedElsewhere(name, facts));
  for (const { facts, name } of [...roots, ...definitions]) {
    if (!mentions.leadsToLayer(facts.unit.text)) continue;
    const value = scope.get(name);
    if (value?.kind === 'function' && !run.executed.has(value.base)) invoke(run, value, argumentsFromOutside, nowhere(scope));
    else if (value?.kind === 'class' && !run.built.has(value)) instantiate(run, value, argumentsFromOutside, nowhere(scope));
    runIdleInstances(run, scope);
  }
  runIdleFunctions(run, scope, mentions);
  goOtherWays(run, () => {
    runIdleInstances(run, scope);
  });
}

/** A class or function of the file, also behind further partials. */
function isOfFile(value: Value): boolean {
  return value.kind === 'class' || value.kind === 'function' || (value.kind === 'partial' && isOfFile(value.callee));
}

/** Runs the models and layers that the file builds but never calls. */
function runIdleInstances(run: Run, scope: Names): void {
  // Running one may build more; those wait for their own turn in the same loop.
  for (; run.idle < run.instances.length; run.idle++) {
    const instance = run.instances[run.idle];
    if (instance === undefined || instance.hasRun || isElsewhere(instance.class.base)) continue;
    instance.hasRun = true;
    for (const name of run.traits.callMethods) {
      const method = findMember(instance.class, name);
      if (method?.kind === 'function') invoke(run, { ...method, receiver: instance }, mapsFor(method), nowhere(scope));
    }
  }
}

/** Feature maps for the parameters without default of a method that runs a layer. */
function mapsFor(method: FunctionValue): Arguments {
  const parameters = method.definition()?.parameters ?? [];
  const given = parameters.filter(({ kind, fallback }) => kind === 'plain' && fallback === null).map(() => tensorValue());
  return { ...argumentsFromOutside, positional: given };
}

/** Runs the functions that nothing has called: closures, callbacks, methods with names of their own. */
function runIdleFunctions(run: Run, scope: Names, mentions: Mentions): void {
  for (let index = 0; index < run.functions.length; index++) {
    const value = run.functions[index];
    if (value === undefined) continue;
    // What has a text of its own starts where its text does.
    if (value.text !== null && (run.executed.has(value.base) || !mentions.leadsToLayer(value.text))) continue;
    const definition = value.definition();
    if (definition === undefined || run.executed.has(value.base + definition.start)) continue;
    const receiver = value.owner === null ? null : (run.built.get(value.owner) ?? null);
    call(run, { ...value, receiver }, argumentsFromOutside, nowhere(scope));
    runIdleInstances(run, scope);
  }
}

function frameAt(scope: Names, base: number): Frame {
  return { scope, base, receiver: null, owner: null, call: null, caller: null, definer: null, result: null };
}

/** The place of a call that no one has written. */
function nowhere(scope: Names): CallPlace {
  return { frame: frameAt(scope, 0), range: { start: -1, end: -1 }, callee: '', syntax: [] };
}
