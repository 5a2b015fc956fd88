import type { Statement } from '../../program/program';
import { bindFields, call, invoke } from './calls';
import { evaluate } from './expressions';
import { buildLayer } from './layers';
import { isElsewhere } from '../values/offset-space';
import { runOnce } from '../values/repeats';
import { textOf, type CallPlace, type Run } from '../run';
import { Scope } from '../values/scope';
import { runStatements } from './statements';
import {
  alternatives,
  functionOfUnit,
  type Arguments,
  type ClassValue,
  type FunctionValue,
  type InstanceValue,
  type Value,
  type Frame,
} from '../values/value';

/** Evaluates a class statement: its bases, then its body, and binds its name. */
export function defineClass(run: Run, frame: Frame, { definition }: Extract<Statement, { kind: 'class' }>): void {
  const bases = definition.bases.flatMap((base) => alternatives(evaluate(run, frame, base)));
  const members = new Map<string, Value>();
  const fields: string[] = [];
  const value: ClassValue = { kind: 'class', definition, base: frame.base, scope: frame.scope, bases, members, fields };
  // JavaScript's static fields may already name their class.
  frame.scope.set(definition.name, value);
  const scope = new Scope(frame.scope);
  for (const unit of definition.members) {
    const base = frame.base + unit.base;
    if (unit.functionName !== null) {
      const member = functionOfUnit(unit, unit.functionName, frame.scope, base, value);
      members.set(unit.functionName, member);
      run.functions.push(member);
      continue;
    }
    const body: Frame = { scope, base, receiver: null, owner: value, call: null, caller: frame, definer: null, result: null };
    for (const statement of unit.lower()) {
      if (statement.kind === 'function') {
        const { definition: method } = statement;
        const member: FunctionValue = {
          kind: 'function',
          definition: () => method,
          name: method.name,
          scope: frame.scope,
          base,
          receiver: null,
          owner: value,
          definer: null,
          text: unit.text,
        };
        members.set(method.name, member);
        run.functions.push(member);
        continue;
      }
      runStatements(run, body, [statement]);
      if (statement.kind === 'assign' && statement.target.kind === 'name') {
        fields.push(statement.target.name);
        members.set(statement.target.name, scope.get(statement.target.name) ?? { kind: 'unknown' });
      }
    }
  }
}

/** A class and those of the file that it derives from, each once: bases of bases before the next base, as far down as they go. */
export function lineage(value: ClassValue): Iterable<ClassValue> {
  const seen = new Set<ClassValue>();
  const stack = [value];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const base of [...next.bases].reverse()) if (base.kind === 'class') stack.push(base);
  }
  return seen;
}

/** A method or class attribute, looked up along the bases. */
export function findMember(value: ClassValue, name: string): Value | undefined {
  const own = value.members.get(name);
  if (own !== undefined || value.bases.length === 0) return own;
  for (const one of lineage(value)) {
    const member = one.members.get(name);
    if (member !== undefined) return member;
  }
  return undefined;
}

/** The classes of frameworks and libraries that a class derives from, nearest first. */
export function foreignBases(value: ClassValue): readonly string[] {
  const found = new Set<string>();
  const seen = new Set<ClassValue>();
  const stack: Value[] = [value];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.kind === 'symbol') found.add(next.path);
    if (next.kind !== 'class' || seen.has(next)) continue;
    seen.add(next);
    stack.push(...[...next.bases].reverse());
  }
  return [...found];
}

/** A call of a class of the file. */
export function instantiate(run: Run, value: ClassValue, given: Arguments, place: CallPlace): InstanceValue {
  const made: Frame = { ...place.frame, call: place.range, caller: place.frame, definer: null, result: null };
  const instance: InstanceValue = {
    kind: 'instance',
    class: value,
    attributes: new Map(),
    made,
    layer: null,
    hasRun: false,
    lastRun: null,
  };
  run.instances.push(instance);
  noteBuilt(run, value, instance);
  const constructor = findMember(value, run.traits.constructorName);
  if (constructor?.kind === 'function') invoke(run, { ...constructor, receiver: instance }, given, place);
  else initialiseBase(run, instance, value, given, place);
  const setup = findMember(value, 'setup');
  if (setup?.kind === 'function' && setup.owner !== null) invokeOnce(run, { ...setup, receiver: instance }, place);
  return instance;
}

function noteBuilt(run: Run, value: ClassValue, instance: InstanceValue): void {
  for (const one of lineage(value)) if (!run.built.has(one)) run.built.set(one, instance);
}

function invokeOnce(run: Run, method: FunctionValue, place: CallPlace): void {
  invoke(run, method, { positional: [], named: new Map(), open: false }, place);
}

/** What the constructor of a framework's class does for a class of the file that derives from it. */
export function initialiseBase(run: Run, instance: InstanceValue, from: ClassValue, given: Arguments, place: CallPlace): void {
  for (const path of foreignBases(from)) {
    const found = run.find(path);
    if (found === undefined) continue;
    const outer = outermost(run, instance, place);
    // A call of the constructor says what it builds by the layer's name.
    const callee = /^(?:super|__init__)$/.test(outer.callee) ? path.slice(path.lastIndexOf('.') + 1) : outer.callee;
    const { frame, range, syntax } = outer;
    instance.layer = buildLayer(run, { found, importedAs: path, given, place: { frame, range, syntax, callee }, derived: true });
    return;
  }
  bindFields(instance, given);
}

/** The call in the program that makes an instance, however many constructors of bases lie between. */
function outermost(run: Run, instance: InstanceValue, place: CallPlace): CallPlace {
  let { frame, range, callee, syntax } = place;
  // A class that nothing of the file builds has its layer where its constructor calls the layer's.
  while (frame.receiver === instance && frame.call !== null && frame.call.start >= 0 && frame.caller !== null) {
    range = frame.call;
    frame = frame.caller;
    syntax = [];
    callee = /^[\w.$]+/.exec(textOf(run, range))?.[0] ?? callee;
  }
  return { frame, range, callee, syntax };
}

/** Runs an object as a layer on a feature map. What another file's class does with a map is judged with that file. */
export function runInstance(run: Run, instance: InstanceValue, given: Arguments, place: CallPlace): Value | undefined {
  if (isElsewhere(instance.class.base) && instance.layer === null) return undefined;
  for (const name of run.traits.callMethods) {
    const method = findMember(instance.class, name);
    if (method?.kind !== 'function') continue;
    instance.hasRun = true;
    return runOnce(run.repeats, instance, given, () => invoke(run, { ...method, receiver: instance }, given, place));
  }
  return instance.layer === null ? undefined : call(run, instance.layer, given, place);
}
